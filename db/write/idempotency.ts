import { createHash } from 'node:crypto';
import type { TenantId } from '../../src/domain/ids.ts';
import { sameBytes } from '../../src/config/keyring.ts';
import { bytesArray } from '../array-params.ts';
import type { Tx } from '../client.ts';

export const IDEMPOTENCY_KEPT_MS = 7 * 24 * 60 * 60 * 1000;

/** `bodySealed` is the answer's text, as it went over the wire, sealed: it may hold addresses and tokens. */
export type StoredAnswer = { status: number; bodySealed: Uint8Array };
export type KeyClaim = { kind: 'fresh' | 'running' | 'reused' } | { kind: 'replay'; answer: StoredAnswer };
/** A key and what it was sent with. */
export type KeyUse = { readonly key: string; readonly fingerprint: Uint8Array };
type Claiming<Use extends KeyUse> = { readonly tenantId: TenantId; readonly uses: readonly Use[]; readonly now: number };

/**
 * Takes Idempotency-Keys for the length of this transaction, each for the first who uses it; answers in the order of the uses. `running`:
 * another transaction holds it, or another use of this one; `replay`: it was used for this very request; `reused`: for another one. The locks
 * go with the transaction, and the rows are written in it, so that no crash leaves a key stuck.
 */
export async function claimIdempotencyKeys(tx: Tx, { tenantId, uses, now }: Claiming<KeyUse>): Promise<KeyClaim[]> {
  const keys = [...new Set(uses.map(({ key }) => key))];
  // Two statements that leave together. The second has a snapshot of its own, taken after the locks were granted: it
  // sees what their last holders committed.
  const [locks, rows] = await Promise.all([
    tx.sql<{ key: string; granted: boolean }[]>`
      select key, pg_try_advisory_xact_lock(lock_id) as granted from unnest(${keys}::text[], ${keys.map((key) => lockId(tenantId, key))}::text[]::bigint[]) as k (key, lock_id)`,
    tx.sql<KeptRow[]>`
      select i.key, i.fingerprint, i.status, i.body_sealed as "bodySealed", i.created_at as "createdAt" from unnest(${keys}::text[]) as k (key)
      cross join lateral (select * from idempotency where tenant_id = ${tenantId} and key = k.key limit 1) i`,
  ]);
  const kept = new Map(rows.flatMap((row) => (row.createdAt > now - IDEMPOTENCY_KEPT_MS ? [[row.key, row] as const] : [])));
  const granted = locks.flatMap((lock) => (lock.granted ? [lock.key] : []));
  const free = new Set(granted);
  const claims = uses.map(({ key, fingerprint }): KeyClaim => {
    const row = kept.get(key);
    if (row !== undefined) return sameBytes(row.fingerprint, fingerprint) ? { kind: 'replay', answer: { status: row.status, bodySealed: row.bodySealed } } : { kind: 'reused' };
    // Taken: of two uses of one key the second finds it gone.
    return free.delete(key) ? { kind: 'fresh' } : { kind: 'running' };
  });
  // Of a key that another holds the row is that one's: by now it may be a new one.
  const old = rows.flatMap(({ key }) => (kept.has(key) || !granted.includes(key) ? [] : [key]));
  if (old.length > 0) await tx.sql`delete from idempotency where tenant_id = ${tenantId} and key = any(${old}::text[])`;
  return claims;
}

type KeptRow = StoredAnswer & { key: string; fingerprint: Uint8Array; createdAt: number };

/** Keeps answers beside their effects, in the effects' transaction: it leaves with the commit. */
export function rememberAnswers(tx: Tx, { tenantId, uses, now }: Claiming<KeyUse & { readonly answer: StoredAnswer }>): void {
  if (uses.length === 0) return;
  tx.answerLater(tx.sql`
    insert into idempotency (tenant_id, key, fingerprint, status, body_sealed, created_at)
    select ${tenantId}, u.key, u.fingerprint, u.status, u.body_sealed, ${now}
    from unnest(${uses.map(({ key }) => key)}::text[], ${bytesArray(uses.map(({ fingerprint }) => fingerprint))}::bytea[],
                ${uses.map(({ answer }) => answer.status)}::smallint[], ${bytesArray(uses.map(({ answer }) => answer.bodySealed))}::bytea[]) as u (key, fingerprint, status, body_sealed)`);
}

/** 64 bits of a hash: two different keys meet once in 10^19, and then one of them is asked to come again. */
function lockId(tenantId: TenantId, key: string): string {
  return createHash('sha256').update(`idempotency\0${tenantId}\0${key}`).digest().readBigInt64BE(0).toString();
}
