import type { OutgoingSms } from './sms/outgoing-sms.ts';

/**
 * The port to whatever carries a message to a person. An adapter translates its vendor's answers into four
 * outcomes and nothing else; what to do about them (again, suppress, settle by evidence) is the caller's.
 */

export type Mailbox = { readonly name?: string; readonly address: string };

/** One message to one recipient, ready for the wire. `messageId` is the RFC 5322 id with its angle brackets. */
export type OutgoingMessage = {
  readonly messageId: string;
  readonly from: Mailbox;
  readonly replyTo?: Mailbox;
  readonly to: Mailbox;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Files beside the text; left out: none. */
  readonly attachments?: readonly Attachment[];
};

/** A file by its bytes, never by a path or an address. `fileName`: letters, digits, dots, dashes and underscores. */
export type Attachment = { readonly fileName: string; readonly mediaType: 'application/pdf'; readonly content: Uint8Array };

export type RetryReason =
  | 'deferred' // the server said "later" to this message (4xx, greylisting)
  | 'server_busy' // the server said "later" to the connection (421, too many of them): no message's fault
  | 'cannot_connect'
  | 'connection_lost' // before the last byte of the message had left
  | 'timed_out'
  | 'smtp_auth_failed' // for an operator: the credentials or the account
  | 'smtp_tls_failed' // for an operator: certificate or missing STARTTLS
  | 'smtp_protocol_error' // for an operator: the server refused or broke the session
  | 'transport_closed';

export type SmsRetryReason =
  | 'rate_limited' // too many requests, or the vendor's queue is full
  | 'quiet_hours' // the vendor will not send to this recipient at this hour
  | 'sms_account_refused' // for an operator: the credentials, the account or its settings
  | 'sms_off'; // for an operator: no vendor is set up

export type RefusalReason =
  | 'mailbox_unavailable'
  | 'mailbox_full'
  | 'recipient_refused'
  | 'sender_refused'
  | 'too_large'
  | 'rejected' // by policy or content
  | 'invalid_message' // refused by ourselves, before the wire
  | 'opted_out' // the recipient told the vendor to stop
  | 'number_unavailable' // no number that takes SMS
  | 'handset_unreachable' // switched off, out of reach, unknown to its network for now
  | 'filtered' // for an operator: taken for spam by the vendor or a carrier
  | 'expired'; // its life ended in the vendor's queue

/**
 * `handed_off`: the vendor took responsibility. `retry`: nothing was accepted, so it may be tried again, not
 * before `retryAfterMs`. `permanent`: refused for good; `suppress` says that the address itself is bad.
 * `unknown`: the vendor may have it; never send again without evidence.
 * `receipt` and `detail` are the vendor's words, bounded and without addresses, fit for logs and `explain`.
 */
export type HandOff =
  | { readonly outcome: 'handed_off'; readonly providerMessageId: string; readonly receipt: string }
  | { readonly outcome: 'retry'; readonly retryAfterMs: number; readonly reason: RetryReason | SmsRetryReason; readonly detail: string }
  | { readonly outcome: 'permanent'; readonly reason: RefusalReason; readonly detail: string; readonly suppress: boolean }
  | { readonly outcome: 'unknown'; readonly reason: 'no_answer' | 'unclear_answer'; readonly detail: string };

export type Verified = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/** One of each channel. */
export type Transports = { readonly email: Transport; readonly sms: Transport<OutgoingSms, 'sms'> };

export type Transport<Message = OutgoingMessage, Channel extends string = 'email'> = {
  readonly channel: Channel;
  /** Whom messages leave by, as the breaker and an operator know it: `email:<host>`, `sms:twilio`. */
  readonly provider: string;
  /** How many messages are on the wire at once; more calls of `send` wait inside, in order. */
  readonly wireLimit: number;
  /** Hands one message over. Whatever the wire or the vendor does is an outcome; it does not throw. */
  send(message: Message): Promise<HandOff>;
  /** Connects and logs in without sending, for a check at start. */
  verify(): Promise<Verified>;
  /** Takes nothing new, lets what is on the wire finish within a bound, then cuts it (its outcome is still told). */
  close(): Promise<void>;
};
