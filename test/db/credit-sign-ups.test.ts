import { randomBytes } from 'node:crypto';
import { loadReferralCourses } from '../../db/read/referral-courses.ts';
import { asId } from '../../src/domain/ids.ts';
import { DAY_MS, fact, HOUR_MS, NOON, openTestReferrals, paid, type TestReferrals } from '../support/referrals.ts';

let world: TestReferrals;
let one: TestReferrals;
beforeAll(async () => {
  world = await openTestReferrals();
});
beforeEach(async () => {
  one = await world.another();
});
afterAll(() => world.close());

const joins = (externalId: string, more: Parameters<typeof fact>[2] = {}) => fact('signed_up', externalId, more);

test('who typed a member\'s code is that member\'s referral, in the one program there is', async () => {
  const programId = await one.program();
  await one.tell(joins('ben', { code: await one.codeOf('ana') }));
  expect(await one.referrals()).toEqual([{ referrer: 'ana', referee: 'ben', programId, acquisition: true, selfReferral: false, confidence: 'high', kind: 'typed_code' }]);
});

test('a hundred identical sign-ups at once make one referral, one claim and one event', async () => {
  await one.program();
  const code = await one.codeOf('ana');
  const same = joins('ben', { code, eventId: 'signup-ben' });
  const answers = (await Promise.all(Array.from({ length: 100 }, () => one.tell(same)))).flat();
  expect(answers.filter(({ outcome }) => outcome === 'stored')).toHaveLength(1);
  expect(answers.filter(({ outcome }) => outcome === 'duplicate')).toHaveLength(99);
  expect(await one.referrals()).toHaveLength(1);
  expect(await one.claims('ben')).toHaveLength(1);
});

test('a typed code beats a later click, and the click is kept as outranked', async () => {
  await one.program();
  const clickId = await one.click(await one.shareLink('zoe'));
  await one.tell(joins('ben', { clickId, code: await one.codeOf('ana') }));
  expect(await one.referrals()).toMatchObject([{ referrer: 'ana', kind: 'typed_code' }]);
  expect(await one.claims('ben')).toMatchObject([{ referrer: 'zoe', kind: 'click_id', outcome: 'lost', reason: 'outranked' }, { referrer: 'ana', outcome: 'credited' }]);
});

test('the last visit within the window has the credit; one visitor\'s other visits speak, too', async () => {
  await one.program();
  const visitor = one.visitor();
  const [ana, zoe] = [await one.shareLink('ana'), await one.shareLink('zoe')];
  await one.click(zoe, { at: NOON - 8 * DAY_MS, visitor });
  const clickId = await one.click(ana, { at: NOON - 3 * HOUR_MS, visitor });
  await one.click(zoe, { at: NOON - HOUR_MS, visitor });
  await one.tell(joins('ben', { clickId }));
  expect(await one.referrals()).toMatchObject([{ referrer: 'zoe', kind: 'same_visitor', confidence: 'medium' }]);
  expect(await one.claims('ben')).toMatchObject([
    { referrer: 'zoe', reason: 'window_over' }, { referrer: 'ana', kind: 'click_id', reason: 'outranked' }, { referrer: 'zoe', outcome: 'credited' },
  ]);
});

test('a visit speaks for exactly seven times 24 hours', async () => {
  await one.program();
  const link = await one.shareLink('ana');
  const [inside, outside] = [await one.click(link, { at: NOON - 7 * DAY_MS + 1 }), await one.click(link, { at: NOON - 7 * DAY_MS })];
  await one.tell(joins('in-time', { clickId: inside }), joins('too-late', { clickId: outside }));
  expect(await one.referrals()).toMatchObject([{ referee: 'in-time' }]);
  expect(await one.claims('too-late')).toMatchObject([{ reason: 'window_over' }]);
});

test('a program\'s own rule says how far it looks back and which visit has it', async () => {
  const programId = await one.program({ credit: { windowMs: 30 * DAY_MS, prefers: 'first' } });
  const visitor = one.visitor();
  await one.click(await one.shareLink('zoe', { programId }), { at: NOON - 20 * DAY_MS, visitor });
  const clickId = await one.click(await one.shareLink('ana', { programId }), { visitor });
  await one.tell(joins('ben', { clickId }));
  expect(await one.referrals()).toMatchObject([{ referrer: 'zoe' }]);
});

test('a link without a program speaks for the oldest open one of the loop referral, else for the oldest open one', async () => {
  const code = await one.codeOf('ana');
  const invite = await one.program({ createdAt: NOON - 9 * DAY_MS });
  await one.program({ createdAt: NOON - 8 * DAY_MS });
  await one.tell(joins('b1', { code }));
  const closed = await one.program({ loop: 'referral', createdAt: NOON - 7 * DAY_MS, closedAt: NOON - DAY_MS });
  await one.tell(joins('b2', { code }));
  const referral = await one.program({ loop: 'referral', createdAt: NOON - 2 * DAY_MS });
  await one.tell(joins('b3', { code }), joins('b4', { code, occurredAt: NOON - DAY_MS - 1 }));
  expect((await one.referrals()).map(({ referee, programId }) => [referee, programId])).toEqual([['b1', invite], ['b2', invite], ['b3', referral], ['b4', closed]]);
});

