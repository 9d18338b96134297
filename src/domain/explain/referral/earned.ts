import { REWARD_REASONS } from '../../reward/reward-reasons.ts';
import { given } from '../entry.ts';
import { redactText } from '../redact.ts';
import { sayCode } from '../say-code.ts';
import { utcText } from '../when.ts';
import { amountText } from '../../money/amount-text.ts';
import type { ReferralEntry, ReferralEntryKind } from './entry.ts';
import type { PayoutStoryFact, RefusalFact, ReferralStoryFacts, RewardStoryFact, TransferFact } from './facts.ts';

/** What was earned, each move by the transfer that booked it, and what was not given, with the reason. */
export function earnedEntries({ rewards, refusals, transfers, payouts }: ReferralStoryFacts, now: number): ReferralEntry[] {
  const byId = new Map(rewards.map((reward) => [String(reward.id), reward]));
  return [
    ...transfers.flatMap((transfer) => {
      const reward = byId.get(transfer.rewardId);
      return reward === undefined ? [] : [moved(transfer, reward, now)];
    }),
    ...refusals.map(refused),
    ...payouts.flatMap((payout) => {
      const reward = byId.get(payout.rewardId);
      return reward === undefined ? [] : paid(payout, reward);
    }),
  ];
}

function moved({ id, sequence, move, debit, credit, unit, amountMinor, bookedAt }: TransferFact, reward: RewardStoryFact, now: number): ReferralEntry {
  const amount = amountText(amountMinor, unit);
  const { kind, title, rule } = sayMove(credit === 'disputes' ? 'pause' : move, amount, reward, now);
  return {
    at: bookedAt, kind, title, rule,
    inputs: given({ rewardId: reward.id, rule: reward.ruleKey, memberId: reward.memberId, amountMinor, unit, from: debit, to: credit, transfer: sequence }),
    actor: 'ledger', source: { kind: 'transfer', id },
  };
}

function sayMove(move: string, amount: string, { side, holdUntil, earnedAt, reason, state }: RewardStoryFact, now: number): { kind: ReferralEntryKind; title: string; rule: string } {
  const because = reason === null || state === 'held' || state === 'released' ? '' : `: ${sayCode(reason)}`;
  switch (move) {
    case 'grant': return { kind: 'held', title: `The ${side} earned ${amount}: ${state === 'held' ? `held until ${utcText(holdUntil, now)} UTC` : 'held at first'}.`, rule: `It was earned ${utcText(earnedAt, now)} UTC and is kept until the refund window is over.` };
    case 'pause': return { kind: 'paused', title: `${amount} of the ${side} are paused.`, rule: 'While a dispute or a review is open nothing is given out.' };
    case 'resume': return { kind: 'resumed', title: `${amount} of the ${side} go on.`, rule: 'What paused it is over.' };
    case 'release': return { kind: 'released', title: `${amount} are the ${side}'s own.`, rule: 'Its hold was over and nothing was open against it.' };
    case 'reduce': return { kind: 'reduced', title: `${amount} of the ${side}'s reward were taken back.`, rule: 'What is left of the payment earns less.' };
    case 'void': return { kind: 'taken_back', title: `${amount} of the ${side} were taken back before they were released${because}.`, rule: 'What is no longer earned is taken back, once.' };
    case 'reverse': return { kind: 'taken_back', title: `${amount} of the ${side} were taken back${because}.`, rule: 'After its release a reward is only reversed; what was paid is netted against the next payout.' };
    case 'redeem': return { kind: 'redeemed', title: `The ${side} used ${amount}.`, rule: 'The app said so.' };
    case 'expire': return { kind: 'expired', title: `${amount} of the ${side} expired unused.`, rule: 'Its time to be used was over.' };
    default: return { kind: 'decided', title: `${amount} of the ${side}: ${move.replaceAll('_', ' ')}.`, rule: 'Booked in the ledger.' };
  }
}

/** The payouts that a reward stood in: when it went out, and how that ended. */
function paid({ payoutId, rewardId, amountMinor, state, approvedAt, endedAt }: PayoutStoryFact, { side, unit }: RewardStoryFact): ReferralEntry[] {
  const amount = amountText(amountMinor, unit);
  const about = { inputs: given({ payoutId, rewardId, amountMinor, unit }), actor: 'payout', source: { kind: 'payout' as const, id: payoutId } };
  const left: ReferralEntry[] = approvedAt === null ? [] : [{
    ...about, at: approvedAt, kind: 'in_payout', title: `${amount} of the ${side} were put into a payout.`, rule: 'Nobody else can use them until it has ended.',
  }];
  if (endedAt === null) return left;
  return [...left, state === 'completed'
    ? { ...about, at: endedAt, kind: 'paid_out', title: `${amount} were paid to the ${side}.`, rule: 'The rail, or who pays by hand, said so.' }
    : { ...about, at: endedAt, kind: 'not_paid_out', title: `${amount} were not paid: the payout ${state === 'failed' ? 'failed' : 'was canceled'}.`, rule: 'They are free for a later payout.' }];
}

function refused({ key, memberId, side, ruleKey, reason, detail, at }: RefusalFact): ReferralEntry {
  return {
    at, kind: 'not_given', title: `The ${side} gets nothing by ${ruleKey === '*' ? 'any rule' : `the rule ${ruleKey}`}: ${reason}.`, rule: `${REWARD_REASONS[reason]} ${redactText(detail)}`,
    inputs: given({ memberId, rule: ruleKey, reason }), actor: 'rewards', source: { kind: 'refusal', id: key },
  };
}
