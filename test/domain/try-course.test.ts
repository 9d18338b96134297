import fc from 'fast-check';
import { inventedFacts, type InventedEvent } from '../../src/domain/evaluate/invented-facts.ts';
import { lookedAtCaps } from '../../src/domain/evaluate/looked-at-caps.ts';
import { sayBooking, sayStep } from '../../src/domain/evaluate/say-step.ts';
import { tryCourse, type CourseToTry } from '../../src/domain/evaluate/try-course.ts';
import { ACCOUNT_KINDS, accountKey, isAccountKind } from '../../src/domain/ledger/accounts.ts';
import { balancesAfter, firstOverdraft } from '../../src/domain/ledger/balances.ts';
import { sayTransfer } from '../../src/domain/ledger/say-transfer.ts';
import { evaluateRewards } from '../../src/domain/reward/evaluate-rewards.ts';
import type { RewardTerms } from '../../src/domain/reward/reward-terms.ts';
import { leftOf } from '../../src/domain/reward/stored-reward.ts';
import type { LimitState } from '../../src/domain/reward/take-limits.ts';
import { ANA, anyHistory, converted, course, DAY_MS, dispute, everyKind, fifteenPercent, PROGRAM, refunded, REFEREE, signedUp, START, termsOf } from './reward-sample.ts';

const NO_LIMITS: LimitState = { zone: 'UTC', used: new Map(), budgets: new Map() };
const who = (id: string): string => (id === ANA ? 'referrer' : 'new member');
const FAR = START + 1_000 * DAY_MS;

function tried(facts: Parameters<typeof course>[0], terms: RewardTerms = termsOf([fifteenPercent]), more: Partial<CourseToTry> = {}) {
  return tryCourse({ terms, programId: PROGRAM, course: course(facts), others: [], limits: NO_LIMITS, until: FAR, ...more });
}

test('a course is told step by step: earned, taken back in part while held, released, taken back after that', () => {
  const { steps, rewards } = tried([signedUp(), converted('A', 10_000, START + DAY_MS), refunded('A', 2_500, START + 5 * DAY_MS), refunded('A', 10_000, START + 60 * DAY_MS)]);
  expect(steps.map((step) => [(step.at - START) / DAY_MS, sayStep(step, who)])).toEqual([
    [1, 'first_payment: 15.00 EUR earned by the referrer, held until 2026-03-03T10:00:00.000Z.'],
    [5, 'first_payment: 3.75 EUR taken back from the referrer (not_eligible).'],
    [31, 'first_payment: 11.25 EUR released to the referrer.'],
    [60, 'first_payment: 11.25 EUR taken back from the referrer (not_eligible).'],
    [60, 'first_payment: nothing for the referrer (not_eligible). Nothing is left of the payment.'],
  ]);
  expect(steps.flatMap((step) => (step.kind === 'refuse' ? [] : step.transfers.map((transfer) => sayBooking(transfer, who))))).toEqual([
    "15.00 EUR from the program's budget to what is held for the referrer: Earned; held until the end of its hold.",
    "3.75 EUR from what is held for the referrer to the program's budget: Taken back while it was held.",
    '11.25 EUR from what is held for the referrer to what the referrer is owed: Released: it can be used or paid out.',
    "11.25 EUR from what the referrer is owed to the program's budget: Taken back after its release.",
  ]);
  expect(rewards).toMatchObject([{ state: 'reversed', grantedMinor: 1_500, takenBackMinor: 1_500 }]);
});

test('a hold that ends during a dispute ends with the dispute, never in the past', () => {
  const { steps, rewards } = tried([signedUp(), converted('A', 10_000), dispute('dispute_opened', 'A', START + 3 * DAY_MS), dispute('dispute_won', 'A', START + 90 * DAY_MS)]);
  expect(steps.map(({ kind, at }) => [kind, (at - START) / DAY_MS])).toEqual([['grant', 1], ['pause', 3], ['resume', 90], ['release', 90]]);
  expect(rewards).toMatchObject([{ state: 'released', pausedBy: null, reason: null }]);
});

