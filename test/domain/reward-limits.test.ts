import fc from 'fast-check';
import { confirm, regain, release, reserve, type Budget } from '../../src/domain/reward/budget.ts';
import { capKey } from '../../src/domain/reward/cap-use.ts';
import type { EvaluatedReward, HeldReward } from '../../src/domain/reward/evaluated-reward.ts';
import { evaluateRewards } from '../../src/domain/reward/evaluate-rewards.ts';
import { evaluateWithinLimits } from '../../src/domain/reward/evaluate-within-limits.ts';
import type { RewardCap } from '../../src/domain/reward/reward-terms.ts';
import { giveBack, takeLimits, type LimitState } from '../../src/domain/reward/take-limits.ts';
import { ANA, converted, course, DAY_MS, mbr, signedUp, START, termsOf } from './reward-sample.ts';

const nothingUsed: LimitState = { zone: 'Europe/Berlin', used: new Map(), budgets: new Map() };
const budget = (totalMinor: number | null): Budget => ({ totalMinor, reservedMinor: 0, confirmedMinor: 0 });
const reward = (more: Partial<HeldReward> = {}): HeldReward => ({
  key: 'k', ruleKey: 'rule', side: 'referrer', memberId: ANA, earnedAt: START, state: 'held', unit: 'EUR', amountMinor: 1_000, reason: null, pausedBy: null, holdUntil: START, expiresAt: null, ...more,
});

function takeAll(caps: readonly RewardCap[], rewards: readonly HeldReward[], state = nothingUsed): string[] {
  return evaluateWithinLimits(termsOf([], { caps }), rewards, state).rewards.map((one: EvaluatedReward) => (one.state === 'held' ? 'held' : one.reason));
}

test.each<[string, RewardCap, Partial<HeldReward>[], string[]]>([
  ['two a day', { per: 'day', most: { rewards: 2 } }, [{}, {}, {}, { earnedAt: START + DAY_MS }], ['held', 'held', 'cap_reached', 'held']],
  ['the day is the tenant\'s', { per: 'day', most: { rewards: 1 } }, [{ earnedAt: Date.parse('2026-01-31T22:59:59.999Z') }, { earnedAt: Date.parse('2026-01-31T23:00:00Z') }], ['held', 'held']],
  ['one a month', { per: 'month', most: { rewards: 1 } }, [{}, { earnedAt: START - DAY_MS }, { earnedAt: START + DAY_MS }], ['held', 'cap_reached', 'held']],
  ['one in all', { per: 'total', most: { rewards: 1 } }, [{}, { earnedAt: START + 900 * DAY_MS }], ['held', 'cap_reached']],
  ['an amount: all or nothing, and what still fits', { per: 'day', most: { unit: 'EUR', amountMinor: 2_500 } }, [{}, {}, {}, { amountMinor: 500 }, { amountMinor: 1 }], ['held', 'held', 'cap_reached', 'held', 'cap_reached']],
  ['an amount of one unit says nothing of another', { per: 'day', most: { unit: 'EUR', amountMinor: 1 } }, [{ unit: 'USD' }, { unit: 'points' }], ['held', 'held']],
  ['one rule\'s says nothing of another', { per: 'day', most: { rewards: 1 }, rule: 'rule' }, [{}, { ruleKey: 'other' }, {}], ['held', 'held', 'cap_reached']],
  ['one person\'s says nothing of another', { per: 'day', most: { rewards: 1 } }, [{}, { memberId: mbr(5) }, {}], ['held', 'held', 'cap_reached']],
])('a cap: %s', (_name, cap, rewards, expected) => {
  expect(takeAll([cap], rewards.map((more) => reward(more)))).toEqual(expected);
});

test('what one cap refuses uses nothing of another, nor of the budget', () => {
  const caps: RewardCap[] = [{ per: 'total', most: { rewards: 2 } }, { per: 'total', most: { unit: 'EUR', amountMinor: 1_500 } }];
  const state = { ...nothingUsed, budgets: new Map([['EUR', budget(1_500)]]) };
  expect(takeAll(caps, [reward(), reward(), reward({ amountMinor: 500 }), reward({ amountMinor: 1 })], state)).toEqual(['held', 'cap_reached', 'held', 'cap_reached']);
  expect(takeAll([caps[0] ?? { per: 'day', most: { rewards: 1 } }], [reward({ amountMinor: 2_000 }), reward(), reward({ amountMinor: 500 })], state)).toEqual(['budget_spent', 'held', 'held']);
});

test('a cap of one rule and one of all are counted apart', () => {
  const caps: RewardCap[] = [{ per: 'total', most: { rewards: 1 }, rule: 'rule' }, { per: 'total', most: { rewards: 3 } }];
  expect(takeAll(caps, [{ ruleKey: 'other' }, {}, {}, { ruleKey: 'other' }, { ruleKey: 'other' }].map((more) => reward(more)))).toEqual(['held', 'held', 'cap_reached', 'held', 'cap_reached']);
});

test('a refusal says how much was given or is left', () => {
  const full = takeLimits([{ per: 'day', most: { rewards: 1 } }], { ...nothingUsed, used: new Map([[capKey({ per: 'day', most: { rewards: 1 } }, reward(), 'Europe/Berlin') ?? '', 1]]) }, reward());
  expect(full).toMatchObject({ outcome: 'refused', reason: 'cap_reached', detail: 'The program gives one person 1 rewards a day; 1 are given.' });
  expect(takeLimits([], { ...nothingUsed, budgets: new Map([['EUR', budget(999)]]) }, reward())).toMatchObject({ reason: 'budget_spent', detail: '999 of EUR are left in the budget, 1000 are needed.' });
});

