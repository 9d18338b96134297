import { z } from 'zod';
import { verdictOn } from './twilio-errors.ts';
import type { CodeVerdict } from './twilio-errors.ts';
import type { FormValues } from './twilio-signature.ts';

/** A status callback about one of our messages. */
export type StatusEvent = { readonly providerMessageId: string; readonly accountSid: string; readonly status: SmsStatus; readonly errorCode: number | null };

/** An SMS that somebody sent us. */
export type InboundSms = {
  readonly providerMessageId: string;
  readonly accountSid: string;
  /** E.164, or the short code of a service. */
  readonly from: string;
  readonly to: string;
  readonly text: string;
  /** The vendor's own verdict, where Advanced Opt-Out is on: it has replied then. */
  readonly optOutType: 'STOP' | 'START' | 'HELP' | null;
};

/** `other`: well-formed, but nothing we keep (a status or a channel we do not know); answer it as received. */
export type ReadEvent<Event> = { readonly outcome: 'ok'; readonly event: Event } | { readonly outcome: 'other'; readonly what: string } | { readonly outcome: 'invalid'; readonly why: string };

/** Statuses of an outgoing message, by how much they prove: a later one is never taken back by an earlier one. */
const PROOF = { accepted: 1, scheduled: 1, queued: 1, sending: 2, sent: 3, canceled: 4, failed: 4, undelivered: 4, delivered: 5, read: 6 } as const;
export type SmsStatus = keyof typeof PROOF;

const sid = z.string().regex(/^[A-Z]{2}[0-9a-f]{32}$/);
const code = z.string().regex(/^\d{0,6}$/).transform((digits) => (digits === '' || Number(digits) === 0 ? null : Number(digits)));
const statusForm = z.object({ MessageSid: sid, AccountSid: sid, MessageStatus: z.string().min(1).max(40), ErrorCode: code.optional() });
const party = z.string().regex(/^(?:\+?[0-9]{3,15}|[a-z]+:\S{1,200})$/);
const inboundForm = z.object({ MessageSid: sid, AccountSid: sid, From: party, To: party, Body: z.string().max(10_000).default(''), OptOutType: z.enum(['STOP', 'START', 'HELP']).nullish().catch(null) });

/** Reads the form of a status callback; the attempt it is about is named by the callback's path, not in here. */
export function readStatusCallback(form: FormValues): ReadEvent<StatusEvent> {
  const read = statusForm.safeParse(form);
  if (!read.success) return { outcome: 'invalid', why: faultyFields(read.error) };
  const { MessageSid, AccountSid, MessageStatus, ErrorCode } = read.data;
  if (!isStatus(MessageStatus)) return { outcome: 'other', what: `status ${MessageStatus.replace(/[^\w-]/g, '?')}` };
  return { outcome: 'ok', event: { providerMessageId: MessageSid, accountSid: AccountSid, status: MessageStatus, errorCode: ErrorCode ?? null } };
}

/** Reads the form of an inbound message. NUL, which no database keeps as text, is left out. */
export function readInboundSms(form: FormValues): ReadEvent<InboundSms> {
  const read = inboundForm.safeParse(form);
  if (!read.success) return { outcome: 'invalid', why: faultyFields(read.error) };
  const { MessageSid, AccountSid, From, To, Body, OptOutType } = read.data;
  if (From.includes(':') || To.includes(':')) return { outcome: 'other', what: `channel ${From.split(':')[0] ?? ''}` };
  return { outcome: 'ok', event: { providerMessageId: MessageSid, accountSid: AccountSid, from: From, to: To, text: Body.replaceAll('\0', ''), optOutType: OptOutType ?? null } };
}

/** What is known of a message from its callbacks so far; null: nothing. */
export type KnownStatus = { readonly status: SmsStatus; readonly errorCode: number | null } | null;

/**
 * Takes one more event in. Events come in any order, late and twice; all orders end alike: what proves more stays, and
 * `delivered` is never taken back. Of two failures the one with a code stays, of two codes the lower (any fixed rule would do).
 */
export function applyStatus(current: KnownStatus, { status, errorCode }: Pick<StatusEvent, 'status' | 'errorCode'>): Exclude<KnownStatus, null> {
  const next = { status, errorCode: PROOF[status] === PROOF.failed ? errorCode : null };
  if (current === null) return next;
  const more = PROOF[next.status] - PROOF[current.status];
  if (more !== 0) return more > 0 ? next : current;
  const [first, second] = [current, next].toSorted((a, b) => (a.errorCode ?? Infinity) - (b.errorCode ?? Infinity) || (a.status < b.status ? -1 : 1));
  return first ?? second ?? next;
}

/** What a known status says about the message in our words. Any status at all proves that it was handed over. */
export type StatusMeaning = { readonly kind: 'on_its_way' } | { readonly kind: 'delivered' } | { readonly kind: 'not_delivered'; readonly verdict: CodeVerdict };

/** A failure without a code, or with one we do not know, ends this message and says nothing about the number. */
export function meaningOf({ status, errorCode }: Exclude<KnownStatus, null>): StatusMeaning {
  if (PROOF[status] >= PROOF.delivered) return { kind: 'delivered' };
  if (PROOF[status] < PROOF.failed) return { kind: 'on_its_way' };
  return { kind: 'not_delivered', verdict: verdictOn(errorCode ?? 0) ?? { outcome: 'permanent', reason: 'rejected', suppress: false } };
}

/** What a status means for our records. `detail`: the vendor's words, without a number. */
export type StatusReport =
  | { readonly kind: 'on_its_way' | 'delivered' }
  | { readonly kind: 'not_delivered'; readonly reason: CodeVerdict['reason']; readonly detail: string; readonly suppress: boolean };

/** The report that a callback makes, or a line of the vendor's list; null: a status that we do not know. */
export function reportOf({ status, errorCode }: { readonly status: string; readonly errorCode: number | null }): StatusReport | null {
  if (!isStatus(status)) return null;
  const meaning = meaningOf(applyStatus(null, { status, errorCode }));
  if (meaning.kind !== 'not_delivered') return meaning;
  const { verdict } = meaning;
  return {
    kind: 'not_delivered',
    reason: verdict.reason,
    detail: `${status}${errorCode === null ? '' : `, code ${errorCode}`}`,
    suppress: verdict.outcome === 'permanent' && verdict.suppress,
  };
}

function isStatus(status: string): status is SmsStatus {
  return Object.hasOwn(PROOF, status);
}

function faultyFields(error: z.ZodError): string {
  return `missing or malformed: ${[...new Set(error.issues.map(({ path }) => String(path[0] ?? 'form')))].join(', ')}`;
}
