import type { InviteRef, TenantId } from '../../src/domain/ids.ts';
import type { ConsentChannel } from '../../src/domain/preference/consent-act.ts';
import { bytesArray } from '../array-params.ts';
import type { Tx } from '../client.ts';
import { batchTopic } from '../read/batch-topic.ts';
import { closeInvites } from './close-invites.ts';
import { recordDecisions } from './decide.ts';
import { tellOfSuppressed } from './invite-news.ts';

/** What an opt-out covers: of one address, a topic and a channel; `*` is all of them. */
export type Withdrawal = { recipientHash: Uint8Array; topic: string; channel: ConsentChannel };

/**
 * Open invites that opt-outs cover, each with the place of its opt-out: to that address, about that topic as its program
 * has it now (of a notice: the notices' own), with its next message on that channel. What goes on by another channel is none of them.
 */
export async function invitesWithdrawn(tx: Tx, withdrawals: readonly (Withdrawal | null)[]): Promise<(InviteRef & { place: number })[]> {
  const asked = withdrawals.flatMap((withdrawal, place) => (withdrawal === null ? [] : [{ ...withdrawal, place }]));
  if (asked.length === 0) return [];
  // Two look-ups, each with its index.
  return tx.sql<(InviteRef & { place: number })[]>`
    with asked as materialized (
      select * from unnest(${asked.map((row) => row.place)}::integer[], ${bytesArray(asked.map((row) => row.recipientHash))}::bytea[],
                           ${asked.map((row) => row.topic)}::text[], ${asked.map((row) => row.channel)}::text[]) as a (place, hash, topic, channel)
    ), found as (
      select a.place, a.topic, i.batch_id, i.n from asked a join invites i on i.recipient_hash = a.hash
      where i.state in ('waiting', 'handed_off', 'unknown') and a.channel in ('*', i.channel)
      union
      select a.place, a.topic, i.batch_id, i.n from asked a join invites i on i.phone_hash = a.hash
      where i.state in ('waiting', 'handed_off', 'unknown') and i.channel = 'sms' and a.channel in ('*', 'sms')
    )
    select f.batch_id as "batchId", f.n, f.place from found f join invite_batches b on b.id = f.batch_id join programs p on p.id = b.program_id
    where f.topic in ('*', ${batchTopic(tx)})`;
}

/** Ends such invites like a suppression does, and says why. Returns how many it touched. */
export async function closeWithdrawn(tx: Tx, { tenantId, invites, now, actor }: { tenantId: TenantId; invites: readonly InviteRef[]; now: number; actor: string }): Promise<number> {
  // Two opt-outs may cover one invite.
  const once = [...new Map(invites.map(({ batchId, n }) => [`${batchId} ${String(n)}`, { batchId, n }])).values()];
  const closed = await closeInvites(tx, tenantId, once, { state: 'refused', reason: 'suppressed', stop: 'suppressed' });
  await recordDecisions(tx, closed.map((invite) => ({
    tenantId, subjectId: invite.batchId, ns: [invite.n], kind: 'suppressed', rule: 'opted_out', inputs: { was: invite.was }, actor, now,
  })));
  await tellOfSuppressed(tx, { tenantId, closed, now });
  return closed.length;
}