test('what is taken back leaves room again', () => {
  const caps: RewardCap[] = [{ per: 'total', most: { rewards: 1 } }, { per: 'day', most: { unit: 'EUR', amountMinor: 1_000 } }];
  const taken = takeLimits(caps, nothingUsed, reward());
  if (taken.outcome !== 'taken') throw new Error(taken.detail);
  expect(takeLimits(caps, giveBack(caps, taken.state, reward(), 'all'), reward()).outcome).toBe('taken');
  const part = giveBack(caps, taken.state, reward({ amountMinor: 400 }), 'part');
  expect([...part.used.values()].toSorted()).toEqual([1, 600]);
});

test('a referral\'s rewards take limits in the order of its rules', () => {
  const rule = { to: 'both', on: { kind: 'conversion' }, give: { kind: 'fixed', unit: 'EUR', amountMinor: 700 } } as const;
  const terms = termsOf([{ key: 'one', ...rule }, { key: 'two', ...rule }], { caps: [{ per: 'total', most: { rewards: 1 } }] });
  const rewards = evaluateRewards(terms, course([signedUp(), converted('A', 900)]));
  const { rewards: decided, state } = evaluateWithinLimits(terms, rewards, { ...nothingUsed, budgets: new Map([['EUR', budget(1_000)]]) });
  expect(decided.map((one) => (one.state === 'held' ? 'held' : one.reason))).toEqual(['held', 'budget_spent', 'cap_reached', 'budget_spent']);
  expect(state.budgets.get('EUR')).toEqual({ totalMinor: 1_000, reservedMinor: 700, confirmedMinor: 0 });
});

test('no burst overspends a budget, and what is confirmed or released was reserved', () => {
  const steps = fc.array(fc.record({ act: fc.constantFrom('reserve', 'confirm', 'release', 'regain'), amountMinor: fc.integer({ min: 1, max: 400 }) }), { maxLength: 60 });
  fc.assert(fc.property(fc.option(fc.nat(1_000), { nil: null }), steps, (totalMinor, acts) => {
    let now = budget(totalMinor);
    for (const { act, amountMinor } of acts) {
      const before = now;
      if (act === 'reserve') {
        const asked = reserve(now, amountMinor);
        if (asked.outcome === 'reserved') now = asked.budget;
        else expect(amountMinor).toBeGreaterThan(asked.leftMinor);
      } else if (amountMinor > (act === 'regain' ? now.confirmedMinor : now.reservedMinor)) {
        expect(() => ({ confirm, release, regain })[act](before, amountMinor)).toThrow(RangeError);
      } else {
        now = { confirm, release, regain }[act](now, amountMinor);
      }
      expect(Math.min(now.reservedMinor, now.confirmedMinor)).toBeGreaterThanOrEqual(0);
      if (totalMinor !== null) expect(now.reservedMinor + now.confirmedMinor).toBeLessThanOrEqual(totalMinor);
    }
  }));
});

test('the same sequence gives the same result, and never more than the cap', () => {
  const rewards = fc.array(fc.record({ amountMinor: fc.integer({ min: 1, max: 900 }), earnedAt: fc.integer({ min: 0, max: 3 }).map((day) => START + day * DAY_MS), memberId: fc.constantFrom(ANA, mbr(5)) }), { maxLength: 30 });
  fc.assert(fc.property(rewards, fc.integer({ min: 1, max: 2_000 }), fc.nat(5_000), (given, most, total) => {
    const caps: RewardCap[] = [{ per: 'day', most: { unit: 'EUR', amountMinor: most } }];
    const asked = given.map((more) => reward(more));
    const before = { ...nothingUsed, budgets: new Map([['EUR', budget(total)]]) };
    const once = evaluateWithinLimits(termsOf([], { caps }), asked, before);
    expect(evaluateWithinLimits(termsOf([], { caps }), asked, before)).toEqual(once);
    expect(Math.max(0, ...once.state.used.values())).toBeLessThanOrEqual(most);
    const held = once.rewards.reduce((sum, one) => sum + (one.state === 'held' ? one.amountMinor : 0), 0);
    expect(once.state.budgets.get('EUR')?.reservedMinor).toBe(held);
    expect(held).toBeLessThanOrEqual(total);
  }));
});

test('what many rewards take from many caps costs steps in proportion to them, however many counters there are', () => {
  // Each cap counts each day apart: a counter for every reward and rule.
  const rules = Array.from({ length: 5 }, (_, n) => `rule-${String(n)}`);
  const caps = rules.map((rule): RewardCap => ({ per: 'day', rule, most: { rewards: 1 } }));
  const stepsOf = (days: number): number => {
    const asked = Array.from({ length: days }, (_, day) => rules.map((ruleKey) => reward({ ruleKey, earnedAt: START + day * DAY_MS }))).flat();
    // What copies a map sets each of its entries.
    const set = jest.spyOn(Map.prototype, 'set');
    try {
      expect(evaluateWithinLimits(termsOf([], { caps }), asked, nothingUsed).state.used.size).toBe(asked.length);
      return set.mock.calls.length;
    } finally {
      set.mockRestore();
    }
  };
  const [few, many] = [stepsOf(40), stepsOf(160)];
  expect(few).toBeGreaterThanOrEqual(40 * rules.length);
  expect(many).toBeLessThanOrEqual(4 * few);
});
