import fc from 'fast-check';
import { accountKey, type AccountKind } from '../../src/domain/ledger/accounts.ts';
import { balancesAfter, firstOverdraft, type Balances } from '../../src/domain/ledger/balances.ts';
import type { Transfer } from '../../src/domain/ledger/transfer.ts';
import { nettedOf, transfersForPayout, type PayoutSums } from '../../src/domain/ledger/transfers-for-payout.ts';
import { transfersForReward } from '../../src/domain/ledger/transfers-for-reward.ts';
import { evaluateMilestones } from '../../src/domain/reward/evaluate-milestones.ts';
import { evaluateRewards } from '../../src/domain/reward/evaluate-rewards.ts';
import type { EvaluatedReward } from '../../src/domain/reward/evaluated-reward.ts';
import type { ReferralCourse, RewardFact } from '../../src/domain/reward/facts.ts';
import { movesFor } from '../../src/domain/reward/moves-for.ts';
import { applyMove, grantedReward, type RewardMove } from '../../src/domain/reward/reward-move.ts';
import { mayEnterPayout } from '../../src/domain/reward/reward-state.ts';
import { leftOf, type StoredReward } from '../../src/domain/reward/stored-reward.ts';
import { ANA, anyFact, converted, course, everyKind, PROGRAM, REFEREE, signedUp } from './reward-sample.ts';

const TERMS = { ...everyKind, milestones: [{ key: 'friends', counts: 'converted' as const, tiers: [1, 2, 3].map((reached) => ({ reached, unit: 'EUR', amountMinor: reached * 1_000 })) }] };
const BUDGETS = new Map([[accountKey({ kind: 'program_budget', ownerId: PROGRAM }, 'EUR'), 12_000]]);
const MEMBERS = [ANA, REFEREE];

type Payout = { sums: PayoutSums; takenBackMinor: number; rewards: Set<string> };
type World = {
  referrals: ReferralCourse[];
  stored: Map<string, StoredReward>;
  refused: Set<string>;
  payouts: Payout[];
  transfers: Transfer[];
  balances: Balances;
};

/** Books, or where an account would be lower than it may be books nothing. */
function book(world: World, transfers: readonly Transfer[]): boolean {
  if (firstOverdraft(transfers, BUDGETS, world.balances) !== null) return false;
  world.transfers.push(...transfers);
  world.balances = balancesAfter(transfers, world.balances);
  return true;
}

const idOf = ({ key, generation }: { key: string; generation: number }): string => `${key}~${String(generation)}`;

function evaluateAll({ referrals }: World): Map<string, EvaluatedReward> {
  const all = [...referrals.flatMap((one) => evaluateRewards(TERMS, one)), ...evaluateMilestones(TERMS, { programId: PROGRAM, referrerId: ANA, referrals })];
  return new Map(all.map((one) => [one.key, one]));
}

function take(world: World, move: RewardMove): void {
  const before = move.kind === 'grant' ? grantedReward(move) : world.stored.get(idOf(move));
  if (before === undefined) throw new Error(`no reward ${idOf(move)}`);
  const transfers = transfersForReward(move, { reward: before, programId: PROGRAM });
  if (!book(world, transfers)) {
    expect(move.kind).toBe('grant');
    world.refused.add(move.key);
    return;
  }
  world.stored.set(idOf(move), move.kind === 'grant' ? before : applyMove(before, move));
  const payout = before.inPayout ? world.payouts.find(({ rewards }) => rewards.has(idOf(move))) : undefined;
  if (payout !== undefined && (move.kind === 'reverse' || move.kind === 'reduce')) payout.takenBackMinor += move.amountMinor;
}

/** Everything that the facts now give becomes so; answers how much had to be moved. */
function reconcile(world: World): number {
  const evaluated = evaluateAll(world);
  const keys = new Set([...evaluated.keys(), ...[...world.stored.values()].map(({ key }) => key)]);
  let moved = 0;
  for (const key of keys) {
    const moves = movesFor([...world.stored.values()].filter((one) => one.key === key), evaluated.get(key) ?? null, world.refused.has(key));
    for (const move of moves) take(world, move);
    moved += moves.length;
  }
  return moved;
}

