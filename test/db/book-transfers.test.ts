import fc from 'fast-check';
import { bookTransfers } from '../../db/write/ledger/book-transfers.ts';
import { accountKey, type Account } from '../../src/domain/ledger/accounts.ts';
import { balancesAfter, firstOverdraft } from '../../src/domain/ledger/balances.ts';
import { transfer } from '../../src/domain/ledger/transfer.ts';
import { MOST_MINOR } from '../../src/domain/money/amount.ts';
import { makeTestTenant, NOON, type TestTenant } from '../support/api.ts';
import { ANA, balancesOf, BEN, book, bookedIn, booking, BUDGET, earned, held, owed } from '../support/books.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
let tenant: TestTenant;
beforeAll(async () => { database = await openTestDatabase(); });
beforeEach(async () => { tenant = await makeTestTenant(database, NOON); });
afterAll(() => database.drop());

const TENANTS_OWN: Account = { kind: 'forfeits', ownerId: '' };
const messageOf = (error: unknown): string => (error instanceof Error ? `${error.message} ${'detail' in error ? String(error.detail) : ''}` : String(error));
async function failureOf(work: Promise<unknown>): Promise<string> {
  return work.then(() => 'no failure', messageOf);
}

test('transfers are booked in the order given, with their places, and balances moved', async () => {
  await book(database, tenant.tenantId, [
    booking(transfer(BUDGET, held(), 'EUR', 500), 'a:grant:0'),
    booking(transfer(held(), owed(), 'EUR', 500), 'a:release:0'),
    booking(transfer(BUDGET, held(BEN), 'points', 3), 'b:grant:0'),
  ]);
  await book(database, tenant.tenantId, [booking(transfer(owed(), TENANTS_OWN, 'EUR', 500), 'a:expire:0')]);
  expect([...(await bookedIn(database, tenant.tenantId))]).toEqual([
    { sequence: 1, id: 'a:grant:0' }, { sequence: 2, id: 'a:release:0' }, { sequence: 3, id: 'b:grant:0' }, { sequence: 4, id: 'a:expire:0' },
  ]);
  expect([...(await balancesOf(database, tenant.tenantId))]).toEqual([
    { ...TENANTS_OWN, unit: 'EUR', balanceMinor: 500 },
    { ...held(), unit: 'EUR', balanceMinor: 0 },
    { ...held(BEN), unit: 'points', balanceMinor: 3 },
    { ...owed(), unit: 'EUR', balanceMinor: 0 },
    { ...BUDGET, unit: 'EUR', balanceMinor: -500 },
    { ...BUDGET, unit: 'points', balanceMinor: -3 },
  ]);
  expect((await database.superuser`select last_sequence as last, sealed_through as sealed from ledgers where tenant_id = ${tenant.tenantId}`)[0]).toEqual({ last: 4, sealed: 0 });
});

test('a hundred bookings at once on one budget keep the order without gaps and every balance right', async () => {
  const members = [ANA, BEN];
  await Promise.all(Array.from({ length: 100 }, (_, n) => book(database, tenant.tenantId, [earned(n + 1, members[n % 2]), earned(1, members[(n + 1) % 2], 'points')])));
  const booked = await bookedIn(database, tenant.tenantId);
  expect(booked.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 200 }, (_, n) => n + 1));
  const balances = new Map((await balancesOf(database, tenant.tenantId)).map(({ kind, ownerId, unit, balanceMinor }) => [accountKey({ kind, ownerId }, unit), balanceMinor]));
  expect(balances.get(accountKey(BUDGET, 'EUR'))).toBe(-5050);
  expect((balances.get(accountKey(held(ANA), 'EUR')) ?? 0) + (balances.get(accountKey(held(BEN), 'EUR')) ?? 0)).toBe(5050);
  expect(balances.get(accountKey(BUDGET, 'points'))).toBe(-100);
});

