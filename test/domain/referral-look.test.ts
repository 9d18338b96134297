import { lookAtReferral, type ReferralToLookAt } from '../../src/domain/referral/look-at-referral.ts';
import { referralState } from '../../src/domain/referral/referral-state.ts';
import { readCourse } from '../../src/domain/reward/read-course.ts';
import type { RewardFact } from '../../src/domain/reward/facts.ts';
import type { RewardRule } from '../../src/domain/reward/reward-terms.ts';
import { movesForKey, type KeptReward } from '../../src/domain/reward/moves-for-key.ts';
import type { HeldReward } from '../../src/domain/reward/evaluated-reward.ts';
import { ANA, converted, DAY_MS, fifteenPercent, mbr, refunded, REFEREE, signedUp, START, termsOf } from './reward-sample.ts';

type Kept = ReferralToLookAt['rewards'][number];
const reward = (more: Partial<Kept> = {}): Kept => ({
  key: 'ref_1/first/referrer/x', generation: 0, memberId: ANA, unit: 'EUR', grantedMinor: 100, takenBackMinor: 0, state: 'held', pausedBy: null, inPayout: false, holdUntil: START + 30 * DAY_MS, expiresAt: null, ...more,
});
const upgrade = (plan: string): RewardFact => ({ kind: 'plan_upgraded', id: `u-${plan}`, at: START, plan });
const looking = (more: Partial<ReferralToLookAt> = {}): ReferralToLookAt => ({ facts: [signedUp()], terms: termsOf([fifteenPercent]), rewards: [], isNone: false, ...more });
const SILENT = START + 90 * DAY_MS;
const rule = (more: Partial<RewardRule>): RewardRule => ({ ...fifteenPercent, ...more });

test.each<[string, ReferralToLookAt, unknown]>([
  ['waits for a payment, at most until the silence', looking(), { kind: 'goes_on', stage: 'attributed', nextAt: SILENT }],
  ['waits no longer than the rule\'s days', looking({ terms: termsOf([rule({ withinDays: 14 })]) }), { kind: 'goes_on', stage: 'attributed', nextAt: START + 14 * DAY_MS }],
  ['waits no longer than the rule is valid', looking({ terms: termsOf([rule({ validUntil: START + DAY_MS })]) }), { kind: 'goes_on', stage: 'attributed', nextAt: START + DAY_MS }],
  ['counts the silence from the latest fact', looking({ facts: [signedUp(), { kind: 'first_value', id: 'v', at: START + 5 * DAY_MS }] }), { kind: 'goes_on', stage: 'activated', nextAt: SILENT + 5 * DAY_MS }],
  ['holds until the hold is over', looking({ facts: [signedUp(), converted('A', 100)], rewards: [reward()] }), { kind: 'goes_on', stage: 'holding', nextAt: START + 30 * DAY_MS }],
  ['is paused while one is, and still wakes for the others', looking({ rewards: [reward({ pausedBy: 'review' }), reward({ generation: 1 })] }), { kind: 'goes_on', stage: 'paused', nextAt: START + 30 * DAY_MS }],
  ['waits for an expiry', looking({ facts: [signedUp(), converted('A', 100)], rewards: [reward({ state: 'released', expiresAt: START + 40 * DAY_MS })] }), { kind: 'goes_on', stage: 'qualified', nextAt: START + 40 * DAY_MS }],
  ['ends once the only payment that counts was rewarded', looking({ facts: [signedUp(), converted('A', 100)], rewards: [reward({ state: 'released' })] }), { kind: 'over', outcome: 'rewarded' }],
  ['ends voided when all was taken back', looking({ facts: [signedUp(), converted('A', 100), refunded('A', 100)], rewards: [reward({ state: 'voided', takenBackMinor: 100 })] }), { kind: 'over', outcome: 'voided' }],
  ['ends at once where it is none', looking({ isNone: true }), { kind: 'over', outcome: 'voided' }],
  ['ends at once where nothing is rewarded', looking({ terms: null }), { kind: 'over', outcome: 'nothing_earned' }],
  ['waits for every further payment', looking({ terms: termsOf([rule({ on: { kind: 'conversion' } })]), facts: [signedUp(), converted('A', 100, START)], rewards: [reward({ state: 'paid' })] }), { kind: 'goes_on', stage: 'qualified', nextAt: SILENT }],
  ['waits for no upgrade but the one that counts', looking({ terms: termsOf([{ key: 'up', to: 'referrer', on: { kind: 'plan_upgrade', plan: 'pro' }, give: { kind: 'fixed', unit: 'EUR', amountMinor: 1 } }]), facts: [signedUp(), upgrade('team')] }), { kind: 'goes_on', stage: 'attributed', nextAt: SILENT }],
  ['waits for no second upgrade', looking({ terms: termsOf([{ key: 'up', to: 'referrer', on: { kind: 'plan_upgrade', plan: 'pro' }, give: { kind: 'fixed', unit: 'EUR', amountMinor: 1 } }]), facts: [signedUp(), upgrade('pro')] }), { kind: 'over', outcome: 'nothing_earned' }],
  ['waits for a recurring payment to the last month only', looking({ terms: termsOf([rule({ on: { kind: 'recurring', months: 1 } })]), facts: [signedUp(), converted('A', 100, START)] }), { kind: 'goes_on', stage: 'qualified', nextAt: Date.parse('2026-02-28T10:00:00Z') }],
  ['does not wait for what stands in a payout', looking({ facts: [signedUp(), converted('A', 100)], rewards: [reward({ state: 'released', inPayout: true, expiresAt: START + DAY_MS })] }), { kind: 'over', outcome: 'rewarded' }],
])('a referral %s', (_what, given, look) => {
  expect(lookAtReferral(given, START)).toEqual(look);
});