test('what is not used in time expires', () => {
  const terms = termsOf([{ key: 'welcome', to: 'referee', on: { kind: 'sign_up' }, give: { kind: 'fixed', unit: 'points', amountMinor: 100 }, holdDays: 0, expiresAfterDays: 10 }]);
  expect(tried([signedUp()], terms, { until: START + 9 * DAY_MS }).rewards).toMatchObject([{ state: 'released', memberId: REFEREE }]);
  expect(tried([signedUp()], terms).rewards).toMatchObject([{ state: 'expired' }]);
});

test('caps and budgets refuse as they stand, and what is taken back makes room again', () => {
  const terms = termsOf([{ key: 'every', to: 'referrer', on: { kind: 'conversion' }, give: { kind: 'fixed', unit: 'EUR', amountMinor: 500 } }], { caps: [{ per: 'total', most: { rewards: 2 } }] });
  const facts = [signedUp(), converted('A', 1_000), converted('B', 1_000, START + 2 * DAY_MS), converted('C', 1_000, START + 3 * DAY_MS)];
  const [key = ''] = lookedAtCaps(terms, [ANA], [START], 'UTC');
  const before = (used: number, totalMinor: number): LimitState => ({ zone: 'UTC', used: new Map([[key, used]]), budgets: new Map([['EUR', { totalMinor, reservedMinor: 0, confirmedMinor: 0 }]]) });
  const reasons = (limits: LimitState) => tried(facts, terms, { limits }).refusals.map(({ reason }) => reason);
  expect(reasons(NO_LIMITS)).toEqual(['cap_reached']);
  expect(reasons(before(1, 10_000))).toEqual(['cap_reached', 'cap_reached']);
  expect(reasons(before(0, 999))).toEqual(['budget_spent', 'budget_spent']);
  const after = tried([...facts, refunded('A', 1_000, START + 4 * DAY_MS), converted('D', 1_000, START + 5 * DAY_MS)], terms, { limits: before(0, 1_000) });
  expect(after.rewards.map(({ state, earnedAt }) => [state, (earnedAt - START) / DAY_MS])).toEqual([['voided', 1], ['released', 2], ['released', 5]]);
  expect(after.limits.budgets.get('EUR')).toEqual({ totalMinor: 1_000, reservedMinor: 0, confirmedMinor: 1_000 });
});

test('a milestone counts the friends before, and is taken back when this friend no longer counts', () => {
  const terms = termsOf([], { milestones: [{ key: 'friends', counts: 'converted', tiers: [{ reached: 1, unit: 'EUR', amountMinor: 100 }, { reached: 3, unit: 'EUR', amountMinor: 900 }] }] });
  const others = [1, 2].map((n) => ({ ...course([signedUp(START - 1), converted(`O${String(n)}`, 10, START - 1)]), referralId: `ref_other${String(n)}` }));
  const paid = [signedUp(), converted('A', 10_000)];
  expect(tried(paid, terms, { others }).rewards).toMatchObject([{ grantedMinor: 900, ruleKey: 'friends' }]);
  expect(tried([...paid, refunded('A', 10_000)], terms, { others }).rewards).toMatchObject([{ state: 'voided' }]);
  expect(tried(paid, terms).rewards).toMatchObject([{ grantedMinor: 100 }]);
});

