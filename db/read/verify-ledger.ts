import type { TenantId } from '../../src/domain/ids.ts';
import { ACCOUNT_KINDS, isAccountKind } from '../../src/domain/ledger/accounts.ts';
import { BLOCK_TRANSFERS, CHAIN_START, followChain, type ChainEnd } from '../../src/domain/ledger/canonical-block.ts';
import type { LedgerFault, LedgerVerdict } from '../../src/domain/ledger/verdict.ts';
import type { Tx } from '../client.ts';
import { asSealed, readBlocks, readChained, sha256, type ChainedTransfer } from './ledger-chain.ts';

/** Rows read at once: of accounts, of blocks, of transfers outside of blocks. */
const AT_ONCE = { accounts: 5_000, blocks: 200, transfers: 1_000 };

/** How far it has come. */
export type VerifyProgress = { readonly transfers: number; readonly of: number };

/**
 * Proves a tenant's books, as they stood when it began: each block follows from the one before it and seals what stands there now,
 * places have no gaps, a transfer's accounts are of its unit (so debits equal credits), and each balance is the sum of the
 * account's transfers and no lower than it may be. Read piece by piece, of which accounts alone are all kept (a number each).
 * Stops at the first fault in the order of the places, then of the accounts. What was cut off the end, blocks and ledger
 * alike, shows only to who has kept the hash of a later block.
 */
export async function verifyLedger(tx: Tx, tenantId: TenantId, tell: (progress: VerifyProgress) => void = () => {}): Promise<LedgerVerdict> {
  const books = await readBooks(tx, tenantId);
  const walk: Walk = { books, transfers: 0, end: CHAIN_START, tell };
  const fault = (await checkBlocks(tx, tenantId, walk)) ?? (await checkRest(tx, tenantId, walk)) ?? (await checkBalances(tx, tenantId, walk));
  const { transfers, end } = walk;
  return {
    outcome: fault === null ? 'sound' : 'broken', transfers, sealed: Math.min(transfers, books.sealedThrough), blocks: end.number,
    hash: end.number === 0 ? null : end.hash, accounts: books.left.size, fault,
  };
}

/** The ledger's row, and of each account what of its balance no transfer has explained yet. */
type Books = { readonly lastSequence: number; readonly sealedThrough: number; readonly highest: number; readonly left: Map<number, number>; readonly overdrawn: number | null };
type Walk = { readonly books: Books; transfers: number; end: ChainEnd; readonly tell: (progress: VerifyProgress) => void };

/** One statement, so one instant: whoever books changes accounts and ledger together. */
async function readBooks(tx: Tx, tenantId: TenantId): Promise<Books> {
  const left = new Map<number, number>();
  let [lastSequence, sealedThrough, highest] = [0, 0, 0];
  let overdrawn: number | null = null;
  const pages = tx.sql<{ lastSequence: number | null; sealedThrough: number | null; highest: number | null; id: number | null; kind: string; balanceMinor: number }[]>`
    select l.last_sequence as "lastSequence", l.sealed_through as "sealedThrough", (select max(sequence) from transfers where tenant_id = ${tenantId}) as highest, a.id, a.kind, a.balance_minor as "balanceMinor"
    from (select * from ledgers where tenant_id = ${tenantId}) l full join (select * from accounts where tenant_id = ${tenantId}) a on a.tenant_id = l.tenant_id`.cursor(AT_ONCE.accounts);
  for await (const rows of pages) {
    for (const row of rows) {
      [lastSequence, sealedThrough, highest] = [row.lastSequence ?? 0, row.sealedThrough ?? 0, row.highest ?? 0];
      if (row.id === null) continue;
      left.set(row.id, row.balanceMinor);
      if (row.balanceMinor < 0 && !(isAccountKind(row.kind) && ACCOUNT_KINDS[row.kind].mayBeNegative)) overdrawn ??= row.id;
    }
  }
  return { lastSequence, sealedThrough, highest, left, overdrawn };
}

