import type { RewardState } from '../reward/reward-state.ts';

/** A reward's row, as far as its owner may know it. Instants in epoch ms. */
export type OwnReward = {
  readonly state: RewardState;
  readonly pausedBy: 'dispute' | 'review' | null;
  readonly holdUntil: number;
  readonly expiresAt: number | null;
  readonly inPayout: boolean;
};

/** What a reward waits for. `release`: its hold is over, and it is about to be set free. */
export type WaitsFor =
  | { readonly kind: 'hold' | 'use'; readonly until: number }
  | { readonly kind: 'review' | 'release' | 'payout' }
  | { readonly kind: 'nothing' };

/** What stands between a reward and its owner at `now`; of what is over, nothing. */
export function waitsFor({ state, pausedBy, holdUntil, expiresAt, inPayout }: OwnReward, now: number): WaitsFor {
  switch (state) {
    case 'held':
      if (pausedBy !== null) return { kind: 'review' };
      return now < holdUntil ? { kind: 'hold', until: holdUntil } : { kind: 'release' };
    case 'released':
      if (pausedBy !== null) return { kind: 'review' };
      if (inPayout) return { kind: 'payout' };
      return expiresAt === null ? { kind: 'nothing' } : { kind: 'use', until: expiresAt };
    case 'redeemed':
    case 'paid':
    case 'voided':
    case 'expired':
    case 'reversed': return { kind: 'nothing' };
  }
}
