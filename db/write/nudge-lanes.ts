import type { ProgramId, TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';
import { LANE_SIGNAL } from './lane.ts';

/** Tells every lane of the tenant (or of one program) that still has something due: what was held may leave. */
export async function nudgeLanes(tx: Tx, what: { tenantId: TenantId; programId?: ProgramId | undefined; now: number }): Promise<void> {
  await tx.sql`
    with late as (
      select distinct lane from batch_lanes
      where tenant_id = ${what.tenantId} and next_due_at is not null
        ${what.programId === undefined ? tx.sql`` : tx.sql`and batch_id in (select id from invite_batches where program_id = ${what.programId})`}
    ), told as (
      insert into outbox (tenant_id, kind, lane, created_at) select ${what.tenantId}, 'nudge', lane, ${what.now} from late
    )
    select pg_notify(${LANE_SIGNAL}, ${what.tenantId} || '/' || lane) from late`;
}
