import { inviteId, type BatchId, type InviteId, type ReferralId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';

/** What a story is about. */
export type StorySubject = InviteId | ReferralId;

/** `ready`: it may be opened until `expiresAt`. Instants are epoch ms. */
export type ExplainLinkState =
  | { outcome: 'ready'; subject: StorySubject; expiresAt: number }
  | { outcome: 'used'; subject: StorySubject; openedAt: number }
  | { outcome: 'expired'; subject: StorySubject; expiresAt: number }
  | { outcome: 'unknown' };

export type SubjectRow = { batchId: BatchId | null; n: number | null; referralId: ReferralId | null };

export function subjectOf({ batchId, n, referralId }: SubjectRow): StorySubject {
  if (referralId !== null) return referralId;
  if (batchId === null || n === null) throw new Error('an explain link is about nothing');
  return inviteId({ batchId, n });
}

/** How a link stands, without using it up. */
export async function lookAtExplainLink({ sql }: Tx, tokenHash: Uint8Array, now: number): Promise<ExplainLinkState> {
  const [row] = await sql<(SubjectRow & { expiresAt: number; openedAt: number | null })[]>`
    select batch_id as "batchId", n, referral_id as "referralId", expires_at as "expiresAt", opened_at as "openedAt" from explain_links where token_hash = ${tokenHash}`;
  if (row === undefined) return { outcome: 'unknown' };
  const { expiresAt, openedAt } = row;
  const subject = subjectOf(row);
  if (openedAt !== null) return { outcome: 'used', subject, openedAt };
  return expiresAt <= now ? { outcome: 'expired', subject, expiresAt } : { outcome: 'ready', subject, expiresAt };
}
