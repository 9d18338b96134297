import type { TenantId } from '../../../src/domain/ids.ts';
import { BLOCK_TRANSFERS, canonicalBlock } from '../../../src/domain/ledger/canonical-block.ts';
import type { Tx } from '../../client.ts';
import { asSealed, chainEnd, readChained, readLedgerHead, sha256 } from '../../read/ledger-chain.ts';

export type SealedNow =
  | { readonly outcome: 'sealed'; readonly number: number; readonly transfers: number; readonly hash: string; /** There is more to seal. */ readonly more: boolean }
  | { readonly outcome: 'nothing_to_seal' }
  /** Another sealer made this block meanwhile. */
  | { readonly outcome: 'sealed_by_another' };

/**
 * Seals a tenant's next transfers, 1,000 at most, into one block. What is visible is committed and without gaps, because who
 * books keeps the ledger's row until it has committed; so nothing is locked while it is read and hashed. Of two sealers the block's
 * number decides: the second finds it taken and leaves the ledger as it is. Throws where a place is empty: the books are damaged,
 * and `flywheel ledger verify` says where.
 */
export async function sealBlock(tx: Tx, { tenantId, now }: { tenantId: TenantId; now: number }): Promise<SealedNow> {
  const head = await readLedgerHead(tx, tenantId);
  if (head.lastSequence === head.sealedThrough) return { outcome: 'nothing_to_seal' };
  const end = chainEnd(head);
  const after = head.sealedThrough;
  const through = Math.min(head.lastSequence, after + BLOCK_TRANSFERS);
  const transfers = await readChained(tx, tenantId, { after, through, limit: BLOCK_TRANSFERS });
  const gap = transfers.findIndex(({ sequence }, place) => sequence !== after + place + 1);
  if (gap >= 0 || transfers.length !== through - after) {
    throw new Error(`the ledger of ${tenantId} has nothing at its place ${String(after + (gap >= 0 ? gap : transfers.length) + 1)}; nothing was sealed`);
  }
  const number = end.number + 1;
  const hash = sha256(canonicalBlock({ tenantId, number, previousHash: end.hash, transfers: transfers.map(asSealed) }));
  const made = await tx.sql`
    insert into ledger_blocks (tenant_id, number, first_sequence, last_sequence, previous_hash, hash, sealed_at)
    values (${tenantId}, ${number}, ${after + 1}, ${through}, decode(${end.hash}, 'hex'), decode(${hash}, 'hex'), ${now})
    on conflict do nothing returning number`;
  if (made.length === 0) return { outcome: 'sealed_by_another' };
  const moved = await tx.sql`update ledgers set sealed_through = ${through} where tenant_id = ${tenantId} and sealed_through = ${after} returning tenant_id`;
  if (moved.length === 0) throw new Error(`the ledger of ${tenantId} is not sealed through ${String(after)}, though its last block ends there`);
  return { outcome: 'sealed', number, transfers: transfers.length, hash, more: through < head.lastSequence };
}
