import { z } from 'zod';
import type { BroughtView } from '../../db/read/referral-graph.ts';
import type { ClaimView, PaymentView, ReferralView } from '../../db/read/referrals.ts';
import { PAYMENT_CHANGES } from '../../db/schema/payments.ts';
import { REFERRAL_STATES } from '../../db/schema/referrals.ts';
import { CONFIDENCES } from '../domain/credit/claim.ts';
import { idOut, instantOut, iso, isoOrNull } from './fields.ts';

const claimKind = z.string().meta({ description: 'What spoke for the referrer: `typed_code`, `click_id`, `same_visitor`, `invited_contact`, `guest_token`, or `operator`' });

const referralFields = {
  id: idOut('ref'),
  programId: idOut('prg'),
  programVersion: z.int().meta({ description: 'Whose terms it keeps: the version there was at the sign-up' }),
  referrer: z.object({ memberId: idOut('mbr'), externalId: z.string() }),
  referee: z.object({ memberId: idOut('mbr'), externalId: z.string() }),
  claimKind: claimKind.nullable(),
  confidence: z.enum(CONFIDENCES),
  acquisition: z.boolean().meta({ description: 'Has the one credit that counts for this referee; false for credits a stackable program gives beside it' }),
  state: z.enum(REFERRAL_STATES),
  selfReferral: z.boolean().meta({ description: 'Both sides were found to be one person, perhaps later: it earns nothing' }),
  underReview: z.boolean(),
  signedUpAt: instantOut,
  activatedAt: instantOut.nullable(),
  qualifiedAt: instantOut.nullable(),
  createdAt: instantOut,
  movedAt: instantOut,
};

export const referralOut = z.object(referralFields).meta({ id: 'Referral', description: 'Who brought whom, in a program' });

const claimOut = z.object({
  id: z.string(),
  kind: claimKind,
  programId: idOut('prg'),
  referrerExternalId: z.string(),
  at: instantOut,
  outcome: z.enum(['credited', 'lost']),
  reason: z.string().nullable().meta({ description: 'Why it has no credit: `self_referral`, `cycle`, `program_closed`, `after_sign_up`, `window_over`, `outranked`, `credited_elsewhere`, `duplicate`, `corrected`' }),
  sameBy: z.string().nullable().meta({ description: 'By what both are one person: `member`, `mailbox`, `contact`, `payment`' }),
  toClaimId: z.string().nullable().meta({ description: 'What has the credit instead' }),
  decidedAt: instantOut,
});

const paymentOut = z.object({
  id: idOut('pay'),
  names: z.array(z.string()),
  amountMinor: z.number(),
  currency: z.string(),
  product: z.string().nullable(),
  country: z.string().nullable(),
  paidAt: instantOut,
  eventId: z.string(),
  changes: z.array(z.object({ eventId: z.string(), kind: z.enum(PAYMENT_CHANGES), amountMinor: z.number().nullable(), currency: z.string().nullable(), disputeId: z.string().nullable(), refundId: z.string().nullable(), at: instantOut })),
}).meta({ description: 'One payment, whatever reported it. Refunds are cumulative, one that failed (`refund_failed`) is told by itself; without an amount a change is about all of it' });

export const referralWithStoryOut = z.object({ ...referralFields, claims: z.array(claimOut).meta({ description: 'Everything that spoke for somebody at this referee\'s sign-ups, won and lost' }), payments: z.array(paymentOut) });

export function referralBody({ referrerId, referrerExternalId, refereeId, refereeExternalId, claimId: _claimId, signedUpAt, activatedAt, qualifiedAt, createdAt, movedAt, ...referral }: ReferralView): z.input<typeof referralOut> {
  return {
    ...referral,
    referrer: { memberId: referrerId, externalId: referrerExternalId },
    referee: { memberId: refereeId, externalId: refereeExternalId },
    signedUpAt: iso(signedUpAt),
    activatedAt: isoOrNull(activatedAt),
    qualifiedAt: isoOrNull(qualifiedAt),
    createdAt: iso(createdAt),
    movedAt: iso(movedAt),
  };
}

export function claimBody({ at, decidedAt, ...claim }: ClaimView): z.input<typeof claimOut> {
  return { ...claim, at: iso(at), decidedAt: iso(decidedAt) };
}

export function paymentBody({ paidAt, changes, ...payment }: PaymentView): z.input<typeof paymentOut> {
  return { ...payment, paidAt: iso(paidAt), changes: changes.map(({ at, paymentId: _paymentId, ...change }) => ({ ...change, at: iso(at) })) };
}

const counts = { signedUp: z.int(), activated: z.int().meta({ description: 'Of them those who reached first value' }), converted: z.int().meta({ description: 'Of them those who paid' }) };

export const broughtOut = z.object({
  generations: z.array(z.object({ generation: z.int(), ...counts })),
  members: z.array(z.object({
    generation: z.int().meta({ description: '1: brought by this member; 2: by one of those; and so on' }),
    referralId: idOut('ref'),
    programId: idOut('prg'),
    memberId: idOut('mbr'),
    externalId: z.string(),
    broughtByExternalId: z.string(),
    state: z.enum(REFERRAL_STATES),
    signedUpAt: instantOut,
  })).meta({ description: 'By generation, then by time' }),
  hasMore: z.boolean().meta({ description: 'There are more members than `limit`' }),
});

export function broughtBody({ generation, referralId, programId, memberId, externalId, broughtByExternalId, state, signedUpAt }: BroughtView): z.input<typeof broughtOut>['members'][number] {
  return { generation, referralId, programId, memberId, externalId, broughtByExternalId, state, signedUpAt: iso(signedUpAt) };
}

export const topOut = z.object({ data: z.array(z.object({ memberId: idOut('mbr'), externalId: z.string(), ...counts })) });
