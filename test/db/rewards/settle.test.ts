import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { DAY_MS, openRewards, START } from '../../support/arrange-rewards.ts';
import type { RewardTerms } from '../../../src/domain/reward/reward-terms.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.drop());

const percent: RewardTerms = { holdDays: 30, rules: [{ key: 'first', to: 'referrer', on: { kind: 'nth_conversion', n: 1 }, give: { kind: 'percent', basisPoints: 1_500 } }] };
const fixed: RewardTerms = {
  holdDays: 30,
  rules: [{ key: 'first', to: 'both', on: { kind: 'nth_conversion', n: 1 }, give: { kind: 'fixed', unit: 'EUR', amountMinor: 500 }, when: { amount: { currency: 'EUR', minMinor: 2_000 } } }],
};

test('a conversion earns once, however often its referral is settled', async () => {
  const world = await openRewards(database, percent);
  const { id, refereeId } = await world.refer();
  await world.settle([id]);
  expect(await world.rewards()).toEqual([]);
  await world.pay(refereeId, { amountMinor: 10_000 });
  await world.settle([id]);
  await world.settle([id]);
  expect(await world.rewards()).toMatchObject([{ memberId: world.referrer, unit: 'EUR', grantedMinor: 1_500, state: 'held', generation: 0, holdUntil: START + 31 * DAY_MS, referralId: id }]);
  expect(await world.balances()).toEqual(new Map([[`member_held/${world.referrer}/EUR`, 1_500], [`program_budget/${world.programId}/EUR`, -1_500]]));
  expect(await world.budget('EUR')).toEqual({ total: null, reserved: 1_500, confirmed: 0 });
  expect(await world.state(id)).toBe('qualified');
});

test('one conversion pays once when a hundred settle it at once', async () => {
  const world = await openRewards(database, percent);
  const { id, refereeId } = await world.refer();
  await world.pay(refereeId, { amountMinor: 10_000 });
  await Promise.all(Array.from({ length: 100 }, () => world.settle([id])));
  expect(await world.standing()).toEqual({ 'held EUR': 1_500 });
  expect(await world.rewards()).toHaveLength(1);
});

test('a partial refund takes exactly its part, held or released; all of it takes all', async () => {
  const world = await openRewards(database, percent);
  const { id, refereeId } = await world.refer();
  const payment = await world.pay(refereeId, { amountMinor: 10_000 });
  await world.settle([id]);
  await world.change(payment, 'refunded', START + 2 * DAY_MS, { amountMinor: 3_333 });
  await world.settle([id], START + 2 * DAY_MS);
  expect(await world.standing()).toEqual({ 'held EUR': 1_000 });
  expect(await world.release([id], START + 40 * DAY_MS)).toMatchObject({ released: 1, expired: 0 });
  expect(await world.state(id)).toBe('rewarded');
  await world.change(payment, 'refunded', START + 41 * DAY_MS, { amountMinor: 8_000 });
  await world.settle([id], START + 41 * DAY_MS);
  expect(await world.standing()).toEqual({ 'released EUR': 300 });
  expect(await world.budget('EUR')).toEqual({ total: null, reserved: 0, confirmed: 300 });
  await world.change(payment, 'refunded', START + 42 * DAY_MS);
  await world.settle([id], START + 42 * DAY_MS);
  expect(await world.standing()).toEqual({});
  expect(await world.balances()).toEqual(new Map());
  expect(await world.rewards()).toMatchObject([{ state: 'reversed', reason: 'not_eligible' }]);
  expect(await world.refusals()).toMatchObject([{ reason: 'not_eligible', referralId: id }]);
  expect(await world.state(id)).toBe('voided');
});

test('a fixed reward stays whole above the rule\'s minimum, is voided below it, and comes again as a generation of its own when the refund failed', async () => {
  const world = await openRewards(database, fixed);
  const { id, refereeId } = await world.refer();
  const payment = await world.pay(refereeId, { amountMinor: 10_000 });
  await world.settle([id]);
  expect(await world.standing()).toEqual({ 'held EUR': 1_000 });
  await world.change(payment, 'refunded', START + 2 * DAY_MS, { amountMinor: 8_000 });
  await world.settle([id]);
  expect(await world.standing()).toEqual({ 'held EUR': 1_000 });
  await world.change(payment, 'refunded', START + 3 * DAY_MS, { amountMinor: 8_001 });
  await world.settle([id]);
  expect(await world.standing()).toEqual({});
  expect((await world.refusals()).map(({ reason, side }) => `${side} ${reason}`).toSorted()).toEqual(['referee not_eligible', 'referrer not_eligible']);
  await world.change(payment, 'refunded', START + 4 * DAY_MS, { amountMinor: 0 });
  await world.settle([id]);
  expect(await world.standing()).toEqual({ 'held EUR': 1_000 });
  expect((await world.rewards()).map(({ generation, state }) => `${String(generation)} ${state}`).toSorted()).toEqual(['0 voided', '0 voided', '1 held', '1 held']);
  expect(await world.refusals()).toEqual([]);
});

