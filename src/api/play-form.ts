import express from 'express';
import type { Request, Response } from 'express';

/** What a question's form brought back; a number that is none is NaN. `choice` null: nothing was chosen. */
export type PlayAnswer = { readonly round: number; readonly n: number; readonly choice: number | null; readonly page: string };

const LIMIT_BYTES = 4_096;
const WHOLE = /^\d{1,3}$/;
const readBytes = express.raw({ type: () => true, limit: LIMIT_BYTES });

/** Reads the posted form (`application/x-www-form-urlencoded`); null where it is none of ours. A score that somebody adds is not looked at. */
export async function readPlayForm(request: Request, response: Response): Promise<PlayAnswer | null> {
  const failed = await new Promise<unknown>((settle) => { readBytes(request, response, settle); });
  const bytes: unknown = request.body;
  if (failed !== undefined || !Buffer.isBuffer(bytes)) return null;
  const fields = new URLSearchParams(bytes.toString('utf8'));
  const [round, n, choice, page] = ['round', 'n', 'choice', 'page'].map((name) => fields.get(name));
  if (round == null || n == null || page == null) return null;
  return { round: whole(round), n: whole(n), choice: choice == null ? null : whole(choice), page };
}

function whole(text: string): number {
  return WHOLE.test(text) ? Number(text) : Number.NaN;
}
