import { z } from 'zod';
import type { RefusalView } from '../../db/read/reward-refusals.ts';
import type { RewardDecision, RewardTransfer, RewardView } from '../../db/read/rewards.ts';
import { redactInputs, redactText } from '../domain/explain/redact.ts';
import { REWARD_REASONS, type RewardReason } from '../domain/reward/reward-reasons.ts';
import { REWARD_STATES, type RewardState } from '../domain/reward/reward-state.ts';
import { idOut, instantOut, iso, isoOrNull } from './fields.ts';

export const rewardState = z.string().refine(isRewardState, 'There is no such state').meta({ enum: Object.keys(REWARD_STATES) });
export const rewardReason = z.string().refine(isRewardReason, 'There is no such reason').meta({ enum: Object.keys(REWARD_REASONS) });

const side = z.enum(['referrer', 'referee']).meta({ description: 'Of the referral: who brought, or who came' });
const reasonOut = z.string().meta({ enum: Object.keys(REWARD_REASONS), description: Object.entries(REWARD_REASONS).map(([code, says]) => `\`${code}\`: ${says}`).join(' ') });

export const rewardOut = z.object({
  id: idOut('rew'),
  memberId: idOut('mbr').meta({ description: 'Whose it is' }),
  programId: idOut('prg'),
  programVersion: z.int().meta({ description: 'Whose terms gave it' }),
  referralId: idOut('ref').nullable().meta({ description: 'Null: a milestone\'s' }),
  rule: z.string(),
  side,
  key: z.string().meta({ description: 'Names what it is for, from business facts alone: `<referral>/<rule>/<side>/<occasion>`' }),
  generation: z.int().meta({ description: 'A key can be granted again after it was taken back: each time is a generation, from 0' }),
  unit: z.string(),
  grantedMinor: z.int(),
  takenBackMinor: z.int(),
  leftMinor: z.int(),
  state: z.string().meta({ enum: Object.keys(REWARD_STATES), description: Object.entries(REWARD_STATES).map(([code, says]) => `\`${code}\`: ${says}`).join(' ') }),
  pausedBy: z.enum(['dispute', 'review']).nullable(),
  reason: reasonOut.nullable().meta({ description: 'Why it is paused or was taken back' }),
  earnedAt: instantOut,
  holdUntil: instantOut,
  expiresAt: instantOut.nullable(),
  payoutId: idOut('pyt').nullable(),
  createdAt: instantOut,
  movedAt: instantOut,
}).meta({ id: 'Reward' });

export const rewardStoryOut = z.object({
  ...rewardOut.shape,
  why: z.array(z.string()).meta({ description: 'How it stands and what it waits for, in sentences' }),
  moves: z.array(z.object({ move: z.string(), at: instantOut, amountMinor: z.int() })).meta({ description: 'What happened to it, by time' }),
  transfers: z.array(z.object({
    id: z.string(), sequence: z.int().meta({ description: 'Its place in the ledger' }), move: z.string(), debit: z.string(), credit: z.string(), unit: z.string(), amountMinor: z.int(), bookedAt: instantOut,
  })).meta({ description: 'What was booked of it: from which kind of account to which' }),
  decisions: z.array(z.object({ id: idOut('dec'), kind: z.string(), rule: z.string(), inputs: z.record(z.string(), z.unknown()), actor: z.string(), at: instantOut })).meta({ description: 'What was decided about it: by operators, and by rules on the way' }),
}).meta({ id: 'RewardStory' });

export const refusalOut = z.object({
  key: z.string().meta({ description: 'What would have been given: `<referral>/<rule>/<side>/<occasion>`; `<referral>/*`: an operator voided the whole referral' }),
  programId: idOut('prg'),
  referralId: idOut('ref').nullable(),
  memberId: idOut('mbr'),
  rule: z.string(),
  side,
  reason: reasonOut,
  detail: z.string().meta({ description: 'Which condition, cap or budget, in a sentence' }),
  earnedAt: instantOut.meta({ description: 'When what it would have been for happened' }),
  at: instantOut.meta({ description: 'When it was refused' }),
}).meta({ id: 'RewardRefusal' });

export function rewardBody({ ruleKey, earnedAt, holdUntil, expiresAt, createdAt, movedAt, ...reward }: RewardView) {
  return {
    ...reward, rule: ruleKey, leftMinor: reward.grantedMinor - reward.takenBackMinor,
    earnedAt: iso(earnedAt), holdUntil: iso(holdUntil), expiresAt: isoOrNull(expiresAt), createdAt: iso(createdAt), movedAt: iso(movedAt),
  };
}

export function rewardStoryBody(reward: RewardView, transfers: readonly RewardTransfer[], decisions: readonly RewardDecision[], now: number) {
  // A move that books twice (granted and paused at once) is two of its transfers, and one move.
  const moves = transfers.filter(({ id }) => id.split(':').length === 3).map(({ move, bookedAt, amountMinor }) => ({ move, at: iso(bookedAt), amountMinor }));
  return {
    ...rewardBody(reward),
    why: whyOf(reward, now),
    // A payout books its rewards together.
    moves: reward.state === 'paid' ? [...moves, { move: 'pay', at: iso(reward.movedAt), amountMinor: reward.grantedMinor - reward.takenBackMinor }] : moves,
    transfers: transfers.map(({ bookedAt, ...transfer }) => ({ ...transfer, bookedAt: iso(bookedAt) })),
    decisions: decisions.map(({ at, rule, inputs, ...decision }) => ({ ...decision, rule: redactText(rule), inputs: { ...redactInputs(inputs) }, at: iso(at) })),
  };
}

/** What a person asks first: how does it stand, and what does it wait for? */
function whyOf(reward: RewardView, now: number): string[] {
  const { state, pausedBy, reason, ruleKey, side: of, holdUntil, expiresAt, payoutId, takenBackMinor, grantedMinor } = reward;
  const occasion = reward.key.split('/').slice(3).join('/');
  return [
    `Earned as ${of} by the rule ${ruleKey} (${occasion}), by version ${String(reward.programVersion)} of the program.`,
    REWARD_STATES[state],
    ...(pausedBy === null ? [] : [pausedBy === 'dispute' ? 'A dispute of the payment is open: it waits for its end.' : 'Somebody looks at the referral: it waits for the review\'s end.']),
    ...(state === 'held' && pausedBy === null ? [holdUntil > now ? `It is held until ${iso(holdUntil)}.` : `Its hold was over at ${iso(holdUntil)}: it is released as soon as its run, or the sweep, looks.`] : []),
    ...(state === 'released' && payoutId !== null ? ['It stands in a payout.'] : []),
    ...(state === 'released' && expiresAt !== null ? [`It can be used until ${iso(expiresAt)}.`] : []),
    ...(takenBackMinor > 0 && takenBackMinor < grantedMinor ? [`${String(takenBackMinor)} of ${String(grantedMinor)} were taken back.`] : []),
    ...(reason === null ? [] : [REWARD_REASONS[reason]]),
  ];
}

/** An operator's words are shown as in the audit log: without what looks personal. */
export function refusalBody({ ruleKey, detail, earnedAt, at, ...refusal }: RefusalView) {
  return { ...refusal, rule: ruleKey, detail: refusal.reason === 'operator' ? redactText(detail) : detail, earnedAt: iso(earnedAt), at: iso(at) };
}

function isRewardState(text: string): text is RewardState {
  return Object.hasOwn(REWARD_STATES, text);
}

function isRewardReason(text: string): text is RewardReason {
  return Object.hasOwn(REWARD_REASONS, text);
}
