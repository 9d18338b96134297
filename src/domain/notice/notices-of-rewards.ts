import { groupBy } from '../group-by.ts';
import type { MemberId, ProgramId, ReferralId, RewardId, RunId } from '../ids.ts';
import type { RewardMove } from '../reward/reward-move.ts';
import type { RewardReason } from '../reward/reward-reasons.ts';
import type { Side } from '../reward/reward-terms.ts';
import type { NoticeKind } from './notice-kinds.ts';
import { amountValue, type NoticeValues } from './notice-values.ts';

/** One thing that happened to a reward, as it stands after it. */
export type RewardNews = {
  readonly kind: RewardMove['kind'];
  readonly amountMinor: number;
  readonly reward: {
    readonly id: RewardId;
    readonly programId: ProgramId;
    readonly memberId: MemberId;
    /** Null: a milestone's, or granted by a run. */
    readonly referralId: ReferralId | null;
    readonly runId: RunId | null;
    readonly side: Side;
    readonly unit: string;
    readonly takenBackMinor: number;
    readonly holdUntil: number;
    readonly reason: RewardReason | null;
  };
};

/** What somebody is to be told, before it is known whether the program tells it. */
export type RewardNotice = { readonly key: string; readonly kind: NoticeKind; readonly programId: ProgramId; readonly memberId: MemberId; readonly values: NoticeValues; readonly expiresAt?: number };

/**
 * What members are told of rewards that moved at one instant: of a kind one notice for each member and program, with the sum of its
 * amounts and the last of its holds. Nothing where nobody has to know: what is granted free at once is told when it is released; pauses
 * are open questions; what somebody used or was paid they know.
 */
export function noticesOfRewards(news: readonly RewardNews[], now: number): RewardNotice[] {
  const told = news.flatMap((one) => {
    const kind = kindOf(one, now);
    return kind === null ? [] : [{ ...one, notice: kind }];
  });
  const groups = groupBy(told, ({ notice, reward: { programId, memberId, reason } }) => [notice, programId, memberId, notice === 'reward_taken_back' ? reason : ''].join(' '));
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { reward, notice, kind } = first;
    const amount = amountValue(group.map(({ amountMinor, reward: { unit } }) => ({ unit, amountMinor })));
    // One by one: there may be more than a call takes arguments.
    const until = group.reduce((latest, { reward: { holdUntil } }) => Math.max(latest, holdUntil), Number.NEGATIVE_INFINITY);
    return [{
      // A reward is taken back in parts: what was before tells one from the next, as in the books.
      key: `${reward.id}:${kind}:${String(reward.takenBackMinor)}`,
      kind: notice, programId: reward.programId, memberId: reward.memberId,
      // Once it is released there is other news.
      ...(notice === 'reward_held' || notice === 'welcome_held' ? { expiresAt: until } : {}),
      values: {
        amount,
        ...(kind === 'grant' ? { until: new Date(until).toISOString() } : {}),
        ...(notice === 'reward_taken_back' ? { reason: reward.reason ?? 'not_eligible' } : {}),
      },
    }];
  });
}

function kindOf({ kind, reward: { referralId, runId, side, holdUntil } }: RewardNews, now: number): NoticeKind | null {
  switch (kind) {
    case 'grant':
      if (referralId === null && runId === null) return 'milestone_reached';
      if (holdUntil <= now) return null;
      return side === 'referrer' ? 'reward_held' : 'welcome_held';
    case 'release': return side === 'referrer' ? 'reward_released' : 'welcome_released';
    case 'void':
    case 'reverse':
    case 'reduce': return 'reward_taken_back';
    case 'pause':
    case 'resume':
    case 'redeem':
    case 'expire':
    case 'pay': return null;
  }
}
