import { leftOf } from '../../reward/stored-reward.ts';
import { utcText } from '../when.ts';
import { amountText } from '../../money/amount-text.ts';
import type { ReferralStoryFacts, RewardStoryFact } from './facts.ts';

/** What a referral waits for. `nextAt` (epoch ms): when the next thing happens by itself. */
export type ReferralNow = { readonly state: ReferralStoryFacts['referral']['state']; readonly waitsFor: string; readonly nextAt: number | null; readonly paused: boolean };

/** Says what a referral waits for now, in one sentence for those who may have to do something about it. */
export function waitsFor(facts: ReferralStoryFacts, now: number): ReferralNow {
  const { referral, run } = facts;
  const open = run?.closedAt === null ? run : null;
  const paused = open !== null && open.pausedAt !== null;
  return { state: referral.state, paused, nextAt: paused ? null : firstHeld(facts)?.holdUntil ?? open?.dueAt ?? null, waitsFor: sentence(facts, open, now) };
}

function sentence(facts: ReferralStoryFacts, open: ReferralStoryFacts['run'], now: number): string {
  const { referral: { state }, rewards } = facts;
  const stuck = rewards.filter(({ pausedBy }) => pausedBy !== null);
  const next = firstHeld(facts);
  if (open !== null && open.pausedAt !== null) return `somebody who resumes it: its run is paused since ${utcText(open.pausedAt, now)} UTC, and nothing is released meanwhile`;
  if (stuck.length > 0) return `the end of ${stuck.some(({ pausedBy }) => pausedBy === 'dispute') ? 'a dispute' : 'a review'}: ${stuck.map(sum).join(', ')} wait for it`;
  if (next !== undefined) {
    const over = next.holdUntil <= now ? ', which is over: its run or the sweep releases it within minutes' : '';
    return `the end of the hold ${utcText(next.holdUntil, now)} UTC${over}; then ${sum(next)} are released, unless a refund or a dispute comes before`;
  }
  if (open === null) return 'nothing: nothing is held and nothing is to come; a later fact lets it begin again';
  switch (state) {
    case 'attributed': return 'first value or a payment of the referee';
    case 'activated': return 'a payment of the referee';
    case 'qualified':
    case 'rewarded':
    case 'voided': return 'whatever the app tells next';
  }
}

function firstHeld({ rewards }: ReferralStoryFacts): RewardStoryFact | undefined {
  return rewards.filter(({ state, pausedBy }) => state === 'held' && pausedBy === null).toSorted((a, b) => a.holdUntil - b.holdUntil)[0];
}

function sum(reward: RewardStoryFact): string {
  return `${amountText(leftOf(reward), reward.unit)} for the ${reward.side}`;
}
