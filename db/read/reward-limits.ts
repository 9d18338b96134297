import type { ProgramId, TenantId } from '../../src/domain/ids.ts';
import type { Unit } from '../../src/domain/money/unit.ts';
import type { Budget } from '../../src/domain/reward/budget.ts';
import type { Tx } from '../client.ts';

/** How much of the named caps is used, and the budgets of a program, as they stand; locks nothing, so it is already of the past. */
export async function readLimits({ sql }: Tx, programId: ProgramId, capKeys: readonly string[]): Promise<{ used: Map<string, number>; budgets: Map<Unit, Budget> }> {
  const used = capKeys.length === 0 ? [] : await sql<{ key: string; used: number }[]>`select key, used from reward_caps where program_id = ${programId} and key = any(${capKeys}::text[])`;
  const budgets = await sql<(Budget & { unit: Unit })[]>`
    select unit, total_minor as "totalMinor", reserved_minor as "reservedMinor", confirmed_minor as "confirmedMinor" from reward_budgets where program_id = ${programId}`;
  return {
    used: new Map(used.map((row) => [row.key, row.used])),
    budgets: new Map(budgets.map(({ unit, ...budget }) => [unit, budget])),
  };
}

/** The zone in which a tenant's days and months are counted. */
export async function tenantZone({ sql }: Tx, tenantId: TenantId): Promise<string> {
  const [tenant] = await sql<{ zone: string }[]>`select zone from tenants where id = ${tenantId}`;
  return tenant?.zone ?? 'UTC';
}
