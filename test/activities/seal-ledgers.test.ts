import { MockActivityEnvironment } from '@temporalio/testing';
import { sealLedgers, type SealDeps, type SealTurn } from '../../activities/ledger/seal-ledgers.ts';
import { verifyLedger } from '../../db/read/verify-ledger.ts';
import type { TenantId } from '../../src/domain/ids.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { makeTestTenant, NOON, type TestTenant } from '../support/api.ts';
import { book, earned } from '../support/books.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
let tenants: TestTenant[];
let logged: string[];
let deps: SealDeps;
beforeEach(async () => {
  database = await openTestDatabase();
  tenants = [await makeTestTenant(database, NOON), await makeTestTenant(database, NOON + 1), await makeTestTenant(database, NOON + 2)];
  logged = [];
  deps = {
    db: database.app,
    clock: { now: () => NOON, skewMs: () => 0, close: () => {} },
    log: createLogger({ level: 'info', destination: { write: (line: string) => { logged.push(line); } } }),
    draining: new AbortController().signal,
  };
});
afterEach(() => database.drop());

const seal = (changed: Partial<SealDeps> = {}, after: TenantId | null = null): Promise<SealTurn> => new MockActivityEnvironment().run(() => sealLedgers({ ...deps, ...changed }, { after }));
const idOf = (n: number): TenantId => { const one = tenants[n]; if (one === undefined) throw new Error('no tenant'); return one.tenantId; };
const isSealed = async (n: number): Promise<boolean> => {
  const { transfers, sealed, outcome } = await database.app.asTenant(idOf(n), (tx) => verifyLedger(tx, idOf(n)));
  return outcome === 'sound' && transfers === sealed && sealed > 0;
};
const many = (count: number) => Array.from({ length: count }, () => earned(1));

test('every tenant with something to seal is sealed, and a second turn finds nothing to do', async () => {
  await book(database, idOf(0), many(1_500));
  await book(database, idOf(2), many(3));
  expect(await seal()).toEqual({ next: null, tenants: 2, blocks: 3, transfers: 1_503, failed: 0 });
  expect([await isSealed(0), await isSealed(2)]).toEqual([true, true]);
  expect(await seal()).toEqual({ next: null, tenants: 0, blocks: 0, transfers: 0, failed: 0 });
});

test('it goes on after the tenant it was given', async () => {
  for (const n of [0, 1, 2]) await book(database, idOf(n), many(1));
  expect(await seal({}, idOf(0))).toMatchObject({ tenants: 2 });
  expect([await isSealed(0), await isSealed(1), await isSealed(2)]).toEqual([false, true, true]);
});

test('a worker that drains ends after the block at hand, and the next call goes on there', async () => {
  await book(database, idOf(0), many(2_500));
  await book(database, idOf(1), many(1));
  expect(await seal({ draining: AbortSignal.abort() })).toEqual({ next: idOf(0), tenants: 1, blocks: 1, transfers: 1_000, failed: 0 });
  expect(await seal()).toMatchObject({ next: null, blocks: 3, transfers: 1_501 });
});

test('damaged books are told of and passed over; where all are, the turn fails', async () => {
  await book(database, idOf(0), many(3));
  await database.superuser.begin(async (sql) => {
    await sql`set local session_replication_role = replica`;
    await sql`delete from transfers where tenant_id = ${idOf(0)} and sequence = 2`;
  });
  await expect(seal()).rejects.toThrow('nothing at its place 2');
  await book(database, idOf(1), many(1));
  expect(await seal()).toMatchObject({ tenants: 2, blocks: 1, failed: 1 });
  expect(logged.some((line) => line.includes('could not be sealed') && line.includes(idOf(0)))).toBe(true);
  expect(await isSealed(1)).toBe(true);
});
