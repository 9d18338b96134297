/** Why a reward is not given, or not yet. Public and stable: never silence. */
export const REWARD_REASONS = {
  cap_reached: 'The person has what the program gives one person in this time.',
  window_over: 'It happened outside the time in which it counts.',
  duplicate: 'The same was rewarded already.',
  self_referral: 'Referrer and new member are one person.',
  budget_spent: 'The program\'s budget for this unit is used up.',
  not_eligible: 'It does not meet the conditions, or no longer does after a refund; detail says which.',
  under_review: 'It is held while a dispute or a review is open.',
  currency_not_supported: 'The payment is in a currency we keep no books in.',
  operator: 'An operator took it back, for good; detail, or the audit log, says why.',
} as const;
export type RewardReason = keyof typeof REWARD_REASONS;
