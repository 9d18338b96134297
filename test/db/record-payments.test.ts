import { storeEvents } from '../../db/write/store-events.ts';
import { fact, HOUR_MS, NOON, openTestReferrals, paid, refund, type TestReferrals } from '../support/referrals.ts';
import { untilItStands } from '../support/two-at-once.ts';

let world: TestReferrals;
let one: TestReferrals;
beforeAll(async () => {
  world = await openTestReferrals();
});
beforeEach(async () => {
  one = await world.another();
});
afterAll(() => world.close());

const dispute = (kind: 'dispute_opened' | 'dispute_won' | 'dispute_lost', names: readonly string[], more: { amountMinor?: number; currency?: string } = {}) =>
  fact(kind, null, { detail: { paymentNames: names, disputeId: 'd-1', ...more } });

test('a hundred identical conversions at once are one payment', async () => {
  const same = paid('ben', ['order-1', 'pi_1'], 4_900, { eventId: 'paid-1' });
  const answers = (await Promise.all(Array.from({ length: 100 }, () => one.tell(same)))).flat();
  expect(answers.filter(({ outcome }) => outcome === 'stored')).toHaveLength(1);
  expect(await one.payments()).toEqual([{ names: ['order-1', 'pi_1'], payer: 'ben', amountMinor: 4_900, currency: 'EUR', eventId: 'paid-1', changes: [] }]);
  const [all] = await one.database.superuser<{ n: number }[]>`select count(*)::int as n from payments where tenant_id = ${one.tenantId}`;
  expect(all?.n).toBe(1);
});

test('one payment that is reported by many, each by other names, all at once, is one', async () => {
  await Promise.all(Array.from({ length: 20 }, (_, n) => one.tell(paid('ben', [`n-${String(n)}`, `n-${String(n + 1)}`], 100, { eventId: `e-${String(n).padStart(2, '0')}` }))));
  expect(await one.payments()).toMatchObject([{ names: Array.from({ length: 21 }, (_, n) => `n-${String(n)}`).toSorted(), amountMinor: 100, eventId: 'e-00' }]);
});

test('a subscription\'s checkout and its first invoice are one payment, once something names both', async () => {
  await one.tell(paid('ben', ['cs_1'], 4_900, { eventId: 'checkout', occurredAt: NOON }));
  await one.tell(paid('ben', ['in_1'], 4_900, { eventId: 'invoice', occurredAt: NOON + 1 }), refund(['in_1'], 900));
  expect(await one.payments()).toHaveLength(2);
  await one.tell(paid('ben', ['cs_1', 'in_1', 'pi_1'], 4_900, { eventId: 'both', occurredAt: NOON + 2 }));
  expect(await one.payments()).toEqual([{ names: ['cs_1', 'in_1', 'pi_1'], payer: 'ben', amountMinor: 4_900, currency: 'EUR', eventId: 'checkout', changes: ['refunded 900'] }]);
  const merged = await one.database.superuser`select 1 from payments where tenant_id = ${one.tenantId} and merged_into is not null`;
  expect(merged).toHaveLength(1);
});

test('a refund and a dispute that come before their payment are kept and belong to it', async () => {
  expect(await one.tell(refund(['pi_1'], 500), { ...dispute('dispute_opened', ['pi_1']), occurredAt: NOON + 1 })).toMatchObject([{ outcome: 'stored' }, { outcome: 'stored' }]);
  expect(await one.payments()).toMatchObject([{ names: ['pi_1'], payer: null, amountMinor: null }]);
  await one.tell(paid('ben', ['order-1', 'pi_1'], 4_900));
  expect(await one.payments()).toMatchObject([{ names: ['order-1', 'pi_1'], payer: 'ben', amountMinor: 4_900, changes: ['refunded 500', 'dispute_opened all'] }]);
});

test.each([
  ['more than was paid', refund(['o'], 4_901), 'refund_above_payment'],
  ['in another currency', refund(['o'], 100, { currency: 'USD' }), 'mixed_currencies'],
  ['the same payment in another currency', paid('ben', ['o'], 4_900, { currency: 'USD' }), 'mixed_currencies'],
  ['names of two payments in two currencies', refund(['o', 'usd'], 1), 'mixed_currencies'],
])('%s is refused with its reason, and nothing is stored', async (_what, bad, reason) => {
  await one.tell(paid('ben', ['o'], 4_900), paid('ben', ['usd'], 100, { currency: 'USD' }));
  const before = await one.payments();
  expect(await one.tell(bad)).toMatchObject([{ outcome: 'refused', reason, detail: expect.any(String) }]);
  expect(await one.payments()).toEqual(before);
  expect(await one.database.superuser`select 1 from events where tenant_id = ${one.tenantId} and event_id = ${bad.eventId}`).toHaveLength(0);
});

test('what is refused spoils no other fact of its request, and may come again, corrected, under its eventId', async () => {
  await one.tell(paid('ben', ['o'], 4_900));
  const bad = refund(['o'], 5_000, { eventId: 'r' });
  expect(await one.tell(bad, paid('cleo', ['p']), bad)).toMatchObject([{ outcome: 'refused' }, { outcome: 'stored' }, { outcome: 'refused' }]);
  expect(await one.tell(refund(['o'], 4_900, { eventId: 'r' }))).toMatchObject([{ outcome: 'stored' }]);
  expect(await one.tell(refund(['o'], 100, { eventId: 'r' }))).toMatchObject([{ outcome: 'duplicate' }]);
});

