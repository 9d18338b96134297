import { z } from 'zod';
import { REFERRAL_EVENTS } from '../domain/event/event-detail.ts';
import { sayBooking, sayStep, type Who } from '../domain/evaluate/say-step.ts';
import type { TriedCourse, TriedReward } from '../domain/evaluate/try-course.ts';
import { decimalText } from '../domain/money/decimal-text.ts';
import { leftOf } from '../domain/reward/stored-reward.ts';
import { REWARD_REASONS } from '../domain/reward/reward-reasons.ts';
import type { LimitState } from '../domain/reward/take-limits.ts';
import { instantIn, instantOut, iso, isoOrNull, textIn } from './fields.ts';
import { decimalOut, minorOut, unitOut } from './ledger-body.ts';
import { rewardTermsIn } from './program-rewards-body.ts';

const LONGEST_TEXT = 200;
const MOST = { events: 100, friends: 1_000 };
const text = textIn(LONGEST_TEXT).optional();
const amount = z.number().optional();
/** Holds and expiries of eleven years at most have to end before the calendar does. */
const LATEST_EVENT_AT = Date.parse('9900-01-01T00:00:00Z');

const eventIn = z.strictObject({
  type: z.enum(REFERRAL_EVENTS),
  occurredAt: instantIn.refine((at) => at < LATEST_EVENT_AT, 'Give an instant before the year 9900'),
  orderId: text.meta({ description: '`converted`, `refunded`, `refund_failed`, `dispute_*`: which payment' }),
  amountMinor: amount.meta({ description: '`converted`: what was paid; `dispute_*`: how much of it is disputed' }),
  refundedMinor: amount.meta({ description: '`refunded`: all that was given back of the payment so far; the whole payment when left out' }),
  failedMinor: amount.meta({ description: '`refund_failed`: how much of what was told as given back was not' }),
  refundId: text.meta({ description: '`refund_failed`: which refund' }),
  currency: z.string().max(LONGEST_TEXT).optional(),
  product: text,
  country: z.string().max(LONGEST_TEXT).optional(),
  disputeId: text,
  plan: text,
}).meta({ description: 'As in `POST /v1/events`' });

const friends = z.int().min(0).max(MOST.friends).default(0);

export const evaluateIn = z.strictObject({
  events: z.array(eventIn).min(1).max(MOST.events).meta({ description: 'What happens in one referral, in any order; it begins to earn with `signed_up`' }),
  until: instantIn.optional().meta({ description: 'How far to follow it; left out: to its last event, or to now where that is later' }),
  rewards: rewardTermsIn.optional().meta({ description: 'Reward terms that are not saved yet; left out: the program\'s own' }),
  referrer: z.string().min(1).max(LONGEST_TEXT).optional().meta({ description: 'Your own id of a member who brings the friend: then what this member has used of the caps counts, and the friends brought so far. Left out: somebody new' }),
  friendsBefore: z.strictObject({ signedUp: friends, activated: friends, converted: friends }).optional().meta({ description: 'For milestones: how many friends the referrer has brought before; instead of those that `referrer` has' }),
  selfReferral: z.boolean().default(false).meta({ description: 'What if both were one person?' }),
  underReview: z.boolean().default(false).meta({ description: 'What if it was under review?' }),
}).meta({
  examples: [{
    events: [
      { type: 'signed_up', occurredAt: '2026-06-01T10:00:00Z', country: 'FR' },
      { type: 'first_value', occurredAt: '2026-06-02T10:00:00Z' },
      { type: 'converted', occurredAt: '2026-06-03T10:00:00Z', orderId: 'order-1', amountMinor: 10_000, currency: 'EUR' },
      { type: 'refunded', occurredAt: '2026-06-10T10:00:00Z', orderId: 'order-1', refundedMinor: 2_500 },
    ],
    until: '2026-08-01T00:00:00Z',
    rewards: { rules: [{ key: 'first_payment', to: 'referrer', on: { kind: 'nth_conversion', n: 1 }, give: { kind: 'percent', basisPoints: 1500 } }], holdDays: 30 },
  }],
});
export type EvaluateIn = z.output<typeof evaluateIn>;

