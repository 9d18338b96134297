import { asId } from '../../src/domain/ids.ts';
import type { KeyId, TenantId } from '../../src/domain/ids.ts';
import type { Tier } from '../../src/domain/limits/tiers.ts';
import type { Sql } from '../client.ts';

export type KnownKey = { keyId: KeyId; tenantId: TenantId; tier: Tier; expiresAt: number | null; revokedAt: number | null };

/** Whose key this is and on which tier, by the hash of its text; null where no such key was made. Needs no tenant. */
export async function resolveApiKey(sql: Sql, secretHash: Uint8Array): Promise<KnownKey | null> {
  const [row] = await sql<{ key_id: string; tenant_id: string; tier: Tier; expires_at: number | null; revoked_at: number | null }[]>`
    select key_id, tenant_id, tier, expires_at, revoked_at from resolve_api_key(${secretHash})`;
  if (row === undefined) return null;
  return { keyId: asId('key', row.key_id), tenantId: asId('tnt', row.tenant_id), tier: row.tier, expiresAt: row.expires_at, revokedAt: row.revoked_at };
}
