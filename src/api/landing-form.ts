import express from 'express';
import type { Request, Response } from 'express';
import { LANDING_ANSWERS, REPORT_REASONS } from '../domain/landing/answers.ts';
import type { LandingAnswer, ReportReason } from '../domain/landing/answers.ts';

/** What came back from a landing page; null: no answer that we know. */
export type LandingForm = { readonly token: string; readonly answer: LandingAnswer | null; readonly reason: ReportReason };

const LIMIT_BYTES = 4_096;
const MOST_FIELDS = 20;
const NOTHING: LandingForm = { token: '', answer: null, reason: 'other' };
const readBytes = express.raw({ type: () => true, limit: LIMIT_BYTES });

/** Reads the posted form (`application/x-www-form-urlencoded`, as browsers send it). What is none, or too much, answers nothing. A report without a reason has another one. */
export async function readLandingForm(request: Request, response: Response): Promise<LandingForm> {
  const failed = await new Promise<unknown>((settle) => { readBytes(request, response, settle); });
  const bytes: unknown = request.body;
  if (failed !== undefined || !Buffer.isBuffer(bytes)) return NOTHING;
  const fields = new URLSearchParams(bytes.toString('utf8'));
  if (fields.size > MOST_FIELDS) return NOTHING;
  const [asked, why] = [fields.get('do'), fields.get('reason')];
  return {
    token: fields.get('token') ?? '',
    answer: LANDING_ANSWERS.find((known) => known === asked) ?? null,
    reason: REPORT_REASONS.find((known) => known === why) ?? 'other',
  };
}
