/** The named stages of a referral's run, as ops see them in the Temporal UI. */
export const REFERRAL_STAGES = {
  attributed: 'Signed up; waits for first value or a payment.',
  activated: 'Reached first value; waits for a payment.',
  qualified: 'Paid; nothing is held.',
  holding: 'Rewards are held until the refund window is over.',
  paused: 'A dispute or a review is open.',
} as const;
export type ReferralStage = keyof typeof REFERRAL_STAGES;

/** How a referral's run ends. A later fact lets it begin again, as the next generation. */
export const REFERRAL_OUTCOMES = {
  rewarded: 'Something was earned, and nothing is to come.',
  voided: 'All that was earned was taken back.',
  nothing_earned: 'Nothing was earned, and nothing is to come.',
} as const;
export type ReferralOutcome = keyof typeof REFERRAL_OUTCOMES;

/** What a look at a referral's rows tells its run. `nextAt`: when to look again (epoch ms); null: only when something happens. */
export type ReferralLook =
  | { readonly kind: 'goes_on'; readonly stage: ReferralStage; readonly nextAt: number | null }
  | { readonly kind: 'over'; readonly outcome: ReferralOutcome };
