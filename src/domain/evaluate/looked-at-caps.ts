import type { MemberId } from '../ids.ts';
import { capKey } from '../reward/cap-use.ts';
import type { RewardTerms } from '../reward/reward-terms.ts';

/** The rows in which these terms could count what these people earn at these instants (epoch ms). */
export function lookedAtCaps({ caps = [] }: RewardTerms, memberIds: readonly MemberId[], instants: readonly number[], zone: string): string[] {
  const keys = caps.flatMap((cap) => memberIds.flatMap((memberId) => instants.map((earnedAt) =>
    capKey(cap, { memberId, ruleKey: cap.rule ?? '', unit: 'unit' in cap.most ? cap.most.unit : '', amountMinor: 1, earnedAt }, zone))));
  return [...new Set(keys.flatMap((key) => key ?? []))];
}
