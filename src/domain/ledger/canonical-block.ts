import { isAmount } from '../money/amount.ts';

/** A committed transfer as the chain sees it: ids and numbers, never what a person could be known by. */
export type SealedTransfer = {
  /** Its place in the tenant's ledger. */
  readonly sequence: number;
  readonly id: string;
  readonly debitAccountId: string;
  readonly creditAccountId: string;
  readonly unit: string;
  readonly amountMinor: number;
  /** Epoch ms. */
  readonly bookedAt: number;
};

export type BlockContent = {
  readonly tenantId: string;
  /** From 1. */
  readonly number: number;
  /** The hash of the block before, as hex; 64 zeros in the first. */
  readonly previousHash: string;
  readonly transfers: readonly SealedTransfer[];
};

/** Transfers of one block at most. */
export const BLOCK_TRANSFERS = 1_000;
export const GENESIS_HASH = '0'.repeat(64);
const FORMAT = 'flywheel-ledger-block/1';
const WORD = /^[A-Za-z0-9_.:-]{1,80}$/;
const HASH = /^[0-9a-f]{64}$/;

/**
 * The one text of a block, to be hashed (SHA-256 of its ASCII bytes): a line for the format, tenant, number, hash before
 * and count, then a line a transfer by sequence, its fields parted by spaces. No field can hold a space or a line's end, so two
 * different blocks never give one text. Throws on anything else: an empty block, a sequence twice, a field with other signs.
 */
export function canonicalBlock({ tenantId, number, previousHash, transfers }: BlockContent): string {
  if (!HASH.test(previousHash)) throw new Error('the hash before must be 64 hex digits');
  if ((number === 1) !== (previousHash === GENESIS_HASH)) throw new Error('the first block, and no other, follows 64 zeros');
  if (transfers.length === 0) throw new Error('a block seals at least one transfer');
  if (new Set(transfers.map(({ sequence }) => sequence)).size !== transfers.length) throw new Error('a sequence stands in the block twice');
  const lines = transfers.toSorted((a, b) => a.sequence - b.sequence).map(({ sequence, id, debitAccountId, creditAccountId, unit, amountMinor, bookedAt }) =>
    [whole(sequence), word(id), word(debitAccountId), word(creditAccountId), word(unit), whole(amountMinor), whole(bookedAt)].join(' '));
  return [FORMAT, word(tenantId), whole(number), previousHash, String(lines.length), ...lines].join('\n');
}

export type Sealed = BlockContent & { readonly hash: string };

/** Where a chain has come to: the number and hash of its last block. */
export type ChainEnd = { readonly number: number; readonly hash: string };
export const CHAIN_START: ChainEnd = { number: 0, hash: GENESIS_HASH };

/** The chain with one block more, by `hash` (of a canonical text, as hex); null where the block does not follow, or is not what was hashed. */
export function followChain(end: ChainEnd, block: Sealed, hash: (text: string) => string): ChainEnd | null {
  const follows = block.number === end.number + 1 && block.previousHash === end.hash;
  return follows && hashOf(block, hash) === block.hash ? { number: block.number, hash: block.hash } : null;
}

/**
 * The number of the first block that does not follow from those before it, by `hash` (of a canonical text, as hex), or seals a
 * transfer again; null where the chain is whole. Sequences may come late: what committed after its neighbours stands in a later block.
 */
export function firstBrokenBlock(blocks: readonly Sealed[], hash: (text: string) => string): number | null {
  let end = CHAIN_START;
  const sealed = new Set<number>();
  for (const [index, block] of blocks.entries()) {
    const next = block.transfers.some(({ sequence }) => sealed.has(sequence)) ? null : followChain(end, block, hash);
    if (next === null) return index + 1;
    end = next;
    for (const { sequence } of block.transfers) sealed.add(sequence);
  }
  return null;
}

/** Null for a block that could never have been sealed as it now stands. */
function hashOf(block: BlockContent, hash: (text: string) => string): string | null {
  try {
    return hash(canonicalBlock(block));
  } catch {
    return null;
  }
}

function whole(value: number): string {
  if (!isAmount(value)) throw new Error(`not a whole number from 1: ${String(value)}`);
  return String(value);
}

function word(text: string): string {
  if (!WORD.test(text)) throw new Error('a field of a block has signs that none may have');
  return text;
}
