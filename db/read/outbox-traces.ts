import type { Sql } from '../client.ts';
import type { LaneName } from './late-lanes.ts';

/** Of the oldest rows only: a trace that waited in a long backlog is told by the rows before it. */
const MOST_ROWS = 500;

/** The traces (`traceparent`) to which the outbox rows of these lanes belong, the oldest first (as the relay). Those of other lanes are left out. */
export async function outboxTraces(relay: Sql, lanes: readonly LaneName[]): Promise<{ lane: LaneName; traceparent: string }[]> {
  const rows = await relay<(LaneName & { traceparent: string })[]>`
    select tenant_id as "tenantId", lane, traceparent from outbox
    where traceparent is not null
      and (tenant_id, lane) in (select * from unnest(${lanes.map(({ tenantId }) => tenantId)}::text[], ${lanes.map(({ lane }) => lane)}::text[]))
    order by id limit ${MOST_ROWS}`;
  return rows.map(({ tenantId, lane, traceparent }) => ({ lane: { tenantId, lane }, traceparent }));
}
