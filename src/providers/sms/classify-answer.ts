import { z } from 'zod';
import type { HandOff } from '../transport.ts';
import { phoneless } from './phoneless.ts';
import { verdictOn } from './twilio-errors.ts';

/** An HTTP answer in full: `body` as parsed JSON, or as text where it is none. */
export type Answer = { readonly status: number; readonly body: unknown; readonly retryAfter: string | undefined };

/** How a request without an answer ended. `left`: bytes of it may have reached the vendor. */
export type Silence = { readonly left: boolean; readonly code: string | undefined; readonly closed: boolean };

const created = z.object({ sid: z.string().regex(/^[A-Z]{2}[0-9a-f]{32}$/), status: z.string(), error_code: z.number().nullish() });
const refused = z.object({ code: z.number(), message: z.string().catch('') });

const CONNECT_RETRY_MS = 15_000;
const BUSY_RETRY_MS = 30_000;
const ACCOUNT_RETRY_MS = 300_000;
const LONGEST_PAUSE_MS = 3_600_000;

/**
 * What the answer to a "create message" means. Only the vendor's own words refuse a message: 5xx may come after it was
 * taken ("not safe to retry", error 20500), and an answer we cannot read says nothing.
 */
export function classifyAnswer(answer: Answer): HandOff {
  const { status, body } = answer;
  if (status === 429) return { outcome: 'retry', reason: 'rate_limited', retryAfterMs: pauseOf(answer.retryAfter), detail: said(status, body) };
  if (status >= 200 && status < 300) return classifyCreated(answer);
  const words = refused.safeParse(body);
  if (status === 401 && !words.success) return ourAccount(status, body);
  if (status >= 500 || status < 400 || !words.success) return { outcome: 'unknown', reason: 'unclear_answer', detail: said(status, body) };
  const verdict = verdictOn(words.data.code);
  if (verdict !== null) return { ...verdict, detail: said(status, body) };
  if (status === 401 || status === 403) return ourAccount(status, body);
  return { outcome: 'permanent', reason: 'rejected', suppress: false, detail: said(status, body) };
}

/** Credentials, rights, the account: the operator's to mend, no message's fault. */
function ourAccount(status: number, body: unknown): HandOff {
  return { outcome: 'retry', reason: 'sms_account_refused', retryAfterMs: ACCOUNT_RETRY_MS, detail: said(status, body) };
}

function classifyCreated({ status, body }: Answer): HandOff {
  const message = created.safeParse(body);
  if (!message.success) return { outcome: 'unknown', reason: 'unclear_answer', detail: said(status, body) };
  const { sid, status: state, error_code: code } = message.data;
  // no callback follows for the state a message is born with
  if (state === 'failed' || state === 'undelivered') {
    const verdict = verdictOn(code ?? 0);
    const detail = `HTTP ${status}, ${state}, code ${code ?? 'none'}`;
    return verdict === null ? { outcome: 'permanent', reason: 'rejected', suppress: false, detail } : { ...verdict, detail };
  }
  return { outcome: 'handed_off', providerMessageId: sid, receipt: phoneless(`HTTP ${status}, ${state}`) };
}

/** What no answer means: before anything was sent it may be tried again, after that nobody knows. */
export function classifySilence({ left, code, closed }: Silence): HandOff {
  const detail = phoneless(code ?? 'no answer');
  if (left) return { outcome: 'unknown', reason: 'no_answer', detail };
  if (closed) return TRANSPORT_CLOSED;
  return { outcome: 'retry', reason: 'cannot_connect', retryAfterMs: CONNECT_RETRY_MS, detail };
}

export const TRANSPORT_CLOSED: HandOff = { outcome: 'retry', retryAfterMs: 1_000, reason: 'transport_closed', detail: 'this process is shutting down' };

/** RFC 9110, 10.2.3, in its form of seconds; a date or nonsense gets our own pause. */
function pauseOf(retryAfter: string | undefined): number {
  const seconds = /^\s*(\d{1,9})\s*$/.exec(retryAfter ?? '')?.[1];
  return seconds === undefined ? BUSY_RETRY_MS : Math.min(LONGEST_PAUSE_MS, Math.max(1_000, Number(seconds) * 1000));
}

function said(status: number, body: unknown): string {
  const words = refused.safeParse(body);
  return words.success ? `HTTP ${status}, code ${words.data.code}: ${phoneless(words.data.message)}` : `HTTP ${status}`;
}
