import type { HandOff } from '../transport.ts';

type Permanent = Omit<Extract<HandOff, { outcome: 'permanent' }>, 'detail'>;
type Retry = Omit<Extract<HandOff, { outcome: 'retry' }>, 'detail'>;

/** What one of the vendor's error codes means for a message: it was not delivered, and the code says why. */
export type CodeVerdict = Permanent | Retry;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const badNumber: CodeVerdict = { outcome: 'permanent', reason: 'number_unavailable', suppress: true };
const unreachable: CodeVerdict = { outcome: 'permanent', reason: 'handset_unreachable', suppress: false };
const filtered: CodeVerdict = { outcome: 'permanent', reason: 'filtered', suppress: false };
const wrongSender: CodeVerdict = { outcome: 'permanent', reason: 'sender_refused', suppress: false };
const ourAccount: CodeVerdict = { outcome: 'retry', reason: 'sms_account_refused', retryAfterMs: 5 * MINUTE_MS };
const tooMuch: CodeVerdict = { outcome: 'retry', reason: 'rate_limited', retryAfterMs: MINUTE_MS };
/** The hour at which it may go is not told; the sender's own rules know better, this is a floor. */
const quietHours: CodeVerdict = { outcome: 'retry', reason: 'quiet_hours', retryAfterMs: HOUR_MS };

/**
 * The codes we know, from https://www.twilio.com/docs/api/errors: those from 20000 to 21999 answer the request, those from 30000 come later,
 * with the status `failed` or `undelivered`. Suppressing is for what will stay so: 30003 "temporarily unreachable" and
 * 30005 "unknown or inactive for now" name phones that may be back tomorrow, and numbers are handed on to others.
 */
const VERDICTS: ReadonlyMap<number, CodeVerdict> = new Map<number, CodeVerdict>([
  [21610, { outcome: 'permanent', reason: 'opted_out', suppress: true }],
  [21211, badNumber], // invalid To
  [21614, badNumber], // not a mobile number
  [21635, badNumber], // a landline
  [30006, badNumber], // a landline or an unreachable carrier
  [30003, unreachable],
  [30005, unreachable],
  [30008, unreachable], // undelivered, the carrier gives no reason
  [21612, unreachable], // no route to this number from this sender
  [30004, { outcome: 'permanent', reason: 'recipient_refused', suppress: false }], // blocked by the phone or its carrier
  [30007, filtered],
  [30019, { outcome: 'permanent', reason: 'too_large', suppress: false }],
  [21617, { outcome: 'permanent', reason: 'too_large', suppress: false }],
  [21602, { outcome: 'permanent', reason: 'invalid_message', suppress: false }],
  [30036, { outcome: 'permanent', reason: 'expired', suppress: false }],
  [21212, wrongSender], // invalid From
  [21606, wrongSender], // From cannot send SMS to this number
  [21659, wrongSender], // From is not ours
  [21660, wrongSender], // From is another account's
  [21408, wrongSender], // the account may not send to this region
  [30032, wrongSender], // toll-free number not verified
  [30034, wrongSender], // number without a registered campaign (A2P 10DLC)
  [20003, ourAccount], // authentication
  [20005, ourAccount], // account not active
  [21608, ourAccount], // trial account
  [21703, ourAccount], // messaging service without senders
  [21704, ourAccount],
  [30002, ourAccount], // account suspended
  [20429, tooMuch],
  [21611, tooMuch], // queue of the sender full
  [30001, tooMuch], // queue overflow
  [21730, { outcome: 'retry', reason: 'deferred', retryAfterMs: 10 * MINUTE_MS }], // maintenance
  [30610, quietHours],
  [30047, quietHours],
]);

/** What a code means, null for one that we do not know. */
export function verdictOn(code: number): CodeVerdict | null {
  return VERDICTS.get(code) ?? null;
}
