import fc from 'fast-check';
import { loadReferralCourses } from '../../../db/read/referral-courses.ts';
import type { PaymentId, ReferralId } from '../../../src/domain/ids.ts';
import { accountKey } from '../../../src/domain/ledger/accounts.ts';
import { balancesAfter } from '../../../src/domain/ledger/balances.ts';
import type { Transfer } from '../../../src/domain/ledger/transfer.ts';
import { transfersForReward } from '../../../src/domain/ledger/transfers-for-reward.ts';
import { evaluateMilestones } from '../../../src/domain/reward/evaluate-milestones.ts';
import { evaluateRewards } from '../../../src/domain/reward/evaluate-rewards.ts';
import type { RewardTerms } from '../../../src/domain/reward/reward-terms.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { DAY_MS, openRewards, START, type RewardsWorld } from '../../support/arrange-rewards.ts';
import { everyKind } from '../../domain/reward-sample.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.drop());

const terms: RewardTerms = { ...everyKind, milestones: [{ key: 'friends', counts: 'converted', tiers: [1, 2, 3].map((reached) => ({ reached, unit: 'EUR', amountMinor: reached * 1_000 })) }] };
const REFERRALS = 2;

type Fact =
  | { kind: 'first_value' | 'upgraded'; which: number; day: number }
  | { kind: 'paid'; which: number; name: string; day: number; amountMinor: number; currency: string }
  | { kind: 'refunded' | 'dispute_opened' | 'dispute_won' | 'dispute_lost'; which: number; name: string; day: number; amountMinor: number; disputeId: string }
  | { kind: 'review'; which: number };
type Step = Fact | { kind: 'release'; day: number };

const which = fc.integer({ min: 0, max: REFERRALS - 1 });
const day = fc.integer({ min: 0, max: 60 });
const name = fc.constantFrom('A', 'B', 'C');
const fact: fc.Arbitrary<Fact> = fc.oneof(
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('first_value' as const, 'upgraded' as const), which, day }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('paid' as const), which, name, day, amountMinor: fc.integer({ min: 1, max: 30_000 }), currency: fc.constantFrom('EUR', 'EUR', 'EUR', 'JPY', 'XXX') }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('refunded' as const, 'refunded' as const, 'dispute_opened' as const, 'dispute_won' as const, 'dispute_lost' as const), which, name, day, amountMinor: fc.integer({ min: 0, max: 40_000 }), disputeId: fc.constantFrom('x', 'y') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('review' as const), which }) },
);
const facts = fc.array(fact, { minLength: 3, maxLength: 12 });
const history: fc.Arbitrary<Step[]> = fc.array(fc.oneof({ weight: 4, arbitrary: fact }, { weight: 1, arbitrary: fc.record({ kind: fc.constant('release' as const), day: fc.integer({ min: 0, max: 120 }) }) }), { minLength: 3, maxLength: 12 });

type Played = { world: RewardsWorld; ids: ReferralId[]; payments: ReadonlyMap<string, PaymentId>; play(step: Step): Promise<void> };

/** Payments are known by their name from the first word on, so that a refund may come before what it is of. */
async function openGame(): Promise<Played> {
  const world = await openRewards(database, terms);
  const friends = await Promise.all(Array.from({ length: REFERRALS }, () => world.refer()));
  const payments = new Map<string, PaymentId>();
  const changes: (() => Promise<void>)[] = [];
  const payment = async (at: number, one: Extract<Fact, { kind: 'paid' }>): Promise<void> => {
    const known = `${String(one.which)}/${one.name}`;
    const refereeId = friends[one.which]?.refereeId;
    if (payments.has(known) || refereeId === undefined) return;
    payments.set(known, await world.pay(refereeId, { amountMinor: one.amountMinor, currency: one.currency, at }));
    for (const change of changes.splice(0)) await change();
  };
  const play = async (step: Step): Promise<void> => {
    switch (step.kind) {
      case 'first_value': return world.tell(friends[step.which]?.refereeId ?? world.referrer, 'first_value', START + step.day * DAY_MS);
      case 'upgraded': return world.tell(friends[step.which]?.refereeId ?? world.referrer, 'plan_upgraded', START + step.day * DAY_MS, { plan: 'pro' });
      case 'paid': return payment(START + step.day * DAY_MS, step);
      case 'review': await world.within((tx) => tx.sql`update referrals set under_review = not under_review where id = ${friends[step.which]?.id ?? ''}`); return;
      case 'release': await world.release(friends.map(({ id }) => id), START + step.day * DAY_MS); return;
      default: {
        const apply = async (): Promise<void> => {
          const paymentId = payments.get(`${String(step.which)}/${step.name}`);
          if (paymentId === undefined) changes.push(apply);
          else await world.change(paymentId, step.kind, START + step.day * DAY_MS, { amountMinor: step.kind === 'dispute_opened' ? undefined : step.amountMinor, disputeId: step.disputeId });
        };
        await apply();
      }
    }
  };
  return { world, ids: friends.map(({ id }) => id), payments, play };
}

/** What the facts that are stored give, by the pure rules alone, as if all were granted today. */
async function evaluateStored({ world, ids }: Played) {
  const files = await world.within((tx) => loadReferralCourses(tx, ids));
  const referrals = files.map(({ course }) => course);
  const all = [...referrals.flatMap((course) => evaluateRewards(terms, course)), ...evaluateMilestones(terms, { programId: world.programId, referrerId: world.referrer, referrals })];
  return all.flatMap((one) => (one.state === 'held' ? [one] : []));
}

