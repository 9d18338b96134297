import type { Channel } from '../message/channel.ts';
import { REFUSAL_REASONS } from '../invite/refusal-reasons.ts';

/** Reasons as they are stored, in words that finish a sentence after a colon. */
const WORDS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(REFUSAL_REASONS).map(([code, say]) => [code, lowered(say.replace(/(?:; .*)?\.$/, ''))])),
  // The vendor refused, for good.
  mailbox_unavailable: 'the recipient\'s server knows no such mailbox',
  mailbox_full: 'the mailbox is full',
  recipient_refused: 'the recipient\'s server refused this recipient',
  sender_refused: 'the mail server refused our sender address',
  too_large: 'the message was too large for the mail server',
  rejected: 'the mail server rejected it by policy or content',
  invalid_message: 'the message was not fit to be sent',
  undeliverable: 'the recipient\'s server put it off too many times',
  bounced: 'the message bounced for good',
  opted_out: 'the recipient opted out',
  number_unavailable: 'the number takes no SMS',
  handset_unreachable: 'the phone was switched off or out of reach',
  filtered: 'the SMS vendor or a carrier took it for spam',
  internal_error: 'it could not be written or sent, by a fault of ours',
  // The vendor said later, or could not be asked.
  deferred: 'the recipient\'s server said "later"',
  server_busy: 'the mail server took no more connections for now',
  cannot_connect: 'the mail server could not be reached',
  connection_lost: 'the connection to the mail server was lost before the message had left',
  timed_out: 'the mail server did not answer in time',
  smtp_auth_failed: 'the mail server refused our login',
  smtp_tls_failed: 'no secure connection to the mail server was possible',
  smtp_protocol_error: 'the mail server broke off the session',
  transport_closed: 'this worker was shutting down',
  rate_limited: 'the SMS vendor took no more messages for now',
  quiet_hours: 'the SMS vendor sends nothing to this recipient at this hour',
  sms_account_refused: 'the SMS vendor refused our account',
  sms_off: 'no SMS vendor is set up here',
  // Nobody knows.
  no_answer: 'the whole message had left and the answer never came',
  unclear_answer: 'the mail server\'s answer was not clear',
  sender_lost: 'the sender was lost while it was on the wire',
  // Suppressions.
  unsubscribe: 'the recipient opted out',
  hard_bounce: 'the address bounced for good',
  complaint: 'the recipient complained',
  sms_stop: 'the recipient answered STOP',
  manual: 'somebody of the tenant\'s put the address on the list',
  legal: 'for a legal reason',
  // Openings that do not count.
  head: 'only the header was asked for, as link checkers do',
  prefetch: 'a browser fetched it ahead of anybody\'s click',
  preview: 'a messenger or mail program made a preview',
  bot: 'a program opened it, not a person',
  repeat: 'the same visitor had opened it within the hour',
};

/** What the same codes mean of a text. */
const WORDS_OF_SMS: Readonly<Record<string, string>> = {
  opted_out: 'the recipient told the SMS vendor to stop',
  recipient_refused: 'the phone or its carrier blocked it',
  sender_refused: 'the SMS vendor refused the number it came from',
  too_large: 'the text was too long for the SMS vendor',
  rejected: 'the SMS vendor refused it, or gave no reason',
  expired: 'its life ended in the SMS vendor\'s queue',
  bounced: 'it could not be delivered',
  deferred: 'the SMS vendor said "later"',
  cannot_connect: 'the SMS vendor could not be reached',
  no_answer: 'the request had left and the SMS vendor\'s answer never came',
  unclear_answer: 'the SMS vendor\'s answer was not clear',
  hard_bounce: 'the number takes no SMS',
};

/** A stored reason in plain words; one this table does not know is shown as it is. */
export function sayCode(code: string | null, channel: Channel = 'email'): string {
  if (code === null) return 'no reason was given';
  if (channel === 'sms' && Object.hasOwn(WORDS_OF_SMS, code)) return WORDS_OF_SMS[code] ?? code;
  return Object.hasOwn(WORDS, code) ? (WORDS[code] ?? code) : code.replaceAll('_', ' ');
}

/** A sentence with its beginning made large. */
export function capitalized(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

function lowered(text: string): string {
  return `${text.charAt(0).toLowerCase()}${text.slice(1)}`;
}

/** `the invitation`, `reminder 1`, `the invitation as a text`. */
export function messageName(step: number, channel: Channel = 'email'): string {
  const name = step === 0 ? 'the invitation' : `reminder ${String(step)}`;
  return channel === 'sms' ? `${name} as a text` : name;
}
