import { createHash } from 'node:crypto';
import type { TenantId } from '../../src/domain/ids.ts';
import { sameBytes } from '../../src/config/keyring.ts';
import type { Tx } from '../client.ts';

export const IDEMPOTENCY_KEPT_MS = 7 * 24 * 60 * 60 * 1000;

/** `bodySealed` is the answer's text, as it went over the wire, sealed: it may hold addresses and tokens. */
export type StoredAnswer = { status: number; bodySealed: Uint8Array };
export type KeyClaim = { kind: 'fresh' | 'running' | 'reused' } | { kind: 'replay'; answer: StoredAnswer };
type Claim = { tenantId: TenantId; key: string; fingerprint: Uint8Array; now: number };

/**
 * Takes an Idempotency-Key for the length of this transaction. `running`: another transaction holds it; `replay`: it
 * was used for this very request; `reused`: for another one. The lock goes with the transaction, and the row is
 * written in it, so that no crash leaves a key stuck.
 */
export async function claimIdempotencyKey(tx: Tx, { tenantId, key, fingerprint, now }: Claim): Promise<KeyClaim> {
  // Two statements that leave together. The second has a snapshot of its own, taken after the lock was granted: it
  // sees what the lock's last holder committed.
  const [[lock], [row]] = await Promise.all([
    tx.sql<{ granted: boolean }[]>`select pg_try_advisory_xact_lock(${lockId(tenantId, key)}::bigint) as granted`,
    tx.sql<{ fingerprint: Uint8Array; status: number; bodySealed: Uint8Array; created_at: number }[]>`
      select fingerprint, status, body_sealed as "bodySealed", created_at from idempotency where tenant_id = ${tenantId} and key = ${key}`,
  ]);
  const kept = row !== undefined && row.created_at > now - IDEMPOTENCY_KEPT_MS;
  if (kept) {
    return sameBytes(row.fingerprint, fingerprint) ? { kind: 'replay', answer: { status: row.status, bodySealed: row.bodySealed } } : { kind: 'reused' };
  }
  if (lock?.granted !== true) return { kind: 'running' };
  if (row !== undefined) await tx.sql`delete from idempotency where tenant_id = ${tenantId} and key = ${key}`;
  return { kind: 'fresh' };
}

/** Keeps the answer beside its effect, in the effect's transaction. */
export async function rememberAnswer(tx: Tx, { tenantId, key, fingerprint, now }: Claim, answer: StoredAnswer): Promise<void> {
  await tx.sql`
    insert into idempotency (tenant_id, key, fingerprint, status, body_sealed, created_at)
    values (${tenantId}, ${key}, ${fingerprint}, ${answer.status}, ${answer.bodySealed}, ${now})`;
}

/** 64 bits of a hash: two different keys meet once in 10^19, and then one of them is asked to come again. */
function lockId(tenantId: TenantId, key: string): string {
  return createHash('sha256').update(`idempotency\0${tenantId}\0${key}`).digest().readBigInt64BE(0).toString();
}
