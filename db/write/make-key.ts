import { randomBytes } from 'node:crypto';
import { hashSecret } from '../../src/config/keyring.ts';
import { newId } from '../../src/config/new-id.ts';
import type { KeyId, TenantId } from '../../src/domain/ids.ts';
import type { Sql } from '../client.ts';

export type MadeKey = {
  keyId: KeyId;
  /** `sk_…`, 256 random bits: shown this once, only its hash is kept. */
  secret: string;
};

/** Makes a secret key of a tenant, as the owner. `expiresAt` in epoch ms; left out: until it is revoked. Throws where there is no such tenant. */
export async function makeKey(owner: Sql, key: { tenantId: TenantId; name: string; expiresAt?: number }, now: number): Promise<MadeKey> {
  const keyId = newId('key', now);
  const secret = `sk_${randomBytes(32).toString('base64url')}`;
  await owner`
    insert into api_keys (id, tenant_id, name, secret_hash, created_at, expires_at)
    values (${keyId}, ${key.tenantId}, ${key.name}, ${hashSecret(secret)}, ${now}, ${key.expiresAt ?? null})`;
  return { keyId, secret };
}
