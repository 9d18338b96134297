import express from 'express';
import type { Request, Response } from 'express';
import { findUnusable } from './check-json.ts';
import { TIMED_OUT, within } from './deadline.ts';
import { findNamedTwice } from './find-named-twice.ts';
import { problem } from './problems.ts';
import type { Problem } from './problems.ts';

export const BODY_LIMIT_BYTES = 1_048_576;

const readBytes = express.raw({ type: () => true, limit: BODY_LIMIT_BYTES });
const TOO_LARGE = { status: 413 };
const utf8 = new TextDecoder('utf-8', { fatal: true });

export type ReadBody = Problem | { kind: 'body'; value: unknown };

/**
 * Reads the body as JSON; an empty one is `{}`, so that a route without a body takes none or an empty object. One that is
 * not there within `limitMs` is refused as too slow: so a slow client is never told that we are the ones who cannot answer.
 */
export async function readBody(request: Request, response: Response, limitMs: number): Promise<ReadBody> {
  const failed = await within(limitMs, new Promise<unknown>((settle) => {
    refuseEarly(request, () => { settle(TOO_LARGE); });
    readBytes(request, response, settle);
  }));
  if (failed === TIMED_OUT) return problem('request_too_slow');
  if (failed !== undefined) return refusalOf(failed);
  const bytes: unknown = request.body;
  if (!Buffer.isBuffer(bytes) || bytes.length === 0) return { kind: 'body', value: {} };
  if (!isJson(request.headers['content-type'])) return problem('unsupported_media_type');
  const text = decode(bytes);
  const value = text === null ? undefined : parse(text);
  if (text === null || value === undefined) return problem('malformed_json');
  const unusable = findUnusable(value) ?? findNamedTwice(text);
  return unusable === null ? { kind: 'body', value } : problem('invalid_request', { errors: [unusable] });
}

/** The parser reads a body that is too large to its end, which may never come, before it says so. */
function refuseEarly(request: Request, refuse: () => void): void {
  let left = BODY_LIMIT_BYTES;
  request.on('data', (piece: Buffer) => {
    left -= piece.length;
    if (left < 0) refuse();
  });
}

function decode(bytes: Buffer): string | null {
  try {
    return utf8.decode(bytes);
  } catch {
    return null; // no UTF-8
  }
}

function parse(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined; // JSON knows no undefined: it stands for "not JSON"
  }
}

function isJson(contentType: string | undefined): boolean {
  return /^application\/json\s*(;\s*charset\s*=\s*"?utf-8"?\s*)?$/i.test(contentType?.trim() ?? '');
}

/** The parser's errors carry the raw body: only their status is read. */
function refusalOf(failed: unknown): Problem {
  const status = typeof failed === 'object' && failed !== null && 'status' in failed ? failed.status : 0;
  switch (status) {
    case 413: return problem('body_too_large');
    case 415: return problem('unsupported_media_type');
    default: return problem('malformed_json', { detail: 'The body could not be read to its end.' });
  }
}
