import { sealBlock, type SealedNow } from '../../db/write/ledger/seal-block.ts';
import { verifyLedger } from '../../db/read/verify-ledger.ts';
import { readLedgerHead, sha256 } from '../../db/read/ledger-chain.ts';
import { canonicalBlock, GENESIS_HASH } from '../../src/domain/ledger/canonical-block.ts';
import { sayFault, type LedgerVerdict } from '../../src/domain/ledger/verdict.ts';
import { transfer } from '../../src/domain/ledger/transfer.ts';
import { makeTestTenant, NOON, type TestTenant } from '../support/api.ts';
import { ANA, BEN, book, booking, BUDGET, earned, held, PROGRAM } from '../support/books.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
let tenant: TestTenant;
beforeAll(async () => { database = await openTestDatabase(); });
beforeEach(async () => { tenant = await makeTestTenant(database, NOON); });
afterAll(() => database.drop());

const seal = (): Promise<SealedNow> => database.app.asTenant(tenant.tenantId, (tx) => sealBlock(tx, { tenantId: tenant.tenantId, now: NOON }));
const verify = (): Promise<LedgerVerdict> => database.app.asTenant(tenant.tenantId, (tx) => verifyLedger(tx, tenant.tenantId));
const many = (count: number) => Array.from({ length: count }, (_, n) => earned(n + 1, n % 2 === 0 ? ANA : BEN));

/** As nobody of ours can: with the rule switched off. */
async function tamper(statement: string): Promise<void> {
  await database.superuser.begin(async (sql) => {
    await sql`set local session_replication_role = replica`;
    await sql.unsafe(statement.replaceAll(':tenant', `'${tenant.tenantId}'`));
  });
}

test('a block seals what is booked: the published text, hashed, after the hash before it', async () => {
  await book(database, tenant.tenantId, [booking(transfer(BUDGET, held(), 'EUR', 500), 'rew_1:grant:0')], NOON);
  const hash = sha256(canonicalBlock({
    tenantId: tenant.tenantId, number: 1, previousHash: GENESIS_HASH,
    transfers: [{ sequence: 1, id: 'rew_1:grant:0', debitAccountId: `program_budget:${PROGRAM}`, creditAccountId: `member_held:${ANA}`, unit: 'EUR', amountMinor: 500, bookedAt: NOON }],
  }));
  expect(await seal()).toEqual({ outcome: 'sealed', number: 1, transfers: 1, hash, more: false });
  expect(await seal()).toEqual({ outcome: 'nothing_to_seal' });
  await book(database, tenant.tenantId, [earned(1)]);
  expect(await seal()).toMatchObject({ outcome: 'sealed', number: 2 });
  const head = await database.app.asTenant(tenant.tenantId, (tx) => readLedgerHead(tx, tenant.tenantId));
  expect(head).toMatchObject({ lastSequence: 2, sealedThrough: 2, lastBlock: { number: 2, firstSequence: 2, lastSequence: 2, previousHash: hash, sealedAt: NOON } });
});

test('a block holds 1,000 transfers at most, and the next goes on after it', async () => {
  await book(database, tenant.tenantId, many(2_300));
  expect([await seal(), await seal(), await seal(), await seal()]).toMatchObject([
    { outcome: 'sealed', number: 1, transfers: 1_000, more: true },
    { outcome: 'sealed', number: 2, transfers: 1_000, more: true },
    { outcome: 'sealed', number: 3, transfers: 300, more: false },
    { outcome: 'nothing_to_seal' },
  ]);
  expect(await verify()).toMatchObject({ outcome: 'sound', transfers: 2_300, sealed: 2_300, blocks: 3, accounts: 3, fault: null });
});

test('of sealers at once one makes a block and the others make none', async () => {
  await book(database, tenant.tenantId, many(50));
  const outcomes = await Promise.all(Array.from({ length: 8 }, seal));
  expect(outcomes.filter(({ outcome }) => outcome === 'sealed')).toHaveLength(1);
  const blocks = await database.superuser`select number from ledger_blocks where tenant_id = ${tenant.tenantId}`;
  expect(blocks).toHaveLength(1);
  expect(await verify()).toMatchObject({ outcome: 'sound', blocks: 1, sealed: 50 });
});

test('while others book, what is sealed has no gaps and what is verified is sound', async () => {
  const verdicts: LedgerVerdict[] = [];
  const bookAll = Promise.all(Array.from({ length: 60 }, () => book(database, tenant.tenantId, many(5))));
  const watch = async (): Promise<void> => { for (let turn = 0; turn < 12; turn += 1) { await seal(); verdicts.push(await verify()); } };
  await Promise.all([bookAll, watch()]);
  expect(verdicts.map(({ fault }) => fault)).toEqual(verdicts.map(() => null));
  await seal();
  expect(await verify()).toMatchObject({ outcome: 'sound', transfers: 300, sealed: 300 });
});

