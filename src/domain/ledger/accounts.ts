import type { Unit } from '../money/unit.ts';

type AccountRule = { readonly owner: 'program' | 'member' | 'tenant'; readonly mayBeNegative: boolean; readonly says: string };

/**
 * The accounts of a tenant, one of each kind for each owner and unit. A balance is credits less debits, so all balances of a unit
 * always sum to 0. Only three may be below 0: what a program has given (down to its budget), what a member was paid and
 * has to give back, and what was taken back of a payout that is still under way.
 */
export const ACCOUNT_KINDS = {
  program_budget: { owner: 'program', mayBeNegative: true, says: 'What the program has set aside and given, below 0; at the lowest its budget.' },
  member_held: { owner: 'member', mayBeNegative: false, says: 'Rewards that are held for the member.' },
  member_owed: { owner: 'member', mayBeNegative: false, says: 'Released rewards: what the member can use or be paid.' },
  member_clawback: { owner: 'member', mayBeNegative: true, says: 'What the member was paid or has used and must give back, below 0; netted against the next payout.' },
  member_unsettled: { owner: 'member', mayBeNegative: true, says: 'What was taken back of rewards that stand in a payout under way, below 0; settled when it ends.' },
  disputes: { owner: 'tenant', mayBeNegative: false, says: 'Rewards that are paused by a dispute or a review.' },
  forfeits: { owner: 'tenant', mayBeNegative: false, says: 'Rewards that expired unused.' },
  redeemed: { owner: 'tenant', mayBeNegative: false, says: 'Rewards that were used.' },
  in_transit: { owner: 'tenant', mayBeNegative: false, says: 'Payouts under way, until the rail has said how they ended.' },
  cash_out: { owner: 'tenant', mayBeNegative: false, says: 'What was paid out.' },
} as const satisfies Readonly<Record<string, AccountRule>>;
export type AccountKind = keyof typeof ACCOUNT_KINDS;

export function isAccountKind(kind: string): kind is AccountKind {
  return Object.hasOwn(ACCOUNT_KINDS, kind);
}

/** `ownerId`: the program's or member's id; empty where the tenant owns it. */
export type Account = { readonly kind: AccountKind; readonly ownerId: string };

/** Names an account within its tenant. */
export function accountKey({ kind, ownerId }: Account, unit: Unit): string {
  return `${kind}/${ownerId}/${unit}`;
}
