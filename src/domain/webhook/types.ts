/** What a field of `data` holds. Ids and figures: nothing of a person is ever in it. */
export type FieldKind = 'id' | 'id or null' | 'text' | 'text or null' | 'integer' | 'integer or null' | 'instant' | 'instant or null' | 'boolean';
type Fields = Readonly<Record<string, FieldKind>>;
export type WebhookTypeInfo = { readonly says: string; readonly data: Fields };

const REFERRAL = { referralId: 'id', programId: 'id', referrerId: 'id', refereeId: 'id', state: 'text' } as const satisfies Fields;
const SIGN_UP = {
  referralId: 'id', programId: 'id', programVersion: 'integer', referrerId: 'id', referrerExternalId: 'text', refereeId: 'id', refereeExternalId: 'text',
  claimId: 'text', confidence: 'text', acquisition: 'boolean', signedUpAt: 'instant',
} as const satisfies Fields;
const REWARD = {
  rewardId: 'id', referralId: 'id or null', programId: 'id', memberId: 'id', ruleKey: 'text', side: 'text', unit: 'text', amountMinor: 'integer', state: 'text', reason: 'text or null',
} as const satisfies Fields;
const REFUSAL = { referralId: 'id or null', programId: 'id', memberId: 'id', ruleKey: 'text', side: 'text', reason: 'text' } as const satisfies Fields;
const PAYOUT = { payoutId: 'id', memberId: 'id', currency: 'text', amountMinor: 'integer', state: 'text', reason: 'text or null' } as const satisfies Fields;
const INVITE = { inviteId: 'id', batchId: 'id' } as const satisfies Fields;
const MESSAGE = { ...INVITE, channel: 'text', step: 'integer' } as const satisfies Fields;
const JOINED = { inviteId: 'id', batchId: 'id', memberId: 'id', cause: 'text' } as const satisfies Fields;
const PUSH = { feedItemId: 'id', memberId: 'id', externalId: 'text', kind: 'text', topic: 'text', title: 'text', body: 'text', deepLink: 'text or null', expiresAt: 'instant or null' } as const satisfies Fields;

const types = {
  'referral.created': { says: 'Somebody signed up and a member has the credit for it.', data: SIGN_UP },
  'referral.activated': { says: 'The referee reached first value.', data: REFERRAL },
  'referral.qualified': { says: 'The referee paid for the first time.', data: REFERRAL },
  'referral.rewarded': { says: 'A reward of the referral was released.', data: REFERRAL },
  'referral.voided': { says: 'All that the referral had earned was taken back.', data: REFERRAL },
  'referral.corrected': { says: 'An operator gave the credit to another member.', data: REFERRAL },
  'reward.held': { says: 'A reward was earned and is held until the refund window is over.', data: REWARD },
  'reward.released': { says: 'The hold is over: the reward is the member\'s own.', data: REWARD },
  'reward.paused': { says: 'A dispute or a review holds the reward.', data: REWARD },
  'reward.resumed': { says: 'What had paused the reward is over.', data: REWARD },
  'reward.reduced': { says: 'A part was taken back, the rest stays: `amountMinor` is what is left.', data: REWARD },
  'reward.voided': { says: 'The reward was taken back before it was released.', data: REWARD },
  'reward.reversed': { says: 'The reward was taken back after it had been released.', data: REWARD },
  'reward.redeemed': { says: 'The member used the reward.', data: REWARD },
  'reward.expired': { says: 'The reward was not used in time.', data: REWARD },
  'reward.paid': { says: 'The reward was paid out.', data: REWARD },
  'reward.refused': { says: 'Something was earned by a rule and not given; `reason` says why.', data: REFUSAL },
  'payout.created': { says: 'A payout was made of released rewards.', data: PAYOUT },
  'payout.approved': { says: 'The payout may be sent.', data: PAYOUT },
  'payout.sending': { says: 'The payout is being handed to its rail.', data: PAYOUT },
  'payout.unknown': { says: 'The rail did not answer; it is being asked what became of the payout.', data: PAYOUT },
  'payout.sent': { says: 'The rail has taken the payout.', data: PAYOUT },
  'payout.completed': { says: 'The money has arrived.', data: PAYOUT },
  'payout.failed': { says: 'The payout failed; its rewards can be paid out again.', data: PAYOUT },
  'payout.canceled': { says: 'The payout was canceled before it left.', data: PAYOUT },
  'invite.sent': { says: 'The provider took a message of the invite; `step` 0 is the invite itself, the others are its reminders.', data: MESSAGE },
  'invite.delivered': { says: 'The recipient\'s side took the message.', data: MESSAGE },
  'invite.bounced': { says: 'The message came back. `permanent`: nothing more goes to that address.', data: { ...MESSAGE, reason: 'text', permanent: 'boolean' } },
  'invite.complained': { says: 'The recipient called the message spam: nobody writes to that address again.', data: MESSAGE },
  'invite.opted_out': { says: 'The recipient wants no more such messages, said by the invite\'s link, on its page or by SMS. `topic` and `channel` say of what, `*` is all.', data: { ...INVITE, topic: 'text', channel: 'text' } },
  'invite.refused': { says: 'The invite ended unsent; `reason` says why.', data: { ...INVITE, reason: 'text' } },
  'invite.canceled': { says: 'It was canceled before it left.', data: INVITE },
  'invite.expired': { says: 'Its time is over, and nobody had joined by it.', data: INVITE },
  'invite.unknown': { says: 'Whether it left was not to be learned in 72 hours. It is not sent again.', data: INVITE },
  'invite.joined': { says: 'An invited person is a member now; `memberId` is hers, `cause` says what told us.', data: JOINED },
  'push.requested': { says: 'An item of a member\'s feed is to be pushed to the member\'s devices, now: within the hours in which messages may leave. Tell us by `PUT /v1/feed/marks` when it was read or clicked.', data: PUSH },
  'webhook.test': { says: 'Sent by you, to see whether it arrives.', data: { endpointId: 'id' } },
  'webhook.endpoint_disabled': { says: 'Another endpoint of yours was disabled; `reason` is `gone` or `failing`.', data: { endpointId: 'id', reason: 'text' } },
} as const satisfies Record<string, WebhookTypeInfo>;

/** Every type an endpoint can get. A type, once published, keeps its meaning; fields may be added to its data. */
export type WebhookType = keyof typeof types;
export const WEBHOOK_TYPES: Readonly<Record<WebhookType, WebhookTypeInfo>> = types;

export function isWebhookType(text: string): text is WebhookType {
  return Object.hasOwn(types, text);
}
