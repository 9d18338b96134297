/** One SMS to one recipient, ready for the wire. */
export type OutgoingSms = {
  /** E.164, with its plus. */
  readonly to: string;
  readonly text: string;
  /** What is left of the message's life when it is handed over. */
  readonly validityMs: number;
  /** Ours, unguessable: the last part of the status callback's path, so that a callback names the attempt it is about. */
  readonly attemptToken: string;
};

const E164 = /^\+[1-9]\d{6,14}$/;
const TOKEN = /^[\w.~-]{1,200}$/;
/** The vendor takes no longer body (its error 21617). */
const LONGEST_TEXT = 1600;

/** Why a message must not go on the wire; null: it may. What could reach two phones, or none, is refused here. */
export function faultIn(sms: OutgoingSms): string | null {
  if (!E164.test(sms.to)) return 'the recipient is not one number in E.164 form';
  if (sms.text.trim() === '') return 'the text is empty';
  if (sms.text.length > LONGEST_TEXT) return `the text is longer than ${LONGEST_TEXT} characters`;
  if (/[\0\p{Cs}]/u.test(sms.text)) return 'the text holds NUL or half a character';
  if (!TOKEN.test(sms.attemptToken)) return 'the attempt token does not fit into a path';
  return Number.isFinite(sms.validityMs) ? null : 'the remaining life is not a number';
}
