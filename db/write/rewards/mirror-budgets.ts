import type { ProgramId, TenantId } from '../../../src/domain/ids.ts';
import type { RewardTerms } from '../../../src/domain/reward/reward-terms.ts';
import type { Tx } from '../../client.ts';

/**
 * Makes a program's budgets those of its newest terms: a unit that has none in them is not limited. Budgets are the program's, not a
 * version's. A total below what was set aside and given is taken as it is: then nothing more is given.
 */
export async function mirrorBudgets(tx: Tx, { tenantId, programId, rewards }: { tenantId: TenantId; programId: ProgramId; rewards: RewardTerms | undefined }): Promise<void> {
  const budgets = (rewards?.budgets ?? []).toSorted((a, b) => (a.unit < b.unit ? -1 : 1));
  await tx.sql`select 1 from reward_budgets where program_id = ${programId} order by program_id, unit for no key update`;
  await tx.sql`
    update reward_budgets set total_minor = null
    where program_id = ${programId} and total_minor is not null and unit <> all(${budgets.map(({ unit }) => unit)}::text[])`;
  if (budgets.length === 0) return;
  await tx.sql`
    insert into reward_budgets (tenant_id, program_id, unit, total_minor)
    select ${tenantId}, ${programId}, n.unit, n.total_minor
    from unnest(${budgets.map(({ unit }) => unit)}::text[], ${budgets.map(({ totalMinor }) => totalMinor)}::bigint[]) as n (unit, total_minor) order by n.unit
    on conflict (program_id, unit) do update set total_minor = excluded.total_minor`;
}