test('a program that was closed in between takes no sign-up, and says so', async () => {
  const programId = await one.program({ closedAt: NOON });
  const clickId = await one.click(await one.shareLink('ana', { programId }));
  await one.tell(joins('late', { clickId }), joins('before', { clickId, occurredAt: NOON - 1 }));
  expect(await one.referrals()).toMatchObject([{ referee: 'before' }]);
  expect(await one.claims('late')).toMatchObject([{ outcome: 'lost', reason: 'program_closed' }]);
});

test('a second sign-up by another link changes nothing and is kept as duplicate', async () => {
  await one.program();
  await one.tell(joins('ben', { code: await one.codeOf('ana') }));
  const zoe = await one.codeOf('zoe');
  expect(await one.tell(joins('ben', { code: zoe, occurredAt: NOON + 1 }))).toMatchObject([{ outcome: 'stored' }]);
  expect(await one.referrals()).toMatchObject([{ referrer: 'ana' }]);
  expect(await one.claims('ben')).toMatchObject([{ referrer: 'ana', outcome: 'credited' }, { referrer: 'zoe', outcome: 'lost', reason: 'duplicate' }]);
});

test('one acquisition credit; another program\'s claim is kept as credited_elsewhere, a stackable one credits beside it', async () => {
  const [first, second, third] = [await one.program(), await one.program(), await one.program({ credit: { stackable: true } })];
  const visitor = one.visitor();
  await one.click(await one.shareLink('ana', { programId: first }), { at: NOON - 3 * HOUR_MS, visitor });
  await one.click(await one.shareLink('zoe', { programId: third }), { at: NOON - 2 * HOUR_MS, visitor });
  const clickId = await one.click(await one.shareLink('ana', { programId: second }), { visitor });
  await one.tell(joins('ben', { clickId }));
  expect((await one.referrals()).map(({ programId, referrer, acquisition }) => ({ programId, referrer, acquisition }))).toEqual(
    [{ programId: second, referrer: 'ana', acquisition: true }, { programId: third, referrer: 'zoe', acquisition: false }].toSorted((a, b) => (a.programId < b.programId ? -1 : 1)));
  expect(await one.claims('ben')).toMatchObject([{ reason: 'credited_elsewhere' }, { outcome: 'credited' }, { outcome: 'credited' }]);
});

test('what a conversion said before the sign-up is used once there is a referral, of a member nobody had heard of, too', async () => {
  await one.program();
  await one.tell(paid('stranger', ['o-1'], 4_900, { occurredAt: NOON - HOUR_MS }));
  await one.tell(joins('stranger', { code: await one.codeOf('ana'), detail: { country: 'FR' } }));
  const [row] = await one.database.superuser<{ id: string }[]>`select id from referrals where tenant_id = ${one.tenantId}`;
  const [file] = await one.database.app.asTenant(one.tenantId, (tx) => loadReferralCourses(tx, [asId('ref', row?.id ?? '')]));
  expect(file?.course.facts).toMatchObject([{ kind: 'signed_up', country: 'FR' }, { kind: 'converted', amountMinor: 4_900, currency: 'EUR' }]);
});

test('orders of telling that are shuffled give the same referrals', async () => {
  const tellShuffled = async (seed: number): Promise<unknown> => {
    const tenant = await world.another();
    await tenant.program();
    const code = await tenant.codeOf('ana');
    const facts = Array.from({ length: 6 }, (_, n) => `m${String(n)}`).flatMap((name) => [
      joins(name, { code, eventId: `s-${name}` }), fact('first_value', name, { eventId: `v-${name}` }), paid(name, [`o-${name}`], 1_000, { eventId: `c-${name}` }),
    ]);
    const order = facts.map((told, n) => ({ told, at: (n * 7_919 * seed) % 101 })).toSorted((a, b) => a.at - b.at);
    for (const { told } of order) await tenant.tell(told);
    const files = await tenant.database.app.asTenant(tenant.tenantId, async (tx) => {
      const rows = await tx.sql<{ id: string }[]>`select r.id from referrals r join members m on m.id = r.referee_id order by m.external_id`;
      const found = await loadReferralCourses(tx, rows.map(({ id }) => asId('ref', id)));
      return rows.map(({ id }) => found.find(({ referral }) => referral.id === id)?.course.facts.map(({ kind, id: told }) => [kind, told]));
    });
    return [(await tenant.referrals()).map(({ referrer, referee, kind }) => [referrer, referee, kind]), files];
  };
  const first = await tellShuffled(1);
  for (const seed of [2, 3, 5]) expect(await tellShuffled(seed)).toEqual(first);
});

test('a sign-up and a payment of one member at the same instant both count', async () => {
  await one.program();
  const code = await one.codeOf('ana');
  for (let n = 0; n < 10; n += 1) {
    const name = `quick${String(n)}`;
    await Promise.all([one.tell(joins(name, { code })), one.tell(paid(name, [`q-${name}`])), one.tell(fact('first_value', name))]);
  }
  const [row] = await one.database.superuser<{ qualified: number; activated: number }[]>`
    select count(qualified_at)::int as qualified, count(activated_at)::int as activated from referrals where tenant_id = ${one.tenantId}`;
  expect(row).toEqual({ qualified: 10, activated: 10 });
});

test('a network is no proof: visits from the same address do not speak', async () => {
  await one.program();
  const ipHash = randomBytes(16);
  await one.click(await one.shareLink('zoe'), { ipHash });
  await one.tell(joins('ben'));
  expect(await one.referrals()).toEqual([]);
});
