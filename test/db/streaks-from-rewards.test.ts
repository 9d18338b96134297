import { randomBytes } from 'node:crypto';
import { readStreaks } from '../../db/read/streaks.ts';
import { grantForRun } from '../../db/write/rewards/grant-for-run.ts';
import { moveRewards, type RewardChange } from '../../db/write/rewards/move-rewards.ts';
import { settleRewards } from '../../db/write/rewards/settle-rewards.ts';
import { voidReferral } from '../../db/write/rewards/void-referral.ts';
import { voidReward } from '../../db/write/rewards/void-reward.ts';
import { grantFreezes } from '../../db/write/streaks/grant-freezes.ts';
import { recordPractice } from '../../db/write/streaks/record-practice.ts';
import { makeId, type MemberId } from '../../src/domain/ids.ts';
import { DAY_MS, openRewards, START } from '../support/arrange-rewards.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { fact } from '../support/referrals.ts';

let database: TestDatabase;
beforeAll(async () => { database = await openTestDatabase(); });
afterAll(() => database.drop());

type World = Awaited<ReturnType<typeof openRewards>>;
const held = async ({ within, tenantId }: World, id: MemberId, now: number) => (await within((tx) => readStreaks(tx, tenantId, { id }, now)))?.streaks.map(({ streak, freezesLeft }) => [streak, freezesLeft]);

test('a reward in shields is freezes once it is released, not before, and once however often it is asked for', async () => {
  const world = await openRewards(database, { holdDays: 2, rules: [{ key: 'shields', to: 'referrer', on: { kind: 'sign_up' }, give: { kind: 'fixed', unit: 'shield', amountMinor: 3 } }] });
  const { id } = await world.refer();
  await world.settle([id]);
  expect(await world.standing()).toEqual({ 'held shield': 3 });
  expect(await held(world, world.referrer, START + DAY_MS)).toEqual([]);
  const releasedAt = START + 3 * DAY_MS;
  await Promise.all([world.release([id], releasedAt), world.release([id], releasedAt)]);
  expect(await world.standing()).toEqual({ 'released shield': 3 });
  expect(await held(world, world.referrer, releasedAt)).toEqual([['practice', 3]]);
});

test('shields that an operator releases with a referral\'s settling are freezes, too', async () => {
  const world = await openRewards(database, { holdDays: 2, rules: [{ key: 'shields', to: 'referrer', on: { kind: 'sign_up' }, give: { kind: 'fixed', unit: 'shield', amountMinor: 3 } }] });
  const { id } = await world.refer();
  await world.settle([id]);
  const [reward] = await world.rewards();
  if (reward === undefined) throw new Error('nothing was given');
  await world.within((tx) => settleRewards(tx, { tenantId: world.tenantId, referralIds: [id], now: START, moves: [{ rewardId: reward.id, move: { kind: 'release' } }] }));
  expect([await world.standing(), await held(world, world.referrer, START)]).toEqual([{ 'released shield': 3 }, [['practice', 3]]]);
});

test('shields that a run grants are held by all of its members at once', async () => {
  const world = await openRewards(database, { holdDays: 30, rules: [{ key: 'both', to: 'both', on: { kind: 'loop', fact: 'rescued' }, give: { kind: 'fixed', unit: 'shield', amountMinor: 1 }, holdDays: 0 }] });
  const buddy = await world.makeMember();
  const runId = makeId('run', START, randomBytes(10));
  await world.within(async (tx) => {
    await tx.sql`
      insert into runs (tenant_id, id, loop, stage, program_id, program_version, member_id, opened_at, moved_at, seen_at)
      values (${world.tenantId}, ${runId}, 'invite', 'waiting', ${world.programId}, 1, ${world.referrer}, ${START}, ${START}, ${START})`;
    for (const person of [world.referrer, buddy]) await tx.sql`insert into run_people (tenant_id, run_id, person_id, role, joined_at) values (${world.tenantId}, ${runId}, ${person}, 'buddy', ${START})`;
  });
  const grant = () => world.within((tx) => grantForRun(tx, { tenantId: world.tenantId, runId, fact: 'rescued', at: START, now: START + DAY_MS }));
  await Promise.all([grant(), grant(), grant()]);
  expect(await held(world, world.referrer, START + DAY_MS)).toEqual([['practice', 1]]);
  expect(await held(world, buddy, START + DAY_MS)).toEqual([['practice', 1]]);
});