const side = z.enum(['referrer', 'referee']);
const reason = z.enum(Object.keys(REWARD_REASONS).filter((name): name is keyof typeof REWARD_REASONS => Object.hasOwn(REWARD_REASONS, name)));

export const evaluateOut = z.object({
  termsFrom: z.enum(['program', 'request']),
  from: instantOut,
  until: instantOut,
  rewards: z.array(z.object({
    ruleKey: z.string(),
    side,
    state: z.enum(['held', 'released', 'redeemed', 'paid', 'voided', 'expired', 'reversed']),
    unit: unitOut,
    grantedMinor: minorOut,
    takenBackMinor: minorOut,
    left: decimalOut.meta({ description: 'What is left of it, as a decimal number' }),
    pausedBy: z.enum(['dispute', 'review']).nullable(),
    reason: reason.nullable().meta({ description: 'Why it is paused, or was taken back' }),
    earnedAt: instantOut,
    holdUntil: instantOut,
    expiresAt: instantOut.nullable(),
  })).meta({ description: 'How each reward would stand at the end' }),
  refusals: z.array(z.object({ ruleKey: z.string(), side, reason, detail: z.string(), earnedAt: instantOut })).meta({ description: 'What would not be given, and why' }),
  course: z.array(z.object({
    at: instantOut,
    what: z.string(),
    bookings: z.array(z.string()).meta({ description: 'What it would book, for people' }),
  })).meta({ description: 'Everything that would happen, in its order' }),
  budgets: z.array(z.object({
    unit: unitOut,
    totalMinor: minorOut,
    leftBeforeMinor: z.int().meta({ description: 'As it stands now; below 0: more was given than it now allows' }),
    leftAfterMinor: z.int(),
  })).meta({ description: 'Budgets that limit these rewards' }),
  notes: z.array(z.string()),
}).meta({ id: 'EvaluatedCourse', description: 'What would come of it. Caps and budgets are read as they stand at this moment: when it really happens there may be less' });

/** An evaluated course as it goes out. */
export function evaluateBody(tried: TriedCourse, { who, before }: { who: Who; before: LimitState }) {
  return {
    rewards: tried.rewards.map(rewardBody),
    refusals: tried.refusals.map(({ ruleKey, side: to, reason: why, detail, earnedAt }) => ({ ruleKey, side: to, reason: why, detail, earnedAt: iso(earnedAt) })),
    course: tried.steps.map((step) => ({ at: iso(step.at), what: sayStep(step, who), bookings: step.kind === 'refuse' ? [] : step.transfers.map((transfer) => sayBooking(transfer, who)) })),
    budgets: [...tried.limits.budgets].flatMap(([unit, budget]) => {
      const left = (one: typeof budget | undefined): number => (one?.totalMinor ?? 0) - (one?.reservedMinor ?? 0) - (one?.confirmedMinor ?? 0);
      return budget.totalMinor === null ? [] : [{ unit, totalMinor: budget.totalMinor, leftBeforeMinor: left(before.budgets.get(unit)), leftAfterMinor: left(budget) }];
    }),
  };
}

function rewardBody(reward: TriedReward) {
  const { ruleKey, side: to, state, unit, grantedMinor, takenBackMinor, pausedBy, reason: why, earnedAt, holdUntil, expiresAt } = reward;
  return {
    ruleKey, side: to, state, unit, grantedMinor, takenBackMinor, left: decimalText(leftOf(reward), unit), pausedBy, reason: why,
    earnedAt: iso(earnedAt), holdUntil: iso(holdUntil), expiresAt: isoOrNull(expiresAt),
  };
}
