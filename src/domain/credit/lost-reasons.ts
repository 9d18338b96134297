/** Why a claim has no credit. Public and stable; kept with the claim. */
export const LOST_REASONS = {
  self_referral: 'Referrer and new member are one person; detail says by what.',
  cycle: 'The new member stands above the referrer in the graph of who brought whom.',
  program_closed: 'The program took no more sign-ups at that time, or is not known.',
  after_sign_up: 'It happened after the sign-up.',
  window_over: 'It happened longer before the sign-up than the program looks back.',
  outranked: 'Another claim in the same program is stronger, or the one its rule prefers by time.',
  credited_elsewhere: 'Another program has the one acquisition credit for this member.',
  duplicate: 'This member was credited before, by an earlier sign-up.',
} as const;
export type LostReason = keyof typeof LOST_REASONS;