test('a dispute in another currency is of the whole payment: how much of it that is, nobody can say', async () => {
  await one.tell(paid('ben', ['o'], 4_900));
  expect(await one.tell(dispute('dispute_lost', ['o'], { amountMinor: 1, currency: 'USD' }))).toMatchObject([{ outcome: 'stored' }]);
  expect(await one.payments()).toMatchObject([{ changes: ['dispute_lost all'] }]);
});

test('any fact may tell by which means a payment was made, before or after the payment itself', async () => {
  const hash = one.keyring.hashPaymentMeans(one.tenantId, 'card 1').toString('hex');
  const told = (name: string) => refund([name], 0, { detail: { paymentNames: [name], refundedMinor: 0, paymentFingerprint: 'card 1' } });
  await one.tell(told('before'));
  await one.tell(paid('ben', ['before'], 100), paid('cleo', ['after'], 100));
  await one.tell(told('after'));
  const rows = await one.database.superuser<{ hash: string }[]>`select encode(fingerprint_hash, 'hex') as hash from payments where tenant_id = ${one.tenantId}`;
  expect(rows.map((row) => row.hash)).toEqual([hash, hash]);
});

test('a conversion of nothing is a fact and no payment', async () => {
  expect(await one.tell(paid('ben', ['trial'], 0))).toMatchObject([{ outcome: 'stored' }]);
  expect(await one.payments()).toEqual([]);
});

test('the means of payment is kept as a keyed hash, and nowhere else', async () => {
  await one.tell(paid('ben', ['o'], 100, { means: 'card-fingerprint-4242' }));
  const [row] = await one.database.superuser<{ hash: string; detail: string }[]>`
    select encode(p.fingerprint_hash, 'hex') as hash, e.detail::text from payments p join events e on e.event_id = p.event_id and e.tenant_id = p.tenant_id where p.tenant_id = ${one.tenantId}`;
  expect(row?.hash).toBe(one.keyring.hashPaymentMeans(one.tenantId, 'card-fingerprint-4242').toString('hex'));
  expect(row?.detail).not.toContain('4242');
});

test('a word about a payment that waits for an earlier one goes on with what that one has told', async () => {
  await one.tell({ ...dispute('dispute_opened', ['pi_1', 'ch_1']), eventId: 'd' });
  let waiting: Promise<unknown> | undefined;
  await one.database.app.asTenant(one.tenantId, async (tx) => {
    await storeEvents(tx, one.keyring, { tenantId: one.tenantId, facts: [paid('ben', ['pi_1'], 4_900, { eventId: 'a' })], now: NOON });
    waiting = one.tell(refund(['ch_1'], 100, { eventId: 'r' }));
    await untilItStands(one.database, waiting);
  });
  await waiting;
  expect(await one.payments()).toMatchObject([{ names: ['ch_1', 'pi_1'], payer: 'ben', amountMinor: 4_900, eventId: 'a', changes: ['dispute_opened all', 'refunded 100'] }]);
});

test('reports, refunds and disputes in any order, one by one or at once, give the same payments', async () => {
  const facts = [
    paid('ben', ['cs_1', 'in_1'], 4_900, { eventId: 'a', occurredAt: NOON, product: 'pro' }), paid('ben', ['in_1', 'pi_1'], 4_900, { eventId: 'b', occurredAt: NOON + 1, product: 'price_1' }),
    paid('ben', ['pi_1', 'ch_1'], 4_900, { eventId: 'c', occurredAt: NOON + 2 }), refund(['ch_1'], 100, { eventId: 'd', occurredAt: NOON + HOUR_MS }),
    refund(['cs_1'], 300, { eventId: 'e', occurredAt: NOON + 2 * HOUR_MS }), { ...dispute('dispute_opened', ['pi_1']), eventId: 'f' }, paid('cleo', ['x'], 700, { eventId: 'g' }), refund(['x', 'y'], undefined, { eventId: 'h' }),
  ];
  const told = async (seed: number, step: number): Promise<unknown> => {
    const tenant = await world.another();
    const order = facts.map((each, n) => ({ each, at: (n * 7_919 * seed) % 103 })).toSorted((p, q) => p.at - q.at).map(({ each }) => each);
    if (step === 0) await Promise.all(order.map((each) => tenant.tell(each)));
    else for (let n = 0; n < order.length; n += step) await tenant.tell(...order.slice(n, n + step));
    return tenant.payments();
  };
  const first = await told(1, 8);
  expect(first).toMatchObject([{ names: ['ch_1', 'cs_1', 'in_1', 'pi_1'], eventId: 'a', amountMinor: 4_900 }, { names: ['x', 'y'], changes: ['refunded all'] }]);
  for (const [seed, step] of [[2, 1], [3, 1], [5, 3], [7, 2], [11, 0], [13, 0]] as const) expect(await told(seed, step)).toEqual(first);
});