test('those who name the same accounts in another order wait for each other, and none is lost', async () => {
  const both = (n: number) => (n % 2 === 0 ? [earned(1, ANA), earned(1, BEN)] : [earned(1, BEN), earned(1, ANA)]);
  await Promise.all(Array.from({ length: 40 }, (_, n) => book(database, tenant.tenantId, both(n))));
  expect(await bookedIn(database, tenant.tenantId)).toHaveLength(80);
});

test('an id that is booked already fails, names itself, and leaves nothing of its transaction', async () => {
  await book(database, tenant.tenantId, [booking(transfer(BUDGET, held(), 'EUR', 5), 'once:grant:0')]);
  const before = await balancesOf(database, tenant.tenantId);
  const again = book(database, tenant.tenantId, [earned(7, BEN), booking(transfer(BUDGET, held(), 'EUR', 5), 'once:grant:0')]);
  expect(await failureOf(again)).toContain('once:grant:0');
  expect([...(await balancesOf(database, tenant.tenantId))]).toEqual([...before]);
  expect(await bookedIn(database, tenant.tenantId)).toHaveLength(1);
  await book(database, tenant.tenantId, [earned(1)]);
  expect((await bookedIn(database, tenant.tenantId)).map(({ sequence }) => sequence)).toEqual([1, 2]);
});

test('one id twice in one list fails', async () => {
  expect(await failureOf(book(database, tenant.tenantId, [earned(1), booking(transfer(BUDGET, held(), 'EUR', 5), 'x:1'), booking(transfer(BUDGET, held(), 'EUR', 5), 'x:1')]))).toContain('x:1');
  expect(await bookedIn(database, tenant.tenantId)).toHaveLength(0);
});

test('the same id reported a hundred times at once is booked once', async () => {
  const outcomes = await Promise.allSettled(Array.from({ length: 100 }, () => book(database, tenant.tenantId, [booking(transfer(BUDGET, held(), 'EUR', 5), 'conversion:grant:0')])));
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect([...(await bookedIn(database, tenant.tenantId))]).toEqual([{ sequence: 1, id: 'conversion:grant:0' }]);
});

test('an account that would be lower than it may be fails with the ids, also where a later transfer would fill it again', async () => {
  await book(database, tenant.tenantId, [earned(10)]);
  const message = await failureOf(book(database, tenant.tenantId, [booking(transfer(held(), owed(), 'EUR', 11), 'too:much:0'), earned(5)]));
  expect(message).toContain('too:much:0');
  expect(message).toContain(accountKey(held(), 'EUR'));
  expect(await bookedIn(database, tenant.tenantId)).toHaveLength(1);
});

test('the database refuses a balance below 0 by itself, whoever writes it', async () => {
  await book(database, tenant.tenantId, [earned(10)]);
  expect(await failureOf(database.superuser`update accounts set balance_minor = -1 where tenant_id = ${tenant.tenantId} and kind = 'member_held'`)).toContain('accounts_check');
});

test('a sum that could no longer be counted exactly fails, and nothing is booked', async () => {
  await book(database, tenant.tenantId, [earned(MOST_MINOR)]);
  expect(await failureOf(book(database, tenant.tenantId, [earned(1, BEN)]))).toContain('leaves what can be counted exactly');
  expect(await failureOf(book(database, tenant.tenantId, [earned(1, BEN, 'points'), earned(MOST_MINOR, BEN, 'points')]))).toContain(accountKey(BUDGET, 'points'));
  expect(await bookedIn(database, tenant.tenantId)).toHaveLength(1);
});

test('the number of statements does not grow with the number of bookings', async () => {
  /** Fragments of a statement come through the same door; those begin with no verb. */
  const countOf = async (bookings: number): Promise<number> => {
    let statements = 0;
    await database.app.asTenant(tenant.tenantId, async (tx) => {
      const sql = new Proxy(tx.sql, {
        apply(target, self, args: [TemplateStringsArray, ...never[]]) {
          if (/^\s*(insert|select|with)/.test(args[0][0] ?? '')) statements += 1;
          const query: unknown = Reflect.apply(target, self, args);
          return query;
        },
      });
      await bookTransfers({ sql, orm: tx.orm, answerLater: tx.answerLater }, { tenantId: tenant.tenantId, bookings: Array.from({ length: bookings }, () => earned(1)), now: NOON });
    });
    return statements;
  };
  expect([await countOf(1), await countOf(300)]).toEqual([4, 4]);
  expect(await bookedIn(database, tenant.tenantId)).toHaveLength(301);
});

