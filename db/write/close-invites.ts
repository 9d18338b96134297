import type { BatchId, InviteRef, TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';
import { freeCooling } from './free-cooling.ts';
import { lockBatches, refreshNextDue } from './refresh-next-due.ts';

/** How a closing treats an invite: the state it ends in, and what it means for one that is on the wire. */
export type Closing = { state: 'joined' | 'refused' | 'canceled'; reason: string | null; stop: 'joined' | 'suppressed' | 'canceled' };
/** `isNotice`: it told a member something and invited nobody. */
export type ClosedInvite = InviteRef & { was: 'closed' | 'on_the_wire' | 'reminders_stopped'; isNotice: boolean; /** A run waits for what becomes of it. */ ofRun: boolean };

/**
 * Closes open invites for good: what waits ends in the closing's state and frees its cooling; what is on the wire keeps
 * its course and is marked, so that nothing follows it; what was handed off ends too when the person joined, else only
 * its reminders stop. Locks the batches first.
 */
export async function closeInvites(tx: Tx, tenantId: TenantId, refs: readonly InviteRef[], closing: Closing): Promise<ClosedInvite[]> {
  if (refs.length === 0) return [];
  await lockBatches(tx, refs.map((ref) => ref.batchId));
  const endsSent = closing.state === 'joined';
  const rows = await tx.sql<ClosedInvite[]>`
    with target as (
      select i.batch_id, i.n, i.state, b.expires_at, b.notice is not null as is_notice, b.run_id is not null as of_run,
             case when i.attempt_id is not null and i.state in ('waiting', 'handed_off') then 'on_the_wire'
                  when i.state = 'waiting' or ${endsSent} then 'closed' else 'reminders_stopped' end as was
      from invites i join invite_batches b on b.id = i.batch_id
      join unnest(${refs.map((ref) => ref.batchId)}::text[], ${refs.map((ref) => ref.n)}::smallint[]) as r (batch_id, n) using (batch_id, n)
      where i.state in ('waiting', 'handed_off', 'unknown') or (${endsSent} and i.state = 'unknown_expired')
    )
    update invites i set
      state = case when t.was = 'closed' then ${closing.state} else i.state end,
      reason = case when t.was = 'closed' then ${closing.reason} else i.reason end,
      stop_reason = case when t.was = 'closed' then i.stop_reason else ${closing.stop} end,
      step = case when t.was = 'on_the_wire' then i.step end,
      due_at = case when t.was = 'closed' then null when t.was = 'on_the_wire' or i.state = 'unknown' then i.due_at else t.expires_at end,
      attempt_id = case when t.was = 'closed' then null else i.attempt_id end,
      stale = false
    from target t where i.batch_id = t.batch_id and i.n = t.n
    returning i.batch_id as "batchId", i.n, t.was, t.is_notice as "isNotice", t.of_run as "ofRun"`;
  await freeCooling(tx, tenantId, rows.filter((row) => row.was === 'closed'));
  await refreshNextDue(tx, rows.map((row) => row.batchId));
  return rows.map(({ batchId, n, was, isNotice, ofRun }) => ({ batchId, n, was, isNotice, ofRun }));
}

/** `person`: all that goes to whom this address belongs. `address`: what goes to this very address now. */
export type Reach = 'person' | 'address';

/** A dead mailbox says nothing of the phone, nor STOP of the mailbox; all else is meant by, or about, the person. */
export function reachOf(reason: string): Reach {
  return reason === 'hard_bounce' || reason === 'sms_stop' ? 'address' : 'person';
}

/**
 * Open invites to one mailbox or number of a tenant, by its keyed hash (indexes: invites_by_recipient, invites_by_phone); `everything`:
 * and notices, which leave and are stopped like them.
 */
export async function openInvitesOf(tx: Tx, hash: Uint8Array, reach: Reach, which: 'everything' | 'invites' = 'everything'): Promise<InviteRef[]> {
  const wanted = which === 'everything' ? tx.sql`` : tx.sql`and ${invitesSomebody(tx)}`;
  const rows = await tx.sql<{ batchId: BatchId; n: number }[]>`
    select batch_id as "batchId", n from invites where recipient_hash = ${hash} and ${isOpen(tx)} ${wanted} ${reach === 'person' ? tx.sql`` : tx.sql`and channel = 'email'`}
    union
    select batch_id, n from invites where phone_hash = ${hash} and ${isOpen(tx)} and channel = 'sms' ${wanted}`;
  return rows.map(({ batchId, n }) => ({ batchId, n }));
}

/** The states of an invite that something may still become of, as a condition on its `state`. */
export function isOpen(tx: Tx) {
  return tx.sql`state in ('waiting', 'handed_off', 'unknown', 'unknown_expired')`;
}

/** Of a row of `invites`: it is no notice. */
export function invitesSomebody(tx: Tx) {
  return tx.sql`not exists (select 1 from invite_batches told where told.id = invites.batch_id and told.notice is not null)`;
}
