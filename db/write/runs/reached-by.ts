import type { TenantId } from '../../../src/domain/ids.ts';
import { MESSAGE_FACT } from '../../../src/domain/run/fact.ts';
import type { Tx } from '../../client.ts';
import type { SqlPart } from '../../read/consent.ts';

/**
 * How many people a step of a run has reached (SQL): each by the last message of it that waits, left or is unknown, or that came back. `isBack` says, of an invite `i`, that it is
 * coming back just now.
 */
export function reachedBy(tx: Tx, tenantId: TenantId, { runId, step, isBack }: { readonly runId: SqlPart; readonly step: SqlPart; readonly isBack: SqlPart }): SqlPart {
  return tx.sql`(
    select count(*)::int from (
      select distinct on (i.contact_id) came_back from invite_batches o join invites i on i.batch_id = o.id
      cross join lateral (select ${isBack} or exists (
        select from run_facts f where f.tenant_id = ${tenantId} and f.run_id = o.run_id and f.kind = ${MESSAGE_FACT} and f.data ->> 'outcome' = 'bounced'
          and f.data ->> 'batchId' = i.batch_id and (f.data ->> 'n')::int = i.n) as came_back) told
      where o.tenant_id = ${tenantId} and o.run_id = ${runId} and o.run_step = ${step} and (came_back or i.state in ('waiting', 'handed_off', 'unknown', 'joined'))
      order by i.contact_id, o.id desc, i.n desc) last
    where not came_back)`;
}
