import type { KeyId, TenantId } from '../../src/domain/ids.ts';
import type { Sql } from '../client.ts';
import type { KeyKind } from '../schema/tenants.ts';

/** What is known of a key; its text is not. Instants in epoch ms. */
export type KeyView = { id: KeyId; tenantId: TenantId; name: string; kind: KeyKind; allowedOrigins: string[]; isDevelopment: boolean; createdAt: number; expiresAt: number | null; revokedAt: number | null };

/** Keys of one tenant or of all (as the owner), the oldest of each tenant first. */
export async function listKeys(owner: Sql, tenantId?: TenantId): Promise<KeyView[]> {
  const rows = await owner<KeyView[]>`
    select id, tenant_id as "tenantId", name, kind, allowed_origins as "allowedOrigins", is_development as "isDevelopment",
           created_at as "createdAt", expires_at as "expiresAt", revoked_at as "revokedAt"
    from api_keys where ${tenantId ?? null}::text is null or tenant_id = ${tenantId ?? null} order by tenant_id, created_at, id`;
  return [...rows];
}

/** Whose key this is, as the owner; null where there is none. */
export async function tenantOfKey(owner: Sql, keyId: KeyId): Promise<TenantId | null> {
  const [row] = await owner<{ tenantId: TenantId }[]>`select tenant_id as "tenantId" from api_keys where id = ${keyId}`;
  return row?.tenantId ?? null;
}
