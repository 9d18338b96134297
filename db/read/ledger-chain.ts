import { createHash } from 'node:crypto';
import type { TenantId } from '../../src/domain/ids.ts';
import { CHAIN_START, type ChainEnd, type SealedTransfer } from '../../src/domain/ledger/canonical-block.ts';
import type { Tx } from '../client.ts';

export type StoredBlock = { number: number; firstSequence: number; lastSequence: number; previousHash: string; hash: string; sealedAt: number };

/** How far a tenant's books and their chain have come, as of one instant. */
export type LedgerHead = { readonly lastSequence: number; readonly sealedThrough: number; readonly lastBlock: StoredBlock | null };

/** SHA-256 of a text, as hex. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Nothing booked, nothing sealed, for a tenant that has no books yet. */
export async function readLedgerHead(tx: Tx, tenantId: TenantId): Promise<LedgerHead> {
  const [row] = await tx.sql<{ lastSequence: number; sealedThrough: number; lastBlock: StoredBlock | null }[]>`
    select l.last_sequence as "lastSequence", l.sealed_through as "sealedThrough",
      (select json_build_object('number', b.number, 'firstSequence', b.first_sequence, 'lastSequence', b.last_sequence, 'previousHash', encode(b.previous_hash, 'hex'), 'hash', encode(b.hash, 'hex'),
         'sealedAt', (extract(epoch from b.sealed_at) * 1000)::bigint)
       from ledger_blocks b where b.tenant_id = ${tenantId} order by b.number desc limit 1) as "lastBlock"
    from ledgers l where l.tenant_id = ${tenantId}`;
  return row ?? { lastSequence: 0, sealedThrough: 0, lastBlock: null };
}

export function chainEnd({ lastBlock }: LedgerHead): ChainEnd {
  return lastBlock ?? CHAIN_START;
}

/** Blocks after a number, in their order. */
export async function readBlocks(tx: Tx, tenantId: TenantId, { after, limit }: { after: number; limit: number }): Promise<StoredBlock[]> {
  return tx.sql<StoredBlock[]>`
    select number, first_sequence as "firstSequence", last_sequence as "lastSequence", encode(previous_hash, 'hex') as "previousHash", encode(hash, 'hex') as hash, sealed_at as "sealedAt"
    from ledger_blocks where tenant_id = ${tenantId} and number > ${after} order by number limit ${limit}`;
}

/** A transfer as it is sealed, with its accounts as rows and whether both are of its unit. */
export type ChainedTransfer = SealedTransfer & { readonly debitRow: number; readonly creditRow: number; readonly sameUnit: boolean };

/**
 * Transfers by their places, from after one up to and with another. An account is sealed as its kind and owner, not as the number of
 * its row: whose it is can then not be changed either. Looked up one by one, so that a block costs the same in large books.
 */
export async function readChained(tx: Tx, tenantId: TenantId, { after, through, limit }: { after: number; through: number; limit: number }): Promise<ChainedTransfer[]> {
  return tx.sql<ChainedTransfer[]>`
    select t.sequence, t.id, d.kind || ':' || d.owner_id as "debitAccountId", c.kind || ':' || c.owner_id as "creditAccountId", t.unit, t.amount_minor as "amountMinor",
      t.booked_at as "bookedAt", t.debit_account_id as "debitRow", t.credit_account_id as "creditRow", d.unit = t.unit and c.unit = t.unit as "sameUnit"
    from (select * from transfers where tenant_id = ${tenantId} and sequence > ${after} and sequence <= ${through} order by sequence limit ${limit}) t
    cross join lateral (select * from accounts a where a.id = t.debit_account_id limit 1) d
    cross join lateral (select * from accounts a where a.id = t.credit_account_id limit 1) c
    order by t.sequence`;
}

/** What of it the hash is made of. */
export function asSealed({ sequence, id, debitAccountId, creditAccountId, unit, amountMinor, bookedAt }: ChainedTransfer): SealedTransfer {
  return { sequence, id, debitAccountId, creditAccountId, unit, amountMinor, bookedAt };
}
