import type { TenantId } from '../../src/domain/ids.ts';
import type { Sql, Tx } from '../client.ts';

/** A tenant as a list shows it. Instants in epoch ms. */
export type TenantRow = { id: TenantId; name: string; zone: string; pausedAt: number | null; createdAt: number; liveKeys: number };

/** All tenants (as the owner), the oldest first, with how many keys of each still open the API at `now`. */
export async function listTenants(owner: Sql, now: number): Promise<TenantRow[]> {
  const rows = await owner<TenantRow[]>`
    select t.id, t.name, t.zone, t.paused_at as "pausedAt", t.created_at as "createdAt",
           (select count(*)::int from api_keys k where k.tenant_id = t.id and k.revoked_at is null and (k.expires_at is null or k.expires_at > ${now})) as "liveKeys"
    from tenants t order by t.created_at, t.id`;
  return [...rows];
}

/** Ids of all tenants, as the relay. */
export async function tenantIds(relay: Sql): Promise<TenantId[]> {
  return (await relay<{ id: TenantId }[]>`select id from tenants order by id`).map(({ id }) => id);
}

/** Whose batch this is, as the relay; null where there is none. */
export async function tenantOfBatch(relay: Sql, batchId: string): Promise<TenantId | null> {
  const [row] = await relay<{ tenantId: TenantId }[]>`select tenant_id as "tenantId" from invite_batches where id = ${batchId}`;
  return row?.tenantId ?? null;
}

/** Whose run this is, as the relay; null where there never was one. */
export async function tenantOfRun(relay: Sql, runId: string): Promise<TenantId | null> {
  const [row] = await relay<{ tenantId: TenantId }[]>`select tenant_id as "tenantId" from runs where id = ${runId}`;
  return row?.tenantId ?? null;
}

/** Is the tenant of this transaction there? */
export async function isTenant({ sql }: Tx): Promise<boolean> {
  return (await sql`select from tenants where id = current_tenant()`).length === 1;
}
