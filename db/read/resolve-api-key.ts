import { asId } from '../../src/domain/ids.ts';
import type { KeyId, TenantId } from '../../src/domain/ids.ts';
import type { Tier } from '../../src/domain/limits/tiers.ts';
import type { Sql } from '../client.ts';
import type { KeyKind } from '../schema/tenants.ts';

export type KnownKey = {
  keyId: KeyId; tenantId: TenantId; tier: Tier; expiresAt: number | null; revokedAt: number | null; kind: KeyKind;
  /** Of a publishable key: whose pages may use it. */
  allowedOrigins: readonly string[];
  /** A publishable key that takes http://localhost, too. */
  isDevelopment: boolean;
};

type Row = { key_id: string; tenant_id: string; tier: Tier; expires_at: number | null; revoked_at: number | null; kind: KeyKind; allowed_origins: string[]; is_development: boolean };

/** Whose key this is, of which kind and on which tier, by the hash of its text; null where no such key was made. Needs no tenant. */
export async function resolveApiKey(sql: Sql, secretHash: Uint8Array): Promise<KnownKey | null> {
  const [row] = await sql<Row[]>`
    select key_id, tenant_id, tier, expires_at, revoked_at, kind, allowed_origins, is_development from resolve_api_key(${secretHash})`;
  if (row === undefined) return null;
  return {
    keyId: asId('key', row.key_id), tenantId: asId('tnt', row.tenant_id), tier: row.tier, expiresAt: row.expires_at, revokedAt: row.revoked_at,
    kind: row.kind, allowedOrigins: row.allowed_origins, isDevelopment: row.is_development,
  };
}
