import { inviteId, type BatchId } from '../../../src/domain/ids.ts';
import type { Accepted } from './invite-load.ts';
import type { WholeStack } from './stack-handles.ts';

/** Due for longer than this and not taken: what was planned has been forgotten. */
const LATE_MS = 30_000;

/**
 * The accepted invites that are neither at an end nor planned: missing, still claimed, waiting without a date, due for
 * half a minute, or planned for a time at which their batch does not wake its sender. What the sender holds is planned.
 */
export async function findUnplanned(stack: WholeStack, accepted: readonly Accepted[]): Promise<string[]> {
  const rows = await stack.superuser.sql<{ batchId: BatchId; n: number; state: string; wrong: string | null }[]>`
    select i.batch_id as "batchId", i.n, i.state, case
        when i.attempt_id is not null and i.state not in ('unknown', 'unknown_expired') then 'claimed'
        when i.state = 'waiting' and (i.step is null or i.due_at is null) then 'without a plan'
        when i.step is not null and i.due_at < ${Date.now() - LATE_MS} and p.paused_at is null and t.paused_at is null
          and not exists (select 1 from hard_stops h where h.tenant_id = i.tenant_id and h.channel = i.channel) then 'late'
        when i.step is not null and (q.next_due_at is null or q.next_due_at > i.due_at) then 'asleep' end as wrong
    from invites i join invite_batches b on b.id = i.batch_id left join batch_lanes q on q.batch_id = i.batch_id and q.channel = i.channel join programs p on p.id = b.program_id join tenants t on t.id = i.tenant_id`;
  const found = new Map(rows.map((row): [string, string | null] => [inviteId(row), row.wrong === null ? null : `${row.state}, ${row.wrong}`]));
  return accepted.flatMap(({ inviteId: id }) => {
    const wrong = found.has(id) ? found.get(id) : 'missing';
    return wrong === null || wrong === undefined ? [] : [`${id}: ${wrong}`];
  });
}
