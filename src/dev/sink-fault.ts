/**
 * Where in the dialogue a sink can be made to fail:
 * `connect` instead of its greeting, `login` at AUTH (where the sink offers it), `mail` at MAIL FROM, `rcpt` at RCPT TO, `data` after DATA was let through, while the message is on its way,
 * `body` after the whole message and before it is kept, `answer` when it is kept (delivered!) and the 250 is due.
 */
export type SinkStage = 'connect' | 'login' | 'mail' | 'rcpt' | 'data' | 'body' | 'answer';

export type SinkMoment = {
  readonly stage: SinkStage;
  /** Empty before MAIL FROM. */
  readonly from: string;
  /** The recipients named so far; at `rcpt` the last one is the one in question. */
  readonly to: readonly string[];
};

/** What then happens. `code` is an SMTP reply code from 400 to 599 (RFC 5321, section 4.2). A stalled dialogue stays open and silent. */
export type SinkFault =
  | { readonly kind: 'refuse'; readonly code: number; readonly text?: string }
  | { readonly kind: 'drop' }
  | { readonly kind: 'stall' }
  | { readonly kind: 'delay'; readonly delayMs: number };

/** Asked at each stage of each message; undefined: all goes well. */
export type FaultPlan = (moment: SinkMoment) => SinkFault | undefined;
