import type { TenantId } from '../../../src/domain/ids.ts';
import type { Tx } from '../../client.ts';
import { recordDecision } from '../decide.ts';

export type UnitsToDefine = { readonly tenantId: TenantId; readonly units: readonly { readonly unit: string; readonly title: string }[]; readonly actor: string; readonly now: number };

/** Defines units of the tenant's own, or gives them another title. None is ever removed: rewards and books may be counted in it. */
export async function defineUnits(tx: Tx, { tenantId, units, actor, now }: UnitsToDefine): Promise<void> {
  if (units.length === 0) return;
  const changed = await tx.sql<{ unit: string }[]>`
    insert into tenant_units as u (tenant_id, unit, title, created_at)
    select ${tenantId}, n.unit, n.title, ${now} from unnest(${units.map(({ unit }) => unit)}::text[], ${units.map(({ title }) => title)}::text[]) as n (unit, title) order by n.unit
    on conflict (tenant_id, unit) do update set title = excluded.title where u.title <> excluded.title
    returning unit`;
  if (changed.length === 0) return;
  await recordDecision(tx, {
    tenantId, subjectId: tenantId, kind: 'units_defined', rule: 'The app defined what rewards may be counted in.',
    inputs: { units: changed.map(({ unit }) => unit).toSorted() }, actor, now,
  });
}