async function checkBlocks(tx: Tx, tenantId: TenantId, walk: Walk): Promise<LedgerFault | null> {
  const { sealedThrough } = walk.books;
  for (;;) {
    const blocks = (await readBlocks(tx, tenantId, { after: walk.end.number, limit: AT_ONCE.blocks })).filter(({ lastSequence }) => lastSequence <= sealedThrough);
    for (const { number, firstSequence, lastSequence, previousHash, hash } of blocks) {
      const fault: LedgerFault = { kind: 'block', number, firstSequence, lastSequence };
      const limit = lastSequence - walk.transfers;
      if (firstSequence !== walk.transfers + 1 || limit > BLOCK_TRANSFERS) return fault;
      const transfers = await readChained(tx, tenantId, { after: walk.transfers, through: lastSequence, limit });
      const next = followChain(walk.end, { tenantId, number, previousHash, hash, transfers: transfers.map(asSealed) }, sha256);
      if (next === null || transfers.length !== limit) return fault;
      const wrong = count(walk, transfers);
      if (wrong !== null) return wrong;
      walk.end = next;
    }
    if (blocks.length < AT_ONCE.blocks) return walk.transfers === sealedThrough ? null : { kind: 'sealed_through', sealedThrough, lastBlockEndsAt: walk.transfers };
  }
}

/** What is not sealed yet. */
async function checkRest(tx: Tx, tenantId: TenantId, walk: Walk): Promise<LedgerFault | null> {
  const { lastSequence, highest } = walk.books;
  while (walk.transfers < lastSequence) {
    const after = walk.transfers;
    const transfers = await readChained(tx, tenantId, { after, through: lastSequence, limit: AT_ONCE.transfers });
    const wrong = count(walk, transfers);
    if (wrong !== null) return wrong;
    if (transfers.length === 0) return { kind: 'sequence', sequence: after + 1 };
  }
  return highest > lastSequence ? { kind: 'sequence', sequence: lastSequence + 1 } : null;
}

/** Takes transfers, which must be the next ones, off what is left of the balances. */
function count(walk: Walk, transfers: readonly ChainedTransfer[]): LedgerFault | null {
  const { books, tell } = walk;
  for (const { sequence, id, debitRow, creditRow, amountMinor, sameUnit } of transfers) {
    if (sequence !== walk.transfers + 1) return { kind: 'sequence', sequence: walk.transfers + 1 };
    if (!sameUnit) return { kind: 'unit', sequence, id };
    books.left.set(debitRow, (books.left.get(debitRow) ?? 0) + amountMinor);
    books.left.set(creditRow, (books.left.get(creditRow) ?? 0) - amountMinor);
    walk.transfers = sequence;
  }
  tell({ transfers: walk.transfers, of: books.lastSequence });
  return null;
}

/** The first account, by its row, that its transfers do not explain or that is too low. */
async function checkBalances(tx: Tx, tenantId: TenantId, { books }: Walk): Promise<LedgerFault | null> {
  const unexplained = [...books.left].flatMap(([id, left]) => (left === 0 ? [] : [id]));
  const row = [...unexplained, ...(books.overdrawn === null ? [] : [books.overdrawn])].reduce<number | null>((first, id) => (first === null ? id : Math.min(first, id)), null);
  if (row === null) return null;
  const [found] = await tx.sql<{ account: string; unit: string; balanceMinor: number }[]>`
    select kind || ':' || owner_id as account, unit, balance_minor as "balanceMinor" from accounts where tenant_id = ${tenantId} and id = ${row}`;
  const { account, unit, balanceMinor } = found ?? { account: `row ${String(row)}`, unit: '', balanceMinor: 0 };
  const left = books.left.get(row) ?? 0;
  return left === 0 ? { kind: 'overdrawn', account, unit, balanceMinor } : { kind: 'balance', account, unit, balanceMinor, sumMinor: balanceMinor - left };
}
