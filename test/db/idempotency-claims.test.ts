import { claimIdempotencyKeys, IDEMPOTENCY_KEPT_MS, rememberAnswers, type KeyClaim } from '../../db/write/idempotency.ts';
import type { Tx } from '../../db/client.ts';
import { makeTestTenant, NOON, type TestTenant } from '../support/api.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
let tenant: TestTenant;
beforeAll(async () => {
  database = await openTestDatabase();
  tenant = await makeTestTenant(database, NOON);
});
afterAll(() => database.drop());

const LATER = NOON + IDEMPOTENCY_KEPT_MS;
const fingerprint = Buffer.alloc(32, 1);
const use = (key: string) => ({ key, fingerprint });
const claim = (tx: Tx, keys: readonly string[], now = LATER): Promise<KeyClaim[]> => claimIdempotencyKeys(tx, { tenantId: tenant.tenantId, uses: keys.map(use), now });
const remember = (tx: Tx, keys: readonly string[], now = LATER): void =>
  rememberAnswers(tx, { tenantId: tenant.tenantId, now, uses: keys.map((key) => ({ ...use(key), answer: { status: 200, bodySealed: Buffer.from('answer') } })) });
const asTenant = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => database.app.asTenant(tenant.tenantId, work);
const kinds = (claims: readonly KeyClaim[]): string[] => claims.map(({ kind }) => kind);

test('who finds a key that was kept long ago just being used anew is told so at once, and what that one keeps stays', async () => {
  await asTenant(async (tx) => { remember(tx, ['old', 'other'], NOON); });
  const found = await asTenant(async (first) => {
    const mine = await claim(first, ['old']);
    // The first has it, and goes on: whoever comes must neither wait for it nor touch it.
    const theirs = await asTenant((second) => claim(second, ['old', 'other', 'fresh']));
    remember(first, ['old']);
    return { mine, theirs };
  });
  expect([kinds(found.mine), kinds(found.theirs)]).toEqual([['fresh'], ['running', 'fresh', 'fresh']]);
  expect(kinds(await asTenant((tx) => claim(tx, ['old'], LATER + 1)))).toEqual(['replay']);
});

/** The same transaction, whose statements after the first two are held back until `go`. */
function heldBack(tx: Tx, go: () => Promise<unknown>): Tx {
  let sent = 0;
  const sql = new Proxy(tx.sql, {
    apply(target, self, args: unknown[]): unknown {
      sent += 1;
      return sent <= 2 ? Reflect.apply(target, self, args) : go().then((): unknown => Reflect.apply(target, self, args));
    },
  });
  return { ...tx, sql };
}

test('an answer that is kept while another looks for its key is not taken away by it', async () => {
  await asTenant(async (tx) => { remember(tx, ['meanwhile'], NOON); });
  let looked: () => void = () => {};
  const hasLooked = new Promise<void>((resolve) => { looked = resolve; });
  let second: Promise<KeyClaim[]> | undefined;
  const first: Promise<void> = asTenant(async (tx) => {
    await claim(tx, ['meanwhile']);
    remember(tx, ['meanwhile']);
    second = asTenant(async (other) => {
      const claims = claim(heldBack(other, async () => { looked(); await first; }), ['meanwhile']);
      void claims.then(looked, looked);
      return claims;
    });
    await hasLooked;
  });
  await first;
  expect(kinds(await second ?? [])).toEqual(['running']);
  expect(kinds(await asTenant((tx) => claim(tx, ['meanwhile'], LATER + 1)))).toEqual(['replay']);
});

test('a key of any characters that a header takes is one key, whichever stand beside it', async () => {
  const printable = Array.from({ length: 95 }, (_none, n) => String.fromCharCode(32 + n)).join('');
  const odd = ['NULL', 'null', '{a,b}', '"', '\\', '\\"', ',', '{}', '""', "o'clock", '$1', '\\x00', ' inner  spaces ', printable, '\\'.repeat(255), '"'.repeat(255)];
  expect(kinds(await asTenant(async (tx) => {
    const claims = await claim(tx, [...odd, 'NULL', '"']);
    remember(tx, odd);
    return claims;
  }))).toEqual([...odd.map(() => 'fresh'), 'running', 'running']);
  const stored = await database.superuser<{ key: string }[]>`select key from idempotency where tenant_id = ${tenant.tenantId} and key = any(${odd}::text[])`;
  expect(stored.map(({ key }) => key).toSorted()).toEqual(odd.toSorted());
  expect(kinds(await asTenant((tx) => claim(tx, odd)))).toEqual(odd.map(() => 'replay'));
});