const each = (world: World, state: StoredReward['state']): StoredReward[] => [...world.stored.values()].filter((one) => one.state === state && one.pausedBy === null && !one.inPayout);
const balance = (world: World, kind: AccountKind, ownerId: string, unit: string): number => world.balances.get(accountKey({ kind, ownerId }, unit)) ?? 0;

function startPayout(world: World): void {
  const rewards = [...world.stored.values()].filter((one) => one.memberId === ANA && one.unit === 'EUR' && mayEnterPayout({ ...one, paused: one.pausedBy !== null }));
  if (rewards.length === 0) return;
  const rewardsMinor = rewards.reduce((sum, one) => sum + leftOf(one), 0);
  const sums = { memberId: ANA, unit: 'EUR', rewardsMinor, nettedMinor: nettedOf(rewardsMinor, 0 - balance(world, 'member_clawback', ANA, 'EUR')) };
  expect(book(world, transfersForPayout({ kind: 'approved' }, sums))).toBe(true);
  world.payouts.push({ sums, takenBackMinor: 0, rewards: new Set(rewards.map(idOf)) });
  for (const one of rewards) world.stored.set(idOf(one), { ...one, inPayout: true });
}

function endPayout(world: World, kind: 'completed' | 'failed' | 'canceled'): void {
  const payout = world.payouts.shift();
  if (payout === undefined) return;
  expect(book(world, transfersForPayout({ kind, takenBackMinor: payout.takenBackMinor }, payout.sums))).toBe(true);
  for (const id of payout.rewards) {
    const reward = world.stored.get(id);
    if (reward === undefined) continue;
    if (kind === 'completed' && reward.state === 'released') take(world, { kind: 'pay', key: reward.key, generation: reward.generation });
    else world.stored.set(id, { ...reward, inPayout: false });
  }
}

type Step = { kind: 'fact'; which: number; fact: RewardFact } | { kind: 'review'; which: number } | { kind: 'release' | 'redeem' | 'expire' | 'start' | 'completed' | 'failed' | 'canceled' };

function run(world: World, step: Step): void {
  switch (step.kind) {
    case 'fact': world.referrals = world.referrals.map((one, n) => (n === step.which ? { ...one, facts: [...one.facts, step.fact] } : one)); break;
    case 'review': world.referrals = world.referrals.map((one, n) => (n === step.which ? { ...one, underReview: !one.underReview } : one)); break;
    case 'release': for (const { key, generation } of each(world, 'held')) take(world, { kind: 'release', key, generation }); break;
    case 'redeem':
    case 'expire': for (const { key, generation } of each(world, 'released').slice(0, 1)) take(world, { kind: step.kind, key, generation }); break;
    case 'start': startPayout(world); break;
    default: endPayout(world, step.kind);
  }
  reconcile(world);
}

/** What the books say, and what they must say, told from the rewards alone; two lists that must be alike. */
function booksOf(world: World): { said: string[]; expected: string[] } {
  const rewards = [...world.stored.values()];
  const sum = (given: readonly StoredReward[]): number => given.reduce((total, one) => total + leftOf(one), 0);
  const said: string[] = [];
  const expected: string[] = [];
  const compare = (what: string, balanceMinor: number, mustMinor: number): void => {
    said.push(`${what} ${String(balanceMinor)}`);
    expected.push(`${what} ${String(mustMinor)}`);
  };
  for (const unit of new Set(rewards.map((one) => one.unit))) {
    const ofUnit = rewards.filter((one) => one.unit === unit);
    let owedBack = 0;
    for (const member of MEMBERS) {
      const own = ofUnit.filter(({ memberId }) => memberId === member);
      const clawback = balance(world, 'member_clawback', member, unit);
      const unsettled = balance(world, 'member_unsettled', member, unit);
      const takenBack = world.payouts.reduce((total, { sums, takenBackMinor }) => total + (sums.memberId === member && sums.unit === unit ? takenBackMinor : 0), 0);
      compare(`held ${unit}`, balance(world, 'member_held', member, unit), sum(own.filter(({ state, pausedBy }) => state === 'held' && pausedBy === null)));
      compare(`owed ${unit}`, balance(world, 'member_owed', member, unit), sum(own.filter(({ state, pausedBy, inPayout }) => state === 'released' && pausedBy === null && !inPayout)));
      compare(`a claim above 0 ${unit}`, Math.max(0, clawback), 0);
      compare(`unsettled ${unit}`, unsettled, 0 - takenBack);
      owedBack -= clawback + unsettled;
    }
    compare(`disputes ${unit}`, balance(world, 'disputes', '', unit), sum(ofUnit.filter(({ pausedBy }) => pausedBy !== null)));
    compare(`forfeits ${unit}`, balance(world, 'forfeits', '', unit), sum(ofUnit.filter(({ state }) => state === 'expired')));
    compare(`budget ${unit}`, balance(world, 'program_budget', PROGRAM, unit), 0 - sum(ofUnit));
    // Paid is what is earned, and what was reversed later.
    const gone = balance(world, 'cash_out', '', unit) + balance(world, 'in_transit', '', unit) + balance(world, 'redeemed', '', unit);
    compare(`gone ${unit}`, gone, sum(ofUnit.filter(({ state, inPayout }) => state === 'paid' || state === 'redeemed' || (state === 'released' && inPayout))) + owedBack);
  }
  compare('all together', [...world.balances.values()].reduce((total, one) => total + one, 0), 0);
  return { said, expected };
}

