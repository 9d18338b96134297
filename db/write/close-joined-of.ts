import { inviteId, type BatchId, type InviteRef, type MemberId, type TenantId } from '../../src/domain/ids.ts';
import { bytesArray } from '../array-params.ts';
import type { Tx } from '../client.ts';
import { invitesSomebody, isOpen, type ClosedInvite } from './close-invites.ts';
import { closeJoined, closeJoinedInvite } from './close-joined.ts';
import { lockBatches } from './refresh-next-due.ts';
import { tellOfMessages } from './runs/tell-of-messages.ts';
import { announce } from './webhooks/announce.ts';

export type Joined = { memberId: MemberId; recipientHash: Uint8Array };
export type JoinedByLink = InviteRef & { memberId: MemberId };

/**
 * Closes what invited many people who are members now: the open invites to their mailboxes and phones, and those whose link they
 * came by. One look finds the few that are open, and their batches are locked at once, in order: two such requests, or
 * one and the sender, never wait for each other in a ring. `cause`: what told us. The tenant's webhooks hear of each invite.
 */
export async function closeJoinedOf(
  tx: Tx, input: { tenantId: TenantId; joined: readonly Joined[]; byLink?: readonly JoinedByLink[]; now: number; cause: string },
): Promise<void> {
  const { tenantId, joined, byLink = [], now, cause } = input;
  const mailboxes = joined.length === 0 ? [] : await tx.sql<{ mailbox: string; batchId: BatchId }[]>`
    with hashes as (select unnest(${bytesArray(joined.map(({ recipientHash }) => recipientHash))}::bytea[]) as hash)
    select encode(hash, 'hex') as mailbox, batch_id as "batchId" from hashes join invites on recipient_hash = hash where ${isOpen(tx)} and ${invitesSomebody(tx)}
    union
    select encode(hash, 'hex'), batch_id from hashes join invites on phone_hash = hash where ${isOpen(tx)} and channel = 'sms'`;
  const linked = byLink.length === 0 ? [] : await tx.sql<{ batchId: BatchId; place: number }[]>`
    select batch_id as "batchId", r.place::int - 1 as place from invites
    join unnest(${byLink.map(({ batchId }) => batchId)}::text[], ${byLink.map(({ n }) => n)}::smallint[]) with ordinality as r (batch_id, n, place) using (batch_id, n)
    where ${isOpen(tx)} and ${invitesSomebody(tx)} order by r.place`;
  await lockBatches(tx, [...mailboxes, ...linked].map(({ batchId }) => batchId));
  const open = new Set(mailboxes.map(({ mailbox }) => mailbox));
  const byMailbox = new Map(joined.map((one) => [Buffer.from(one.recipientHash).toString('hex'), one]));
  const closed: (InviteRef & { memberId: MemberId; ofRun: boolean })[] = [];
  const note = (refs: readonly ClosedInvite[], memberId: MemberId): void => { closed.push(...refs.map(({ batchId, n, ofRun }) => ({ batchId, n, memberId, ofRun }))); };
  for (const [mailbox, one] of byMailbox) {
    if (open.has(mailbox)) note(await closeJoined(tx, { tenantId, now, cause, ...one }), one.memberId);
  }
  for (const { place } of linked) {
    const one = byLink[place];
    if (one !== undefined) note(await closeJoinedInvite(tx, { tenantId, now, cause, ...one }), one.memberId);
  }
  await tellOfMessages(tx, { tenantId, refs: closed.filter(({ ofRun }) => ofRun), now });
  await announce(tx, {
    tenantId, now,
    news: closed.map(({ memberId, ofRun: _ofRun, ...ref }) => ({ type: 'invite.joined', subjectId: inviteId(ref), sequenceOf: null, at: now, data: { inviteId: inviteId(ref), batchId: ref.batchId, memberId, cause } })),
  });
}
