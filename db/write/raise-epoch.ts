import { buildName } from '../../src/config/build.ts';
import type { BatchId, InviteRef, TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';
import type { Clock } from '../clock.ts';
import { laneOutlook, type LaneOutlook } from '../read/lane-outlook.ts';
import type { Channel } from '../../src/domain/message/channel.ts';
import { lockBatches, refreshNextDue } from './refresh-next-due.ts';
import { isOfLiveRun, tellOfMessages } from './runs/tell-of-messages.ts';

/** How long an unknown hand-off may still be settled by evidence before it is given up. */
export const UNKNOWN_FOR_MS = 72 * 3_600_000;

/** The clock of the worker that serves a lane; it tells how far that machine's own is off, too. */
export type ServerClock = Pick<Clock, 'now' | 'skewMs'>;

/**
 * The fence. Raises the lane's epoch, so that no older sender can claim again, and marks what older ones left claimed as
 * `unknown`: it may have reached its recipient, so it is never sent again blindly. A late record turns it into the truth.
 * The build that serves the lane from now on, and how far its machine's clock is off, are noted with it.
 */
export async function raiseEpoch(tx: Tx, lane: { tenantId: TenantId; lane: string }, clock: ServerClock): Promise<{ epoch: number; unknown: number }> {
  const now = clock.now();
  const [raised] = await tx.sql<{ epoch: number }[]>`
    insert into lanes (tenant_id, lane, epoch, served_by, served_at, clock_skew_ms)
    values (${lane.tenantId}, ${lane.lane}, 1, ${buildName()}, ${now}, ${Math.round(clock.skewMs())})
    on conflict (tenant_id, lane) do update
      set epoch = lanes.epoch + 1, served_by = excluded.served_by, served_at = excluded.served_at, clock_skew_ms = excluded.clock_skew_ms
    returning epoch`;
  if (raised === undefined) throw new Error('the lane gave no epoch');
  // Batches before attempts, like everybody else: two who lock both never wait for each other in a ring.
  const open = await tx.sql<{ batchIds: BatchId[] }[]>`
    select batch_ids as "batchIds" from attempts
    where tenant_id = ${lane.tenantId} and lane = ${lane.lane} and closed_at is null and fenced_at is null`;
  if (open.length === 0) return { epoch: raised.epoch, unknown: 0 };
  const batchIds = open.flatMap((attempt) => attempt.batchIds);
  await lockBatches(tx, batchIds);
  const left = await tx.sql<{ id: number; batchId: BatchId; n: number }[]>`
    with fenced as (
      update attempts set fenced_at = ${now}
      where tenant_id = ${lane.tenantId} and lane = ${lane.lane} and closed_at is null and fenced_at is null
      returning id, batch_ids, ns
    )
    select f.id, u.batch_id as "batchId", u.n from fenced f, unnest(f.batch_ids, f.ns) as u (batch_id, n)`;
  return { epoch: raised.epoch, unknown: left.length === 0 ? 0 : await markUnknown(tx, lane.tenantId, left, now) };
}

/** Notes who has the lane and does not serve it, because its clock is wrong; the epoch stays. Returns what the lane has before it. */
export async function leaveLane(tx: Tx, lane: { tenantId: TenantId; lane: string; channel: Channel }, clock: ServerClock): Promise<LaneOutlook> {
  await tx.sql`
    update lanes set served_by = ${buildName()}, served_at = ${clock.now()}, clock_skew_ms = ${Math.round(clock.skewMs())}
    where tenant_id = ${lane.tenantId} and lane = ${lane.lane}`;
  return laneOutlook(tx, lane);
}

/** Those that had been recorded meanwhile are left; returns how many were not. */
async function markUnknown(tx: Tx, tenantId: TenantId, left: readonly { id: number; batchId: BatchId; n: number }[], now: number): Promise<number> {
  const batchIds = left.map((row) => row.batchId);
  const marked = await tx.sql<(InviteRef & { ofRun: boolean })[]>`
    with left_claimed as (
      select i.batch_id, i.n, i.step, i.attempt_id, i.tenant_id, i.channel
      from invites i
      join unnest(${left.map((row) => row.id)}::bigint[], ${batchIds}::text[], ${left.map((row) => row.n)}::smallint[]) as l (attempt_id, batch_id, n)
        on i.batch_id = l.batch_id and i.n = l.n and i.attempt_id = l.attempt_id
      where i.step is not null
      for no key update of i
    ), noted as (
      insert into messages (batch_id, n, step, channel, tenant_id, attempt_id, state, reason, recorded_at)
      select batch_id, n, step, channel, tenant_id, attempt_id, 'unknown', 'sender_lost', ${now} from left_claimed
      on conflict do nothing
    )
    update invites i set state = 'unknown', reason = 'sender_lost', step = null, due_at = ${now + UNKNOWN_FOR_MS}, permitted_until = null, stale = false
    from left_claimed l where i.batch_id = l.batch_id and i.n = l.n
    returning i.batch_id as "batchId", i.n, ${isOfLiveRun(tx, tenantId, tx.sql`i.batch_id`)} as "ofRun"`;
  await refreshNextDue(tx, batchIds);
  await tellOfMessages(tx, { tenantId, refs: marked.filter(({ ofRun }) => ofRun), now });
  return marked.length;
}