describe('what was booked stays as it was', () => {
  test.each([
    ['transfers', 'update transfers set amount_minor = 1'],
    ['transfers', 'delete from transfers'],
    ['transfers', 'truncate transfers'],
    ['ledger_blocks', "update ledger_blocks set hash = previous_hash"],
    ['ledger_blocks', 'delete from ledger_blocks'],
    ['ledger_blocks', 'truncate ledger_blocks'],
  ])('%s: %s is refused to the app, to the owner and to a superuser', async (table, statement) => {
    await book(database, tenant.tenantId, [earned(10)]);
    expect(await failureOf(database.app.asTenant(tenant.tenantId, ({ sql }) => sql.unsafe(statement)))).toContain('permission denied');
    expect(await failureOf(database.owner.unsafe(statement))).toContain(`${table} is insert-only`);
    expect(await failureOf(database.superuser.unsafe(statement))).toContain(`${table} is insert-only`);
  });
});

test('a tenant books and reads in its own books alone', async () => {
  const other = await makeTestTenant(database, NOON);
  await book(database, tenant.tenantId, [earned(10)]);
  await book(database, other.tenantId, [earned(3)]);
  const seen = await database.app.asTenant(other.tenantId, ({ sql }) => sql<{ kind: string; balanceMinor: number }[]>`select kind, balance_minor as "balanceMinor" from accounts order by kind`);
  expect([...seen]).toEqual([{ kind: 'member_held', balanceMinor: 3 }, { kind: 'program_budget', balanceMinor: -3 }]);
  expect(await failureOf(database.app.asTenant(other.tenantId, (tx) => bookTransfers(tx, { tenantId: tenant.tenantId, bookings: [earned(1)], now: NOON })))).toContain('row-level security');
  expect(await bookedIn(database, tenant.tenantId)).toHaveLength(1);
});

test('random bookings leave the balances that the rules reckon, however they are cut into transactions', async () => {
  const accounts: readonly Account[] = [BUDGET, held(ANA), held(BEN), owed(ANA), { kind: 'member_clawback', ownerId: ANA }, TENANTS_OWN];
  const anyTransfer = fc.record({ from: fc.integer({ min: 0, max: 5 }), to: fc.integer({ min: 0, max: 5 }), unit: fc.constantFrom('EUR', 'JPY', 'points'), amountMinor: fc.integer({ min: 1, max: 1_000 }) })
    .filter(({ from, to }) => from !== to)
    .map(({ from, to, unit, amountMinor }) => transfer(accounts[from] ?? BUDGET, accounts[to] ?? BUDGET, unit, amountMinor));
  await fc.assert(fc.asyncProperty(fc.array(fc.array(anyTransfer, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 6 }), async (lists) => {
    const { tenantId } = await makeTestTenant(database, NOON);
    let expected = balancesAfter([]);
    let count = 0;
    for (const list of lists) {
      const lawful = firstOverdraft(list, undefined, expected) === null;
      const failed = await failureOf(book(database, tenantId, list.map((one) => booking(one))));
      expect(failed === 'no failure').toBe(lawful);
      if (!lawful) continue;
      expected = balancesAfter(list, expected);
      count += list.length;
    }
    const stored = new Map((await balancesOf(database, tenantId)).map(({ kind, ownerId, unit, balanceMinor }) => [accountKey({ kind, ownerId }, unit), balanceMinor]));
    expect(stored).toEqual(new Map(expected));
    expect((await bookedIn(database, tenantId)).map(({ sequence }) => sequence)).toEqual(Array.from({ length: count }, (_, n) => n + 1));
  }), { numRuns: 25 });
});
