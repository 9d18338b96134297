import type { Sql } from '../../db/client.ts';
import { resolveApiKey } from '../../db/read/resolve-api-key.ts';
import { hashSecret } from '../config/keyring.ts';
import type { KeyId, TenantId } from '../domain/ids.ts';
import type { Tier } from '../domain/limits/tiers.ts';
import { problem } from './problems.ts';
import type { Problem } from './problems.ts';

export type Caller = { kind: 'caller'; keyId: KeyId; tenantId: TenantId; tier: Tier };
type KeyProblem = Problem<'key_missing' | 'key_unknown' | 'key_revoked' | 'key_expired'>;

const LONGEST_KEY = 200;

/**
 * Who asks, by `Authorization: Bearer sk_…` (RFC 6750). Read from the database each time: a key that was revoked a
 * moment ago no longer works.
 */
export async function authenticate(sql: Sql, authorization: string | undefined, now: number): Promise<Caller | KeyProblem> {
  const token = /^bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
  if (token === undefined) return problem('key_missing');
  if (!token.startsWith('sk_') || token.length > LONGEST_KEY) return problem('key_unknown');
  const key = await resolveApiKey(sql, hashSecret(token));
  if (key === null) return problem('key_unknown');
  if (key.revokedAt !== null) return problem('key_revoked');
  if (key.expiresAt !== null && key.expiresAt <= now) return problem('key_expired');
  return { kind: 'caller', keyId: key.keyId, tenantId: key.tenantId, tier: key.tier };
}