/** What is left under each key, and how much of it is paused; ids by what they stand for. */
async function given({ world, ids, payments }: Played): Promise<string[]> {
  const names = new Map<string, string>([[world.programId, 'program'], [world.referrer, 'referrer'], ...ids.map((id, place): [string, string] => [id, String(place)])]);
  for (const [paid, id] of payments) names.set(`conversion:${id}`, paid);
  const sums = new Map<string, number>();
  for (const reward of await world.rewards()) {
    const left = reward.grantedMinor - reward.takenBackMinor;
    const named = `${reward.key.split('/').map((part) => names.get(part) ?? part).join('/')} ${reward.unit} ${reward.pausedBy ?? ''}`;
    if (left > 0) sums.set(named, (sums.get(named) ?? 0) + left);
  }
  return [...sums].map(([named, sum]) => `${named} ${String(sum)}`).toSorted();
}

test('whatever happened in whatever order, books and rewards follow from the facts', async () => {
  await fc.assert(fc.asyncProperty(history, async (steps) => {
    const game = await openGame();
    for (const step of steps) {
      await game.play(step);
      if (step.kind !== 'release') await game.world.settle(game.ids);
    }
    const wanted = await evaluateStored(game);
    const rewards = await game.world.rewards();
    for (const key of new Set([...wanted.map((one) => one.key), ...rewards.map((one) => one.key)])) {
      const left = rewards.filter((one) => one.key === key).reduce((sum, one) => sum + one.grantedMinor - one.takenBackMinor, 0);
      const expired = rewards.filter((one) => one.key === key && one.state === 'expired').reduce((sum, one) => sum + one.grantedMinor - one.takenBackMinor, 0);
      expect([key, left]).toEqual([key, Math.max(expired, wanted.find((one) => one.key === key)?.amountMinor ?? 0)]);
    }
    // The books, told from the rewards that are left as if each had just come to where it stands.
    const transfers = rewards.filter((one) => one.grantedMinor > one.takenBackMinor).flatMap((one): Transfer[] => {
      const amountMinor = one.grantedMinor - one.takenBackMinor;
      const held = { key: one.key, generation: one.generation, memberId: one.memberId, unit: one.unit, grantedMinor: amountMinor, takenBackMinor: 0, state: 'held' as const, pausedBy: null, inPayout: false };
      const booked = { reward: held, programId: game.world.programId };
      const granted = transfersForReward({ kind: 'grant', key: one.key, generation: one.generation, amountMinor, reward: { ...one, state: 'held', reason: null, pausedBy: null, amountMinor } }, booked);
      const released = one.state === 'held' ? [] : transfersForReward({ kind: 'release', key: one.key, generation: 0 }, booked);
      const now = { ...held, state: one.state === 'held' ? 'held' as const : 'released' as const };
      const after = one.state === 'expired' ? transfersForReward({ kind: 'expire', key: one.key, generation: 0 }, { ...booked, reward: now })
        : one.pausedBy === null ? [] : transfersForReward({ kind: 'pause', key: one.key, generation: 0, by: one.pausedBy }, { ...booked, reward: now });
      return [...granted, ...released, ...after];
    });
    const expected = new Map([...balancesAfter(transfers)].filter(([, balance]) => balance !== 0));
    expect(await game.world.balances()).toEqual(expected);
    for (const unit of new Set(rewards.map((one) => one.unit))) {
      const budget = await game.world.budget(unit);
      expect((budget?.reserved ?? 0) + (budget?.confirmed ?? 0)).toBe(0 - (expected.get(accountKey({ kind: 'program_budget', ownerId: game.world.programId }, unit)) ?? 0));
    }
    // Asked again, nothing moves.
    const before = await game.world.within((tx) => tx.sql`select count(*)::int as n from transfers`);
    await game.world.settle(game.ids);
    expect(await game.world.within((tx) => tx.sql`select count(*)::int as n from transfers`)).toEqual(before);
  }), { numRuns: 40 });
}, 120_000);

test('facts settled one by one, in any order, give what they give settled all at once', async () => {
  await fc.assert(fc.asyncProperty(facts.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))), async ([told, shuffled]) => {
    // Of one name only the first payment counts, and of one instant the first sign: the same facts then, each once.
    const firstOf = new Map<string, Fact>();
    for (const one of told) if (one.kind === 'paid' && !firstOf.has(`${String(one.which)}/${one.name}`)) firstOf.set(`${String(one.which)}/${one.name}`, { ...one, day: one.day + ['A', 'B', 'C'].indexOf(one.name) / 1_000 });
    const isOnce = (one: Fact): boolean => one.kind !== 'paid' && one.kind !== 'review';
    const rest = (list: readonly Fact[]): Fact[] => list.filter(isOnce);
    const [atOnce, oneByOne] = [await openGame(), await openGame()];
    for (const one of [...firstOf.values(), ...rest(told)]) await atOnce.play(one);
    await atOnce.world.settle(atOnce.ids);
    for (const one of [...rest(shuffled).slice(0, 3), ...[...firstOf.values()].toReversed(), ...rest(shuffled).slice(3)]) {
      await oneByOne.play(one);
      await oneByOne.world.settle(oneByOne.ids);
    }
    expect(await given(oneByOne)).toEqual(await given(atOnce));
  }), { numRuns: 25 });
}, 120_000);
