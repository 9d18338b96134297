import { hashSecret } from '../../src/config/keyring.ts';
import { newId } from '../../src/config/new-id.ts';
import type { KeyId, TenantId } from '../../src/domain/ids.ts';
import type { Sql } from '../client.ts';
import type { KeyKind } from '../schema/tenants.ts';
import { keyText, type MadeKey } from './make-key.ts';

export type RotatedKey =
  | ({ outcome: 'rotated'; tenantId: TenantId; name: string; oldExpiresAt: number } & MadeKey)
  | { outcome: 'unknown' }
  | { outcome: 'ended'; how: 'revoked' | 'expired' };

/**
 * Makes the successor of a key, as the owner, of the same tenant, name and kind, for the same origins; the old one expires `overlapMs` from now, or
 * when it would have anyway, if that is sooner. Both in one statement: there is never only half of it. Refuses a key that
 * opens nothing any more.
 */
export async function rotateKey(owner: Sql, key: { keyId: KeyId; overlapMs: number }, now: number): Promise<RotatedKey> {
  const keyId = newId('key', now);
  const [known] = await owner<{ kind: KeyKind; isDevelopment: boolean }[]>`select kind, is_development as "isDevelopment" from api_keys where id = ${key.keyId}`;
  if (known === undefined) return { outcome: 'unknown' };
  // What a key is for never changes.
  const secret = keyText(known.kind, known.isDevelopment);
  const ends = now + key.overlapMs;
  const [row] = await owner<{ tenantId: TenantId; name: string; expiresAt: number | null; revokedAt: number | null; oldExpiresAt: number | null }[]>`
    with old as (
      select id, tenant_id, name, expires_at, revoked_at, kind, allowed_origins, is_development from api_keys where id = ${key.keyId} for no key update
    ), live as (
      select * from old where revoked_at is null and (expires_at is null or expires_at > ${now})
    ), made as (
      insert into api_keys (id, tenant_id, name, secret_hash, created_at, kind, allowed_origins, is_development)
      select ${keyId}, tenant_id, name, ${hashSecret(secret)}, ${now}, kind, allowed_origins, is_development from live
    ), ending as (
      update api_keys k set expires_at = least(k.expires_at, ${ends}::timestamptz) from live where k.id = live.id returning k.expires_at
    )
    select tenant_id as "tenantId", name, expires_at as "expiresAt", revoked_at as "revokedAt", (select e.expires_at from ending e) as "oldExpiresAt" from old`;
  if (row === undefined) return { outcome: 'unknown' };
  if (row.oldExpiresAt === null) return { outcome: 'ended', how: row.revokedAt === null ? 'expired' : 'revoked' };
  return { outcome: 'rotated', tenantId: row.tenantId, name: row.name, oldExpiresAt: row.oldExpiresAt, keyId, secret };
}
