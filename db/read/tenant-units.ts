import type { TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';

/** A unit of the tenant's own, as its members call it. */
export type TenantUnit = { readonly unit: string; readonly title: string; readonly createdAt: number };

/** The units the tenant has defined, by name. */
export async function listUnits({ sql }: Tx, tenantId: TenantId): Promise<TenantUnit[]> {
  return sql<TenantUnit[]>`select unit, title, created_at as "createdAt" from tenant_units where tenant_id = ${tenantId} order by unit`;
}

/** Their names. */
export async function unitNames(tx: Tx, tenantId: TenantId): Promise<Set<string>> {
  return new Set((await listUnits(tx, tenantId)).map(({ unit }) => unit));
}
