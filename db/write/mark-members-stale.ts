import type { MemberId } from '../../src/domain/ids.ts';
import { bytesArray } from '../array-params.ts';
import type { Tx } from '../client.ts';
import { markStale } from './mark-stale.ts';

/**
 * What waits for these members, or was sent by them, is planned again: their zone, quiet hours or event dates changed.
 * One look finds the few for whom anything waits.
 */
export async function markMembersStale(tx: Tx, members: readonly { id: MemberId; emailHash: Uint8Array | null }[], now: number): Promise<void> {
  if (members.length === 0) return;
  const inviters = await tx.sql<{ id: MemberId }[]>`
    select distinct member_id as id from invite_batches
    where next_due_at is not null and member_id = any(${members.map(({ id }) => id)}::text[]) order by id`;
  for (const { id } of inviters) await markStale(tx, { kind: 'inviter', memberId: id }, now);
  const hashes = members.flatMap(({ emailHash }) => (emailHash === null ? [] : [emailHash]));
  if (hashes.length === 0) return;
  const recipients = await tx.sql<{ hash: Uint8Array }[]>`
    select distinct recipient_hash as hash from invites
    where recipient_hash = any(${bytesArray(hashes)}::bytea[]) and state in ('waiting', 'handed_off') and step is not null order by hash`;
  for (const { hash } of recipients) await markStale(tx, { kind: 'recipient', recipientHash: hash }, now);
}