test('in any history what is left is what the facts give at the end, and no account is lower than it may be', () => {
  fc.assert(fc.property(anyHistory, (facts) => {
    const { steps, rewards, refusals } = tried(facts, everyKind);
    const transfers = steps.flatMap((step) => (step.kind === 'refuse' ? [] : step.transfers));
    expect(firstOverdraft(transfers)).toBeNull();
    const evaluated = evaluateRewards(everyKind, course(facts));
    for (const one of evaluated) {
      const left = rewards.filter(({ key, state }) => key === one.key && state !== 'voided' && state !== 'reversed').reduce((sum, reward) => sum + leftOf(reward), 0);
      const expired = rewards.some(({ key, state }) => key === one.key && state === 'expired');
      if (!expired) expect([one.key, left]).toEqual([one.key, one.state === 'held' ? one.amountMinor : 0]);
    }
    expect(new Set(refusals.map(({ key }) => key))).toEqual(new Set(evaluated.flatMap(({ state, key }) => (state === 'refused' ? [key] : []))));
    const balances = balancesAfter(transfers);
    expect([...balances.values()].reduce((sum, balance) => sum + balance, 0)).toBe(0);
    expect(balances.get(accountKey({ kind: 'in_transit', ownerId: '' }, 'EUR'))).toBeUndefined();
    for (const [place, { at }] of steps.entries()) expect(at).toBeGreaterThanOrEqual(steps[place - 1]?.at ?? at);
  }));
});

test('whatever two accounts a transfer lies between, there are words for it', () => {
  const kinds = Object.keys(ACCOUNT_KINDS).filter(isAccountKind);
  for (const debit of kinds) for (const credit of kinds) expect(sayTransfer(debit, credit)).toMatch(/\w/);
});

describe('invented events', () => {
  const at = START;
  const pays: InventedEvent = { type: 'converted', occurredAt: at, orderId: 'o1', amountMinor: 1_000, currency: 'eur' };

  test('become the facts that real ones would be', () => {
    const read = inventedFacts([{ type: 'signed_up', occurredAt: at, country: 'fr' }, pays, { type: 'refunded', occurredAt: at, orderId: 'o1' }, { type: 'dispute_opened', occurredAt: at, orderId: 'o1', disputeId: 'd1' }]);
    expect(read).toEqual({
      outcome: 'facts',
      facts: [
        { kind: 'signed_up', id: 'event-0', at, country: 'FR' },
        { kind: 'converted', id: 'event-1', at, conversionId: 'o1', amountMinor: 1_000, currency: 'EUR', product: undefined, country: undefined },
        { kind: 'refunded', id: 'event-2', at, conversionId: 'o1', refundedMinor: 1_000 },
        { kind: 'dispute_opened', id: 'event-3', at, conversionId: 'o1', disputeId: 'd1', amountMinor: undefined },
      ],
    });
  });

  test.each<[string, InventedEvent[], string]>([
    ['a refund above its payment', [pays, { type: 'refunded', occurredAt: at, orderId: 'o1', refundedMinor: 1_001 }], 'refundedMinor'],
    ['a refund in another currency', [pays, { type: 'refunded', occurredAt: at, orderId: 'o1', refundedMinor: 1, currency: 'USD' }], 'currency'],
    ['a refund of a payment that is not there', [{ type: 'refunded', occurredAt: at, orderId: 'o2' }], 'no payment of the course'],
    ['one payment told twice', [pays, pays], 'in the course already'],
    ['a fraction', [{ ...pays, amountMinor: 0.5 }], 'amountMinor'],
    ['an amount beyond what can be counted', [{ ...pays, amountMinor: 2 ** 53 }], 'amountMinor'],
    ['a negative amount', [{ ...pays, amountMinor: -1 }], 'amountMinor'],
    ['a currency nobody keeps books in', [{ ...pays, currency: 'BTC' }], 'currency'],
    ['a dispute without its id', [pays, { type: 'dispute_lost', occurredAt: at, orderId: 'o1' }], 'disputeId'],
    ['a field that the type does not take', [{ type: 'first_value', occurredAt: at, amountMinor: 5 }], 'amountMinor'],
  ])('%s is refused, with its place', (_what, events, words) => {
    const read = inventedFacts(events);
    if (read.outcome !== 'refused') throw new Error('it was taken');
    expect(read.problems).toMatchObject([{ place: events.length - 1, message: expect.stringContaining(words) }]);
  });
});
