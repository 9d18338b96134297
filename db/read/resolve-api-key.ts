import { asId } from '../../src/domain/ids.ts';
import type { KeyId, TenantId } from '../../src/domain/ids.ts';
import type { Tier } from '../../src/domain/limits/tiers.ts';
import { bytesArray } from '../array-params.ts';
import type { Sql } from '../client.ts';
import type { KeyKind } from '../schema/tenants.ts';

export type KnownKey = {
  keyId: KeyId; tenantId: TenantId; tier: Tier; expiresAt: number | null; revokedAt: number | null; kind: KeyKind;
  /** Of a publishable key: whose pages may use it. */
  allowedOrigins: readonly string[];
  /** A publishable key that takes http://localhost, too. */
  isDevelopment: boolean;
};

type Row = { n: number; key_id: string; tenant_id: string; tier: Tier; expires_at: number | null; revoked_at: number | null; kind: KeyKind; allowed_origins: string[]; is_development: boolean };

/** Whose keys these are, of which kind and on which tier, by the hashes of their texts; null where no such key was made. Needs no tenant. */
export async function resolveApiKeys(sql: Sql, hashes: readonly Uint8Array[]): Promise<(KnownKey | null)[]> {
  const rows = await sql<Row[]>`
    select h.n::int, k.key_id, k.tenant_id, k.tier, k.expires_at, k.revoked_at, k.kind, k.allowed_origins, k.is_development
    from unnest(${bytesArray(hashes)}::bytea[]) with ordinality h(hash, n) cross join lateral resolve_api_key(h.hash) k`;
  const found = new Map(rows.map((row) => [row.n, row]));
  return hashes.map((_hash, i) => {
    const row = found.get(i + 1);
    return row === undefined ? null : {
      keyId: asId('key', row.key_id), tenantId: asId('tnt', row.tenant_id), tier: row.tier, expiresAt: row.expires_at, revokedAt: row.revoked_at,
      kind: row.kind, allowedOrigins: row.allowed_origins, isDevelopment: row.is_development,
    };
  });
}