test('rewards in other units are no freezes', async () => {
  const world = await openRewards(database, { holdDays: 0, rules: [{ key: 'xp', to: 'referrer', on: { kind: 'sign_up' }, give: { kind: 'fixed', unit: 'xp', amountMinor: 50 } }] });
  const { id } = await world.refer();
  await world.settle([id]);
  await world.release([id], START + 3 * DAY_MS);
  expect(await world.standing()).toEqual({ 'released xp': 50 });
  expect(await held(world, world.referrer, START + 3 * DAY_MS)).toEqual([]);
});

/** Shields that a friend's sign-up gave, released on the day of START. */
async function shielded(amountMinor: number, more: { expiresAfterDays?: number } = {}) {
  const world = await openRewards(database, { holdDays: 0, rules: [{ key: 'shields', to: 'referrer', on: { kind: 'sign_up' }, give: { kind: 'fixed', unit: 'shield', amountMinor }, ...more }] });
  const { id } = await world.refer();
  await world.settle([id], START);
  await world.release([id], START);
  const [reward] = await world.rewards();
  if (reward === undefined) throw new Error('nothing was given');
  const { tenantId, within, referrer } = world;
  return {
    ...world, referralId: id, reward,
    move: (move: RewardChange, now: number) => within((tx) => moveRewards(tx, { tenantId, moves: [{ rewardId: reward.id, move }], now })),
    practise: (at: number) => within((tx) => recordPractice(tx, { tenantId, rows: [{ fact: fact('practice_completed', 'ana', { occurredAt: at, properties: { zone: 'UTC' } }), trail: { click: null, link: null }, memberId: referrer, touchId: null }], now: at })),
    give: (count: number, at: number) => within((tx) => grantFreezes(tx, { tenantId, grants: [{ memberId: referrer, count, at, sourceKey: `app:${String(at)}` }], now: at })),
    async streak(now: number) {
      const [one] = (await within((tx) => readStreaks(tx, tenantId, { id: referrer }, now)))?.streaks ?? [];
      return one === undefined ? null : [one.current, one.freezesLeft, one.state];
    },
  };
}
type Shielded = Awaited<ReturnType<typeof shielded>>;
const REVERSE = { kind: 'reverse', amountMinor: 1, reason: 'operator' } as const;

test('of released shields of which a part is taken back, so many freezes go, once; the rest goes with the rest', async () => {
  const { move, streak } = await shielded(3);
  expect(await streak(START)).toEqual([0, 3, 'none']);
  await move({ kind: 'reduce', amountMinor: 2, reason: 'not_eligible' }, START + DAY_MS);
  expect(await streak(START + DAY_MS)).toEqual([0, 1, 'none']);
  await move({ ...REVERSE }, START + 2 * DAY_MS);
  expect(await streak(START + 2 * DAY_MS)).toEqual([0, 0, 'none']);
});

test.each([
  ['an operator takes the reward back', async ({ within, tenantId, reward }: Shielded) => { await within((tx) => voidReward(tx, { tenantId, rewardId: reward.id, actor: 'test', reason: 'mistaken', now: START + DAY_MS })); }],
  ['an operator takes the whole referral back', async ({ within, tenantId, referralId }: Shielded) => { await within((tx) => voidReferral(tx, { tenantId, referralId, actor: 'test', reason: 'mistaken', now: START + DAY_MS })); }],
  ['the facts no longer earn it', async ({ within, tenantId, referralId, settle }: Shielded) => {
    await within((tx) => tx.sql`update referrals set self_referral = true where tenant_id = ${tenantId} and id = ${referralId}`);
    await settle([referralId], START + DAY_MS);
  }],
] as const)('the freezes of released shields go where %s', async (_, takeBack) => {
  const world = await shielded(2);
  await takeBack(world);
  expect([await world.standing(), await world.streak(START + DAY_MS)]).toEqual([{}, [0, 0, 'none']]);
});

test('where a part of what was earned is given back, so many of the freezes go', async () => {
  const world = await openRewards(database, { holdDays: 0, rules: [{ key: 'shields', to: 'referrer', on: { kind: 'recurring', months: 12 }, give: { kind: 'fixed', unit: 'shield', amountMinor: 1 } }] });
  const { id, refereeId } = await world.refer();
  const [first] = [await world.pay(refereeId, { amountMinor: 100 }), await world.pay(refereeId, { amountMinor: 100, at: START + 35 * DAY_MS })];
  const at = START + 40 * DAY_MS;
  await world.settle([id], at);
  await world.release([id], at);
  expect(await held(world, world.referrer, at)).toEqual([['practice', 2]]);
  await world.change(first, 'refunded', at + DAY_MS);
  await world.settle([id], at + DAY_MS);
  expect([await world.standing(), await held(world, world.referrer, at + DAY_MS)]).toEqual([{ 'released shield': 1 }, [['practice', 1]]]);
});

