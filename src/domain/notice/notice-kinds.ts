import type { RewardTerms } from '../reward/reward-terms.ts';

/** What members are told of, one mail each: the steps of those they brought, and what became of what they earned by it. */
export const NOTICE_KINDS = [
  'friend_signed_up', 'friend_activated', 'reward_held', 'reward_released', 'reward_taken_back', 'milestone_reached',
  // To the person who was brought, of the reward for coming.
  'welcome_held', 'welcome_released',
] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

/** A message of a run to somebody in it: the loop has its words. It leaves as a notice does. */
export const RUN_MESSAGE = 'run_message';

/** What all notices are about, whatever their program's own topic is: people can switch off these alone. */
export const NOTICE_TOPIC = 'referral_updates';

/** What is sent where a program with rewards says nothing of notices. */
export const STANDARD_NOTICES: readonly NoticeKind[] = NOTICE_KINDS;

/** Which notices a program sends: those it names; else the standard ones where it has rewards, none where it has not. */
export function noticesOf({ notices, rewards }: { readonly notices?: readonly NoticeKind[] | undefined; readonly rewards?: RewardTerms | undefined }): readonly NoticeKind[] {
  return notices ?? (rewards === undefined ? [] : STANDARD_NOTICES);
}
