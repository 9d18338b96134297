import type { Inputs } from '../entry.ts';

/** What an entry of a referral's story is about. Public: an app may choose by it. */
export const REFERRAL_ENTRY_KINDS = [
  'claimed', 'signed_up', 'credited', 'not_credited', 'first_value', 'plan_upgraded', 'paid', 'refunded', 'refund_failed', 'disputed', 'dispute_ended', 'decided',
  'held', 'not_given', 'paused', 'resumed', 'released', 'reduced', 'taken_back', 'redeemed', 'expired', 'in_payout', 'paid_out', 'not_paid_out', 'run_began', 'run_ended',
] as const;
export type ReferralEntryKind = (typeof REFERRAL_ENTRY_KINDS)[number];

export const REFERRAL_SOURCES = ['claim', 'event', 'payment', 'reward', 'refusal', 'transfer', 'payout', 'decision', 'run'] as const;

/** One thing that happened: when (epoch ms), what, by which rule, from which inputs, by whom, and where it is kept. */
export type ReferralEntry = {
  readonly at: number;
  readonly kind: ReferralEntryKind;
  readonly title: string;
  readonly rule: string;
  readonly inputs: Inputs;
  readonly actor: string;
  readonly source: { readonly kind: (typeof REFERRAL_SOURCES)[number]; readonly id: string };
};

/** Of one instant, causes before what they bring about. */
export function inOrder(entries: readonly ReferralEntry[]): ReferralEntry[] {
  return entries.toSorted((a, b) => a.at - b.at || REFERRAL_ENTRY_KINDS.indexOf(a.kind) - REFERRAL_ENTRY_KINDS.indexOf(b.kind));
}