function agrees(world: World): void {
  const evaluated = evaluateAll(world);
  for (const key of new Set([...evaluated.keys(), ...[...world.stored.values()].map((one) => one.key)])) {
    const of = [...world.stored.values()].filter((one) => one.key === key && one.state !== 'voided' && one.state !== 'reversed');
    const given = of.reduce((total, one) => total + leftOf(one), 0);
    const expired = of.filter(({ state }) => state === 'expired').reduce((total, one) => total + leftOf(one), 0);
    const now = evaluated.get(key);
    const earned = now?.state === 'held' ? now.amountMinor : 0;
    if (world.refused.has(key)) expect(given).toBeLessThanOrEqual(Math.max(earned, expired));
    else expect(given).toBe(Math.max(earned, expired));
  }
}

const which = fc.integer({ min: 0, max: 2 });
const steps: fc.Arbitrary<Step[]> = fc.array(fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('fact' as const), which, fact: anyFact }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('review' as const), which }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('release' as const) }) },
  { weight: 7, arbitrary: fc.record({ kind: fc.constantFrom('redeem' as const, 'expire' as const, 'start' as const, 'start' as const, 'completed' as const, 'completed' as const, 'failed' as const, 'canceled' as const) }) },
), { minLength: 5, maxLength: 30, size: 'max' });

const newWorld = (): World => ({
  referrals: [0, 1, 2].map((n) => course([signedUp(), converted('A', 10_000)], { referralId: `ref_${String(n)}` })),
  stored: new Map(), refused: new Set(), payouts: [], transfers: [], balances: new Map(),
});

test('whatever happens in whatever order, the books follow from the facts, nobody is paid beyond them, and no account is lower than it may be', () => {
  const seen = new Map<string, number>();
  fc.assert(fc.property(steps, (given) => {
    const world = newWorld();
    reconcile(world);
    for (const step of given) {
      run(world, step);
      const { said, expected } = booksOf(world);
      expect(said).toEqual(expected);
    }
    agrees(world);
    expect(reconcile(world)).toBe(0);
    expect(balancesAfter(world.transfers)).toEqual(world.balances);
    expect(firstOverdraft(world.transfers, BUDGETS)).toBeNull();
    const happened = [...world.stored.values()].map(({ state, takenBackMinor }) => (takenBackMinor > 0 ? `${state} less` : state));
    for (const what of new Set([...happened, ...(world.refused.size > 0 ? ['refused by the budget'] : [])])) seen.set(what, (seen.get(what) ?? 0) + 1);
  }), { numRuns: 120 });
  // The histories are worth something: what is rarer than this would be no test.
  for (const what of ['held', 'released', 'redeemed', 'expired', 'paid', 'voided less', 'reversed less', 'refused by the budget']) expect([what, (seen.get(what) ?? 0) >= 5]).toEqual([what, true]);
});
