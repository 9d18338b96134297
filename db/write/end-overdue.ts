import type { BatchId, InviteRef, TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';
import type { InviteState } from '../schema/invites.ts';
import { decideEnds } from './decide-ends.ts';
import { freeCooling } from './free-cooling.ts';
import { inviteIsHeard, tellOfInvites, type InviteNews } from './invite-news.ts';
import { lockBatches, refreshNextDue } from './refresh-next-due.ts';
import { isOfLiveRun, tellOfMessages } from './runs/tell-of-messages.ts';

const BATCHES_A_CALL = 200;

/**
 * Ends what time has ended, held or not: open invites past their expiry become `expired` (and free their cooling where
 * nothing was sent; a notice that was handed off stays so), unknown ones past 72 hours `unknown_expired`. Returns how many; call again until 0.
 */
export async function endOverdue(tx: Tx, lane: { tenantId: TenantId; lane: string }, now: number): Promise<number> {
  const batches = await tx.sql<{ id: BatchId }[]>`
    select distinct b.id from batch_lanes q join invite_batches b on b.id = q.batch_id join invites i on i.batch_id = q.batch_id and i.channel = q.channel
    where q.tenant_id = ${lane.tenantId} and q.lane = ${lane.lane} and q.next_due_at <= ${now}
      and ((i.state in ('waiting', 'handed_off') and b.expires_at <= ${now} and i.attempt_id is null) or (i.state = 'unknown' and i.due_at <= ${now}))
    order by b.id limit ${BATCHES_A_CALL}`;
  const ids = batches.map((row) => row.id);
  if (ids.length === 0) return 0;
  await lockBatches(tx, ids);
  const ended = await tx.sql<(InviteRef & { state: InviteState; heard: boolean; ofRun: boolean })[]>`
    with ended as (
      update invites i set
        state = case when i.state = 'unknown' then 'unknown_expired' when i.state = 'handed_off' and b.notice is not null then 'handed_off' else 'expired' end,
        reason = case when i.state = 'unknown' or (i.state = 'handed_off' and b.notice is not null) then i.reason else 'expired' end,
        step = null, due_at = null, attempt_id = null, stale = false
      from invite_batches b
      where b.id = i.batch_id and i.batch_id = any(${ids}::text[])
        and ((i.state in ('waiting', 'handed_off') and b.expires_at <= ${now} and i.attempt_id is null) or (i.state = 'unknown' and i.due_at <= ${now}))
      returning i.batch_id, i.n, i.state
    ), given_up as (
      update messages m set state = 'unknown_expired' from ended e
      where e.state = 'unknown_expired' and m.batch_id = e.batch_id and m.n = e.n and m.state = 'unknown'
    )
    select batch_id as "batchId", n, state, ${inviteIsHeard(tx, lane.tenantId, ['invite.expired', 'invite.unknown'], tx.sql`ended.batch_id`)} as heard,
           ${isOfLiveRun(tx, lane.tenantId, tx.sql`ended.batch_id`)} as "ofRun" from ended`;
  await freeCooling(tx, lane.tenantId, ended.filter((row) => row.state === 'expired'));
  await decideEnds(tx, lane.tenantId, ended.flatMap((row) => (row.state === 'handed_off' ? [] : [{ ...row, end: row.state === 'expired' ? 'expired' as const : 'given_up' as const }])), now);
  await refreshNextDue(tx, ids);
  const heard = ended.filter((row) => row.heard && row.state !== 'handed_off');
  await tellOfInvites(tx, { tenantId: lane.tenantId, now, news: heard.map(({ batchId, n, state }): InviteNews => ({ batchId, n, type: state === 'expired' ? 'invite.expired' : 'invite.unknown' })) });
  await tellOfMessages(tx, { tenantId: lane.tenantId, refs: ended.filter(({ ofRun }) => ofRun), now });
  return ended.length;
}