test.each(['before', 'after'])('a dispute opened %s the release pauses; won it resumes, lost it takes back; and again', async (when) => {
  const world = await openRewards(database, percent);
  const { id, refereeId } = await world.refer();
  const payment = await world.pay(refereeId, { amountMinor: 10_000 });
  await world.settle([id]);
  const later = START + 40 * DAY_MS;
  if (when === 'after') await world.release([id], later);
  const state = when === 'after' ? 'released' : 'held';
  for (const [n, disputeId] of ['first', 'second'].entries()) {
    await world.change(payment, 'dispute_opened', later + n * DAY_MS, { disputeId });
    await world.settle([id], later);
    expect(await world.standing()).toEqual({ [`${state} paused by dispute EUR`]: 1_500 });
    expect(await world.release([id], later + DAY_MS)).toMatchObject({ released: 0 });
    await world.change(payment, 'dispute_won', later + n * DAY_MS + 1, { disputeId });
    await world.settle([id], later);
    expect(await world.standing()).toEqual({ [`${state} EUR`]: 1_500 });
  }
  await world.change(payment, 'dispute_opened', later + 3 * DAY_MS, { disputeId: 'third' });
  await world.change(payment, 'dispute_lost', later + 4 * DAY_MS, { disputeId: 'third', amountMinor: 5_000 });
  await world.settle([id], later);
  expect(await world.standing()).toEqual({ [`${state} EUR`]: 750 });
  await world.change(payment, 'dispute_lost', later + 5 * DAY_MS, { disputeId: 'third' });
  await world.settle([id], later);
  expect(await world.standing()).toEqual({});
  expect(await world.balances()).toEqual(new Map());
});

test('a granted reward whose payment is in dispute already waits at once', async () => {
  const world = await openRewards(database, percent);
  const { id, refereeId } = await world.refer();
  const payment = await world.pay(refereeId, { amountMinor: 10_000 });
  await world.change(payment, 'dispute_opened', START + 2 * DAY_MS);
  await world.settle([id]);
  expect(await world.standing()).toEqual({ 'held paused by dispute EUR': 1_500 });
  await world.change(payment, 'dispute_won', START + 3 * DAY_MS);
  await world.settle([id]);
  expect(await world.standing()).toEqual({ 'held EUR': 1_500 });
});

test('a recurring reward is given for twelve months of payments, and not for the thirteenth', async () => {
  const world = await openRewards(database, { holdDays: 0, rules: [{ key: 'year', to: 'referrer', on: { kind: 'recurring', months: 12 }, give: { kind: 'percent', basisPoints: 1_000 } }] });
  const { id, refereeId } = await world.refer();
  for (let month = 0; month < 13; month += 1) {
    const at = new Date(START).setUTCMonth(new Date(START).getUTCMonth() + month);
    await world.pay(refereeId, { amountMinor: 1_000, at });
    await world.settle([id], at);
    await world.release([id], at);
  }
  expect(await world.standing()).toEqual({ 'released EUR': 1_200 });
});

test('what is not used in time expires, and a refund then takes nothing back', async () => {
  const world = await openRewards(database, { holdDays: 10, rules: [{ key: 'first', to: 'referrer', on: { kind: 'nth_conversion', n: 1 }, give: { kind: 'fixed', unit: 'EUR', amountMinor: 100 }, expiresAfterDays: 20 }] });
  const { id, refereeId } = await world.refer();
  const payment = await world.pay(refereeId, { amountMinor: 10_000, at: START });
  await world.settle([id]);
  expect(await world.release([id], START + 10 * DAY_MS - 1)).toMatchObject({ released: 0 });
  expect(await world.release([id], START + 10 * DAY_MS)).toMatchObject({ released: 1 });
  expect(await world.release([id], START + 30 * DAY_MS - 1)).toMatchObject({ expired: 0 });
  expect(await world.release([id], START + 30 * DAY_MS)).toMatchObject({ expired: 1 });
  await world.change(payment, 'refunded', START + 31 * DAY_MS);
  await world.settle([id], START + 31 * DAY_MS);
  expect(await world.standing()).toEqual({ 'expired EUR': 100 });
  expect((await world.balances()).get('forfeits//EUR')).toBe(100);
});

test('a thousand conversions settle in one transaction, with the books whole', async () => {
  const world = await openRewards(database, percent);
  const ids = [];
  for (let n = 0; n < 100; n += 1) {
    const { id, refereeId } = await world.refer();
    ids.push(id);
    for (let m = 0; m < 10; m += 1) await world.pay(refereeId, { amountMinor: 1_000 + n, at: START + m * 1_000 });
  }
  await world.settle(ids);
  expect(await world.rewards()).toHaveLength(100);
  const sum = Array.from({ length: 100 }, (_none, n) => Math.floor((1_000 + n) * 0.15)).reduce((a, b) => a + b, 0);
  expect(await world.budget('EUR')).toEqual({ total: null, reserved: sum, confirmed: 0 });
});
