import type { MemberId, RunId, TenantId } from '../../../src/domain/ids.ts';
import { MESSAGE_SENT_AGAIN } from '../../../src/domain/run/told-by-us.ts';
import type { Tx } from '../../client.ts';
import { reachedBy } from './reached-by.ts';
import { tellHappenings } from './tell-happenings.ts';

/** What an operator has just sent once more: the messages of a step. `id`: of this sending. */
export type ResentStep = { readonly step: string; readonly id: string };

/** Tells a run's loop, where its member hears of that, that a step was sent once more, and how many people it has reached or may yet: what came back may arrive now. Locks the run. */
export async function tellOfResent(tx: Tx, { tenantId, runId, memberId, resent, now }: { readonly tenantId: TenantId; readonly runId: RunId; readonly memberId: MemberId; readonly resent: readonly ResentStep[]; readonly now: number }): Promise<void> {
  if (resent.length === 0) return;
  const rows = await tx.sql<(ResentStep & { reached: number })[]>`
    select s.step, s.id, ${reachedBy(tx, tenantId, { runId: tx.sql`${runId}`, step: tx.sql`s.step`, isBack: tx.sql`false` })} as reached
    from unnest(${resent.map(({ step }) => step)}::text[], ${resent.map(({ id }) => id)}::text[]) as s (step, id)`;
  await tellHappenings(tx, { tenantId, now, happenings: rows.map(({ step, id, reached }) => ({ personId: memberId, runId, type: MESSAGE_SENT_AGAIN, id: `${id}:again`, at: now, data: { step, reached } })) });
}
