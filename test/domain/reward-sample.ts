import fc from 'fast-check';
import { asId, type MemberId, type ProgramId } from '../../src/domain/ids.ts';
import type { ReferralCourse, RewardFact } from '../../src/domain/reward/facts.ts';
import type { RewardRule, RewardTerms } from '../../src/domain/reward/reward-terms.ts';

export const DAY_MS = 86_400_000;
export const START = Date.parse('2026-01-31T10:00:00Z');
export const mbr = (n: number): MemberId => asId('mbr', `mbr_${'0'.repeat(25)}${String(n)}`);
export const prg = (n: number): ProgramId => asId('prg', `prg_${'0'.repeat(25)}${String(n)}`);
export const [ANA, REFEREE, PROGRAM] = [mbr(1), mbr(2), prg(1)];
export const TENANT_UNITS = new Set(['points', 'xp', 'shield']);

export const termsOf = (rules: readonly RewardRule[], more: Partial<RewardTerms> = {}): RewardTerms => ({ rules, holdDays: 30, ...more });
export const fifteenPercent: RewardRule = { key: 'first_payment', to: 'referrer', on: { kind: 'nth_conversion', n: 1 }, give: { kind: 'percent', basisPoints: 1500 } };

export const signedUp = (at = START, more: { country?: string } = {}): RewardFact => ({ kind: 'signed_up', id: 'f-signed-up', at, ...more });
export const converted = (conversionId: string, amountMinor: number, at = START + DAY_MS, more: { currency?: string; product?: string; country?: string } = {}): RewardFact =>
  ({ kind: 'converted', id: `f-${conversionId}`, at, conversionId, amountMinor, currency: 'EUR', ...more });
export const refunded = (conversionId: string, refundedMinor: number, at = START + 2 * DAY_MS): RewardFact =>
  ({ kind: 'refunded', id: `r-${conversionId}-${String(refundedMinor)}-${String(at)}`, at, conversionId, refundedMinor });
export const dispute = (kind: 'dispute_opened' | 'dispute_won' | 'dispute_lost', conversionId: string, at = START + 3 * DAY_MS, more: { amountMinor?: number } = {}): RewardFact =>
  ({ kind, id: `${kind}-${conversionId}`, at, conversionId, disputeId: `d-${conversionId}`, ...more });

export const course = (facts: readonly RewardFact[], more: Partial<ReferralCourse> = {}): ReferralCourse =>
  ({ referralId: 'ref_1', referrerId: ANA, refereeId: REFEREE, facts, selfReferral: false, underReview: false, ...more });

/** Rules of every kind at once. */
export const everyKind: RewardTerms = termsOf([
  fifteenPercent,
  { key: 'welcome', to: 'both', on: { kind: 'sign_up' }, give: { kind: 'fixed', unit: 'points', amountMinor: 100 }, holdDays: 0, expiresAfterDays: 90 },
  { key: 'played', to: 'both', on: { kind: 'first_value' }, give: { kind: 'fixed', unit: 'shield', amountMinor: 1 }, withinDays: 14 },
  { key: 'every', to: 'referee', on: { kind: 'conversion' }, give: { kind: 'fixed', unit: 'xp', amountMinor: 10 }, when: { amount: { currency: 'EUR', minMinor: 500 } } },
  { key: 'third', to: 'referrer', on: { kind: 'nth_conversion', n: 3 }, give: { kind: 'fixed', unit: 'EUR', amountMinor: 2_000 } },
  { key: 'year', to: 'referrer', on: { kind: 'recurring', months: 3 }, give: { kind: 'percent', basisPoints: 333, most: { amountMinor: 700, currency: 'EUR' } } },
  { key: 'upgraded', to: 'referrer', on: { kind: 'plan_upgrade' }, give: { kind: 'fixed', unit: 'EUR', amountMinor: 500 } },
]);

const ids = fc.constantFrom('A', 'B', 'C', 'D');
const times = fc.integer({ min: 0, max: 100 }).map((days) => START + days * DAY_MS);
const n = fc.integer({ min: 0, max: 3 });

/** One thing that might happen. One id always says the same. */
export const anyFact: fc.Arbitrary<RewardFact> = fc.oneof(
  fc.record({ n, at: times }).map(({ n: which, at }): RewardFact => ({ kind: 'signed_up', id: `s${String(which)}-${String(at)}`, at })),
  fc.record({ at: times }).map(({ at }): RewardFact => ({ kind: 'first_value', id: `v-${String(at)}`, at })),
  fc.record({ at: times, plan: fc.constantFrom('pro', 'team') }).map(({ at, plan }): RewardFact => ({ kind: 'plan_upgraded', id: `p-${plan}-${String(at)}`, at, plan })),
  fc.record({ conversionId: ids, at: times, amountMinor: fc.integer({ min: 0, max: 30_000 }), currency: fc.constantFrom('EUR', 'EUR', 'JPY', 'BTC') })
    .map(({ conversionId, at, amountMinor, currency }): RewardFact => ({ kind: 'converted', id: `c-${conversionId}-${String(at)}-${String(amountMinor)}-${currency}`, at, conversionId, amountMinor, currency })),
  fc.record({ conversionId: ids, at: times, refundedMinor: fc.integer({ min: 0, max: 40_000 }) })
    .map(({ conversionId, at, refundedMinor }): RewardFact => ({ kind: 'refunded', id: `r-${conversionId}-${String(at)}-${String(refundedMinor)}`, at, conversionId, refundedMinor })),
  fc.record({ conversionId: ids, at: times, refundId: fc.constantFrom('re_1', 're_2'), failedMinor: fc.integer({ min: 0, max: 20_000 }) })
    .map(({ conversionId, at, refundId, failedMinor }): RewardFact => ({ kind: 'refund_failed', id: `f-${conversionId}-${refundId}-${String(at)}-${String(failedMinor)}`, at, conversionId, refundId, failedMinor })),
  fc.record({ kind: fc.constantFrom('dispute_opened' as const, 'dispute_won' as const, 'dispute_lost' as const), conversionId: ids, at: times, disputeId: fc.constantFrom('x', 'y'), amountMinor: fc.option(fc.integer({ min: 1, max: 20_000 }), { nil: undefined }) })
    .map(({ kind, conversionId, at, disputeId, amountMinor }): RewardFact => ({ kind, id: `${kind}-${conversionId}-${disputeId}-${String(at)}-${String(amountMinor)}`, at, conversionId, disputeId, amountMinor })),
);

/** A history in which something is earned more often than not. */
export const anyHistory = fc.record({ signUp: fc.boolean(), pays: fc.boolean(), rest: fc.array(anyFact, { maxLength: 14 }) })
  .map(({ signUp, pays, rest }): RewardFact[] => [...(signUp ? [signedUp()] : []), ...(pays ? [converted('A', 10_000, START + 5 * DAY_MS)] : []), ...rest]);
