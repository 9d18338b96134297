import type { MemberId } from '../ids.ts';

/**
 * What tells one person from another. All but the id are keyed hashes, never addresses: of the mailbox (as
 * `parseEmailAddress` folds it), of phone numbers, of payment means. What is not known is left out, and nothing unknown is alike.
 */
export type Person = {
  readonly memberId: MemberId;
  readonly mailboxes?: readonly string[] | undefined;
  readonly contacts?: readonly string[] | undefined;
  readonly payments?: readonly string[] | undefined;
};

export const SAME_BY = {
  member: 'They are the same member.',
  mailbox: 'Their e-mail addresses lead to one mailbox.',
  contact: 'They share a phone number or another contact.',
  payment: 'They pay by the same means.',
} as const;
export type SameBy = keyof typeof SAME_BY;

/** By what two are one person, the plainest proof first; null where nothing says so. */
export function sameBy(one: Person, other: Person): SameBy | null {
  if (one.memberId === other.memberId) return 'member';
  if (overlap(one.mailboxes, other.mailboxes)) return 'mailbox';
  if (overlap(one.contacts, other.contacts)) return 'contact';
  return overlap(one.payments, other.payments) ? 'payment' : null;
}

function overlap(one: readonly string[] = [], other: readonly string[] = []): boolean {
  return one.some((key) => key !== '' && other.includes(key));
}
