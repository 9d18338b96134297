import { randomBytes } from 'node:crypto';
import { hashSecret } from '../../src/config/keyring.ts';
import { newId } from '../../src/config/new-id.ts';
import type { KeyId, TenantId } from '../../src/domain/ids.ts';
import type { Sql } from '../client.ts';
import type { KeyKind } from '../schema/tenants.ts';

export type MadeKey = {
  keyId: KeyId;
  /** `sk_…`, `pk_…` or `pk_dev_…`, 256 random bits: shown this once, only its hash is kept. */
  secret: string;
};

/** What a key is for: servers, or the pages of these origins (see `readOrigin`); one for development serves http://localhost, too. */
export type KeyPurpose = { readonly kind: 'secret' } | { readonly kind: 'publishable'; readonly allowedOrigins: readonly string[]; readonly isDevelopment: boolean };

const SECRET: KeyPurpose = { kind: 'secret' };

/**
 * Makes a key of a tenant, as the owner: a secret one where no `purpose` is given. `expiresAt` in epoch ms; left out: until it is revoked. Throws
 * where there is no such tenant. Origins are stored as they are given: `readOrigin` says which can be.
 */
export async function makeKey(owner: Sql, key: { tenantId: TenantId; name: string; expiresAt?: number; purpose?: KeyPurpose }, now: number): Promise<MadeKey> {
  const keyId = newId('key', now);
  const purpose = key.purpose ?? SECRET;
  const isDevelopment = purpose.kind === 'publishable' && purpose.isDevelopment;
  const secret = keyText(purpose.kind, isDevelopment);
  await owner`
    insert into api_keys (id, tenant_id, name, secret_hash, created_at, expires_at, kind, allowed_origins, is_development)
    values (${keyId}, ${key.tenantId}, ${key.name}, ${hashSecret(secret)}, ${now}, ${key.expiresAt ?? null},
            ${purpose.kind}, ${purpose.kind === 'publishable' ? [...purpose.allowedOrigins] : []}::text[], ${isDevelopment})`;
  return { keyId, secret };
}

/** A fresh key's text: its beginning says what it is for. */
export function keyText(kind: KeyKind, isDevelopment: boolean): string {
  const prefix = kind === 'secret' ? 'sk_' : isDevelopment ? 'pk_dev_' : 'pk_';
  return `${prefix}${randomBytes(32).toString('base64url')}`;
}