test('books without an entry are sound', async () => {
  expect(await verify()).toEqual({ outcome: 'sound', transfers: 0, sealed: 0, blocks: 0, hash: null, accounts: 0, fault: null });
});

describe('what was tampered with is found at its place', () => {
  /** Two blocks of 1,000, one of 100, and 50 that are not sealed. */
  beforeEach(async () => {
    await book(database, tenant.tenantId, many(2_100));
    for (let block = 0; block < 3; block += 1) await seal();
    await book(database, tenant.tenantId, many(50));
    expect(await verify()).toMatchObject({ outcome: 'sound', transfers: 2_150, sealed: 2_100 });
  });

  test.each([
    ['an amount', 'update transfers set amount_minor = amount_minor + 1 where tenant_id = :tenant and sequence = 1500', { kind: 'block', number: 2, firstSequence: 1001, lastSequence: 2000 }],
    ['when it was booked', "update transfers set booked_at = booked_at + interval '1 ms' where tenant_id = :tenant and sequence = 2001", { kind: 'block', number: 3 }],
    ['whose it is', `update transfers set credit_account_id = (select id from accounts where tenant_id = :tenant and kind = 'member_held' and owner_id = '${BEN}') where tenant_id = :tenant and sequence = 1`, { kind: 'block', number: 1 }],
    ['whose an account is', `update accounts set owner_id = 'mbr_01kx7m3p9q2r4s5t6v7w8x9y9z' where tenant_id = :tenant and owner_id = '${ANA}'`, { kind: 'block', number: 1 }],
    ['a transfer removed from a block', 'delete from transfers where tenant_id = :tenant and sequence = 2000', { kind: 'block', number: 2 }],
    ['a hash', "update ledger_blocks set hash = decode(repeat('a', 64), 'hex') where tenant_id = :tenant and number = 1", { kind: 'block', number: 1 }],
    ['a block taken out of the middle', 'delete from ledger_blocks where tenant_id = :tenant and number = 2', { kind: 'block', number: 3 }],
    ['the last block taken off', 'delete from ledger_blocks where tenant_id = :tenant and number = 3', { kind: 'sealed_through', sealedThrough: 2100, lastBlockEndsAt: 2000 }],
    ['a transfer removed that is not sealed', 'delete from transfers where tenant_id = :tenant and sequence = 2120', { kind: 'sequence', sequence: 2120 }],
    ['the last transfer removed', 'delete from transfers where tenant_id = :tenant and sequence = 2150', { kind: 'sequence', sequence: 2150 }],
    ['a place beyond the last', "insert into transfers select tenant_id, 2160, 'late:1', debit_account_id, credit_account_id, unit, 1, null, null, move, booked_at from transfers where tenant_id = :tenant and sequence = 1", { kind: 'sequence', sequence: 2151 }],
    ['an amount that is not sealed', 'update transfers set amount_minor = amount_minor + 1 where tenant_id = :tenant and sequence = 2120', { kind: 'balance' }],
    ['another unit that is not sealed', "update transfers set unit = 'JPY' where tenant_id = :tenant and sequence = 2120", { kind: 'unit', sequence: 2120 }],
    ['a balance', `update accounts set balance_minor = balance_minor + 7 where tenant_id = :tenant and kind = 'member_held' and owner_id = '${BEN}'`, { kind: 'balance', account: `member_held:${BEN}`, unit: 'EUR' }],
  ])('%s', async (_what, statement, fault) => {
    await tamper(statement);
    const verdict = await verify();
    expect(verdict).toMatchObject({ outcome: 'broken', fault });
    if (verdict.fault === null) throw new Error('no fault');
    expect(sayFault(verdict.fault)).not.toContain('undefined');
  });

  test('what was cut off the end shows against a hash that was kept', async () => {
    const kept = await verify();
    await tamper('delete from ledger_blocks where tenant_id = :tenant and number = 3');
    await tamper('delete from transfers where tenant_id = :tenant and sequence > 2000');
    await tamper('update ledgers set last_sequence = 2000, sealed_through = 2000 where tenant_id = :tenant');
    expect((await verify()).hash).not.toBe(kept.hash);
  });
});

test('a sealer refuses books with a gap, and says which place is empty', async () => {
  await book(database, tenant.tenantId, many(3));
  await tamper('delete from transfers where tenant_id = :tenant and sequence = 2');
  await expect(seal()).rejects.toThrow('nothing at its place 2');
});
