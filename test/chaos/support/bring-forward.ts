import { LANE_SIGNAL } from '../../../db/write/lane.ts';
import type { TenantId } from '../../../src/domain/ids.ts';
import type { WholeStack } from './whole-stack.ts';

/**
 * Makes due now what these tenants' invites wait for, as if its time had come: nobody wants to wait five minutes for a
 * greylisting server. By the superuser, past the product; tells the lanes as the product would. Returns how many it moved.
 */
export async function bringForward(stack: WholeStack, tenantIds: readonly TenantId[], now = Date.now()): Promise<number> {
  const [row] = await stack.superuser.sql<{ count: number }[]>`
    with locked as materialized (
      select id from invite_batches where tenant_id = any(${[...tenantIds]}::text[]) and id in (select batch_id from batch_lanes where next_due_at > ${now})
      order by id for no key update
    ), moved as (
      update invites set due_at = ${now} where batch_id in (select id from locked) and state = 'waiting' and attempt_id is null and due_at > ${now} returning batch_id, channel
    ), due as (
      update batch_lanes set next_due_at = ${now} where (batch_id, channel) in (select batch_id, channel from moved) returning tenant_id, lane
    ), told as (
      insert into outbox (tenant_id, kind, lane, created_at) select distinct tenant_id, 'nudge', lane, ${now}::timestamptz from due returning tenant_id, lane
    ), notified as (
      select pg_notify(${LANE_SIGNAL}, tenant_id || '/' || lane) from told
    )
    select (select count(*)::int from moved) as count, (select count(*) from notified) as told`;
  return row?.count ?? 0;
}