test('of more shields than a grant may hold, what is taken back counts from what is left', async () => {
  const { move, streak } = await shielded(1_500);
  await move({ kind: 'reduce', amountMinor: 600, reason: 'not_eligible' }, START + DAY_MS);
  expect(await streak(START + DAY_MS)).toEqual([0, 900, 'none']);
});

test('a part that is taken back while the shields are held takes no freeze', async () => {
  const world = await openRewards(database, { holdDays: 2, rules: [{ key: 'shields', to: 'referrer', on: { kind: 'sign_up' }, give: { kind: 'fixed', unit: 'shield', amountMinor: 3 } }] });
  const { id } = await world.refer();
  await world.settle([id], START);
  const [reward] = await world.rewards();
  if (reward === undefined) throw new Error('nothing was given');
  await world.within((tx) => moveRewards(tx, { tenantId: world.tenantId, moves: [{ rewardId: reward.id, move: { kind: 'reduce', amountMinor: 1, reason: 'not_eligible' } }], now: START }));
  await world.release([id], START + 3 * DAY_MS);
  expect(await held(world, world.referrer, START + 3 * DAY_MS)).toEqual([['practice', 2]]);
});

test('shields that expire unused are freezes no more', async () => {
  const { release, referralId, streak, standing } = await shielded(2, { expiresAfterDays: 10 });
  await release([referralId], START + 11 * DAY_MS);
  expect([await standing(), await streak(START + 11 * DAY_MS)]).toEqual([{ 'expired shield': 2 }, [0, 0, 'none']]);
});

test('a shield that was used and then expires takes no other freeze with it, and what it covered stays covered', async () => {
  const { release, referralId, streak, practise, give } = await shielded(2, { expiresAfterDays: 10 });
  await give(1, START + DAY_MS);
  await practise(START + 2 * DAY_MS);
  await practise(START + 4 * DAY_MS);
  expect(await streak(START + 4 * DAY_MS)).toEqual([2, 2, 'active']);
  for (let day = 5; day <= 11; day += 1) await practise(START + day * DAY_MS);
  await release([referralId], START + 11 * DAY_MS);
  expect(await streak(START + 11 * DAY_MS)).toEqual([9, 1, 'active']);
});

test('a shield that expires the day after it has covered one keeps the streak, whoever practises then', async () => {
  const { release, referralId, streak, practise } = await shielded(1, { expiresAfterDays: 10 });
  await practise(START + 9 * DAY_MS);
  await release([referralId], START + 11 * DAY_MS);
  expect(await streak(START + 11 * DAY_MS)).toEqual([1, 0, 'frozen']);
  await practise(START + 11 * DAY_MS);
  expect(await streak(START + 11 * DAY_MS)).toEqual([2, 0, 'active']);
});

test.each(['reverse', 'reduce'] as const)('what a shield has covered stays covered, though a %s takes it back before the next practice', async (kind) => {
  const { move, streak, practise } = await shielded(kind === 'reduce' ? 2 : 1);
  await practise(START + DAY_MS);
  if (kind === 'reduce') await practise(START + 3 * DAY_MS);
  const back = START + (kind === 'reduce' ? 5 : 3) * DAY_MS;
  await move(kind === 'reduce' ? { kind, amountMinor: 1, reason: 'not_eligible' } : REVERSE, back);
  expect(await streak(back)).toEqual([kind === 'reduce' ? 2 : 1, 0, 'frozen']);
  await practise(back + 3_600_000);
  expect(await streak(back + 3_600_000)).toEqual([kind === 'reduce' ? 3 : 2, 0, 'active']);
});

test('a shield that is taken back covers no day after that, however early it was given', async () => {
  const { move, streak, practise } = await shielded(2);
  await practise(START + DAY_MS);
  await move({ kind: 'reverse', amountMinor: 2, reason: 'operator' }, START + 3 * DAY_MS);
  expect(await streak(START + 4 * DAY_MS)).toEqual([0, 0, 'broken']);
  await practise(START + 4 * DAY_MS);
  expect((await streak(START + 4 * DAY_MS))?.[0]).toBe(1);
});
