/** Why a member is left out of a batch, or a payout of it is not approved. What is left out stays for a later batch. */
export const LEFT_OUT_REASONS = {
  below_minimum: 'What would be paid is less than the batch\'s minimum.',
  excluded: 'The member was excluded from this batch.',
  no_payee: 'The rail needs to know where to pay, and nobody has said. Set it with PUT /v1/members/{id}/payee.',
  nothing_left: 'All of it was taken back before it was approved.',
  batch_full: 'The batch is full; make another one for the rest.',
  too_large: 'The sum is more than can be counted exactly.',
} as const;
export type LeftOutReason = keyof typeof LEFT_OUT_REASONS;

/** Why a payout failed, is unknown or was canceled, where it is for a reason of ours. A rail's own words stand beside. */
export const PAYOUT_REASONS = {
  ...LEFT_OUT_REASONS,
  canceled_by_tenant: 'Somebody canceled it.',
  no_answer: 'The rail did not answer in time, or with something that says nothing.',
  interrupted: 'Whoever handed it over stopped before the rail\'s answer was recorded.',
  rail_refused: 'The rail refused it.',
  rail_failed: 'The rail took it and could not pay.',
  not_at_rail: 'The rail has no trace of it, and its key is over: it was not paid.',
  rail_unavailable: 'The rail could not be reached or asked to come again; nothing was handed over.',
  rail_misconfigured: 'The rail\'s address or secret is refused; nothing was handed over. Correct the settings with PUT /v1/payout-rail.',
  mismatch_at_rail: 'The rail shows another amount, currency or payee under this payout, or more than one transfer: look there.',
  marked: 'Somebody said so by the API.',
} as const;
export type PayoutReason = keyof typeof PAYOUT_REASONS;
