/** Why an invite is not accepted, or ends unsent. Public and stable: an app shows or handles each. */
export const REFUSAL_REASONS = {
  invalid_invitee: 'Something else about the invitee cannot be used; detail says what.',
  invalid_address: 'There is no address that the program\'s channels can use, or the e-mail address is not one a mail can be sent to.',
  self_invite: 'Inviter and invitee share one mailbox.',
  no_consent: 'The basis of consent is missing, or not one this program accepts; an SMS needs the recipient\'s own opt-in.',
  suppressed: 'The recipient asked not to be written to, or the address is known to be bad.',
  unanswered_cap: 'The recipient left as many messages unanswered as the tenant allows.',
  member_already: 'The recipient is a member already.',
  duplicate_in_cooling_period: 'This recipient was invited a short while ago; duplicateOf names that invite.',
  cap_reached: 'The member has sent as many invites as the program allows for now; detail says more.',
  no_permitted_time: 'The send rules leave no moment before the invite expires.',
} as const;
export type RefusalReason = keyof typeof REFUSAL_REASONS;

/** On what basis somebody may be written to. */
export const CONSENT_BASES = ['opt_in', 'existing_relationship', 'inviter_attested'] as const;
export type ConsentBasis = (typeof CONSENT_BASES)[number];
