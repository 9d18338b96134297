import type { Sql } from '../../db/client.ts';
import { resolveApiKeys } from '../../db/read/resolve-api-key.ts';
import type { KnownKey } from '../../db/read/resolve-api-key.ts';
import { hashSecret } from '../config/keyring.ts';
import type { KeyId, MemberId, TenantId } from '../domain/ids.ts';
import type { Tier } from '../domain/limits/tiers.ts';
import { groupCalls } from './group-calls.ts';
import { problem } from './problems.ts';
import type { Problem } from './problems.ts';

/** Who asks: a tenant's server by a secret key, or (`asMember`) one member's browser or app. `until`: when what it came with ends (epoch ms). */
export type Caller = { kind: 'caller'; keyId: KeyId; tenantId: TenantId; tier: Tier; asMember: MemberId | null; until: number | null };
export type KeyProblem = Problem<'key_missing' | 'key_unknown' | 'key_revoked' | 'key_expired' | 'wrong_key_kind'>;

const LONGEST_KEY = 200;
/** Groups of keys that are looked up at once; who waited longer has been answered without it. */
const LOOKS = { most: 100, atOnce: 2, patienceMs: 5_000 };

/**
 * Who asks, by `Authorization: Bearer sk_…` (RFC 6750). Read from the database each time: a key that was revoked a
 * moment ago no longer works.
 */
export async function authenticate(sql: Sql, authorization: string | undefined, now: number): Promise<Caller | KeyProblem> {
  const token = bearerIn(authorization);
  if (token === undefined) return problem('key_missing');
  if (token.startsWith('mt_')) return problem('wrong_key_kind', { detail: 'This is a member\'s token. On routes for browsers send the publishable key beside it, as `X-Flywheel-Key: pk_…`; all others take a secret key alone.' });
  const key = await lookUpKey(sql, token);
  const refusal = keyProblem(key, now);
  if (key === null || refusal !== null) return refusal ?? problem('key_unknown');
  if (key.kind === 'publishable') return problem('wrong_key_kind', { detail: 'This is a publishable key. Servers send a secret key, `sk_…`; browsers and apps send this one as `X-Flywheel-Key`, beside a member\'s token, to the routes that take it.' });
  return { kind: 'caller', keyId: key.keyId, tenantId: key.tenantId, tier: key.tier, asMember: null, until: key.expiresAt };
}

/** A key of ours, of either kind and in whatever state, by its text; null where there is none. Those asked for at the same time are read together. */
export async function lookUpKey(sql: Sql, text: string): Promise<KnownKey | null> {
  return /^[sp]k_/.test(text) && text.length <= LONGEST_KEY ? readerOf(sql)(hashSecret(text)) : null;
}

type KeyReader = (hash: Uint8Array) => Promise<KnownKey | null>;
const readers = new WeakMap<Sql, KeyReader>();

function readerOf(sql: Sql): KeyReader {
  const reader = readers.get(sql) ?? groupCalls({ ...LOOKS, run: (hashes: readonly Uint8Array[]) => resolveApiKeys(sql, hashes), mayBeOf: () => false });
  readers.set(sql, reader);
  return reader;
}

/** Why a key opens nothing (any more); null where it does. */
export function keyProblem(key: KnownKey | null, now: number): KeyProblem | null {
  if (key === null) return problem('key_unknown');
  if (key.revokedAt !== null) return problem('key_revoked');
  return key.expiresAt !== null && key.expiresAt <= now ? problem('key_expired') : null;
}

export function bearerIn(authorization: string | undefined): string | undefined {
  return /^bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
}
