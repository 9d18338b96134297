import { groupBy } from '../../../src/domain/group-by.ts';
import type { ReferralId } from '../../../src/domain/ids.ts';
import type { RewardMove } from '../../../src/domain/reward/reward-move.ts';
import { leftOf } from '../../../src/domain/reward/stored-reward.ts';
import type { WebhookType } from '../../../src/domain/webhook/types.ts';
import type { RunFact } from '../tell-runs.ts';
import type { News } from '../webhooks/announce.ts';
import type { Happened } from './run-steps.ts';

/** What a tenant hears of a reward's move; total, so that a new move says what it is called. */
const NEWS_OF: Readonly<Record<RewardMove['kind'], WebhookType>> = {
  grant: 'reward.held',
  release: 'reward.released',
  void: 'reward.voided',
  reverse: 'reward.reversed',
  reduce: 'reward.reduced',
  pause: 'reward.paused',
  resume: 'reward.resumed',
  redeem: 'reward.redeemed',
  expire: 'reward.expired',
  pay: 'reward.paid',
};

/** News of what happened to rewards: ids, figures and states, nothing of a person. */
export function newsOfRewards(happened: readonly Happened[], now: number): News[] {
  return happened.map(({ kind, reward, amountMinor }) => {
    const { id, programId, referralId, memberId, ruleKey, side, unit, state, reason } = reward;
    return {
      type: NEWS_OF[kind], subjectId: id, sequenceOf: referralId, at: now,
      data: { rewardId: id, referralId, programId, memberId, ruleKey, side, unit, amountMinor: kind === 'reduce' ? leftOf(reward) : amountMinor, state, reason },
    };
  });
}

export type ChangedReferral = { readonly referralId: ReferralId; readonly state?: string };

/**
 * What the runs of referrals hear: that something changed, so that they look again. Known by the instant and the first thing
 * that changed: a reward's move is booked once, so no two changes share it.
 */
export function factsForRuns(happened: readonly Happened[], states: readonly ChangedReferral[], now: number): RunFact[] {
  const moves = groupBy(happened, ({ reward }) => reward.referralId);
  const stateOf = new Map(states.map(({ referralId, state }) => [referralId, state ?? null]));
  return [...new Set([...moves.keys(), ...stateOf.keys()])].filter((id) => id !== null).toSorted().map((runId) => {
    const own = moves.get(runId) ?? [];
    const [first] = own;
    const by = first === undefined ? `state:${stateOf.get(runId) ?? ''}` : `${first.reward.id}:${first.kind}:${String(first.reward.takenBackMinor)}`;
    return { runId, factId: `${String(now)}:${by}`, kind: 'changed', data: { moves: own.length, state: stateOf.get(runId) ?? null }, at: now };
  });
}

/** What a tenant hears of a referral. */
export function newsOfReferral({ id, programId, referrerId, refereeId, state }: { id: ReferralId; programId: string; referrerId: string; refereeId: string; state: string }, now: number): News {
  return { type: `referral.${state}`, subjectId: id, sequenceOf: id, at: now, data: { referralId: id, programId, referrerId, refereeId, state } };
}