test('its life is over from the very instant on at which nothing can come any more', () => {
  expect(lookAtReferral(looking(), SILENT - 1)).toMatchObject({ kind: 'goes_on' });
  expect(lookAtReferral(looking(), SILENT)).toEqual({ kind: 'over', outcome: 'nothing_earned' });
});

test.each([
  ['attributed', [signedUp()], []],
  ['activated', [signedUp(), { kind: 'first_value' as const, id: 'v', at: START }], []],
  ['qualified', [signedUp(), converted('A', 100)], [reward()]],
  ['qualified', [signedUp(), converted('A', 100)], [reward({ state: 'voided', takenBackMinor: 100 }), reward({ generation: 1 })]],
  ['rewarded', [signedUp(), converted('A', 100)], [reward(), reward({ state: 'expired' })]],
  ['voided', [signedUp(), converted('A', 100)], [reward({ state: 'reversed', takenBackMinor: 100 })]],
  ['attributed', [signedUp(), converted('A', 100), refunded('A', 100)], []],
])('a referral is %s by its facts and rewards', (state, facts: RewardFact[], rewards: Kept[]) => {
  expect(referralState({ course: readCourse(facts), rewards, isNone: false })).toBe(state);
  expect(referralState({ course: readCourse(facts), rewards, isNone: true })).toBe('voided');
});

const held = (more: Partial<HeldReward> = {}): HeldReward => ({ key: 'k', ruleKey: 'first', side: 'referrer', memberId: ANA, earnedAt: START, state: 'held', unit: 'EUR', amountMinor: 100, reason: null, pausedBy: null, holdUntil: START, expiresAt: null, ...more });
const kept = (more: Partial<KeptReward> = {}): KeptReward => ({ key: 'k', generation: 0, memberId: ANA, unit: 'EUR', grantedMinor: 100, takenBackMinor: 0, state: 'held', pausedBy: null, inPayout: false, reason: null, ...more });

test('what stands for somebody else is taken back from them and granted anew, expired or not', () => {
  expect(movesForKey([kept({ memberId: mbr(7) })], held(), null)).toMatchObject([{ kind: 'void', generation: 0, amountMinor: 100 }, { kind: 'grant', generation: 1, amountMinor: 100, reward: { memberId: ANA } }]);
  expect(movesForKey([kept({ memberId: mbr(7), state: 'expired' })], held(), null)).toMatchObject([{ kind: 'grant', generation: 1 }]);
  expect(movesForKey([kept({ memberId: REFEREE, state: 'paid' })], { ...held(), state: 'refused', reason: 'self_referral', detail: '' }, null)).toMatchObject([{ kind: 'reverse', amountMinor: 100 }]);
  expect(movesForKey([kept({ unit: 'USD' })], held(), null)).toMatchObject([{ kind: 'void', amountMinor: 100 }, { kind: 'grant', amountMinor: 100 }]);
});

test.each(['cap_reached', 'budget_spent', 'operator'] as const)('what was refused by %s is not asked for again', (reason) => {
  expect(movesForKey([], held(), reason)).toEqual([]);
  expect(movesForKey([], held(), 'not_eligible')).toMatchObject([{ kind: 'grant' }]);
});

test('what an operator took back stays so, and the rest under the key is still taken back', () => {
  const voided = kept({ state: 'voided', takenBackMinor: 100, reason: 'operator' });
  expect(movesForKey([voided], held(), null)).toEqual([]);
  expect(movesForKey([voided, kept({ generation: 1 })], null, null)).toMatchObject([{ kind: 'void', generation: 1 }]);
  expect(movesForKey([kept({ state: 'voided', takenBackMinor: 100, reason: 'not_eligible' })], held(), null)).toMatchObject([{ kind: 'grant', generation: 1 }]);
});
