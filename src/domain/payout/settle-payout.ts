import type { PayoutPatience } from './patience.ts';
import type { PayoutAction } from './payout-state.ts';
import type { PayoutReason } from './reasons.ts';

/** What a rail says when a payout is handed to it. */
export type HandOver =
  /** It has it: paid at once, or on its way. */
  | { readonly outcome: 'accepted'; readonly state: 'pending' | 'paid' | 'failed'; readonly reference: string | null }
  /** It will not pay this one, ever. */
  | { readonly outcome: 'refused'; readonly detail: string }
  /** It certainly did not take it: it may be handed over again, not before `retryAfterMs`. */
  | { readonly outcome: 'retry'; readonly because: 'rail_unavailable' | 'rail_misconfigured'; readonly detail: string; readonly retryAfterMs: number }
  /** It may have it. */
  | { readonly outcome: 'unknown'; readonly detail: string };

/** What a rail shows when it is asked for a payout by listing. */
export type Listing =
  | { readonly outcome: 'found'; readonly state: 'pending' | 'paid' | 'failed'; readonly reference: string | null }
  | { readonly outcome: 'absent' }
  /** Something stands there under this payout, and it is not this payout. */
  | { readonly outcome: 'mismatch'; readonly detail: string }
  | { readonly outcome: 'unavailable'; readonly detail: string }
  /** The rail has no list: only a confirmation can tell. */
  | { readonly outcome: 'cannot_tell' };

export type Settled = { readonly action: PayoutAction; readonly reason: PayoutReason | null } | null;

/**
 * What the answer to a hand-over does. `unsure`: an earlier hand-over of the same payout was never settled. Then neither
 * "refused" nor "not taken" says what became of that one: only finding it does.
 */
export function afterHandOver(answer: HandOver, unsure: boolean): Settled {
  switch (answer.outcome) {
    case 'accepted': return { action: actionFor(answer.state), reason: answer.state === 'failed' ? 'rail_failed' : null };
    case 'unknown': return { action: 'lose', reason: 'no_answer' };
    case 'refused': return unsure ? { action: 'lose', reason: 'no_answer' } : { action: 'fail', reason: 'rail_refused' };
    case 'retry': return unsure ? { action: 'lose', reason: 'no_answer' } : { action: 'put_back', reason: answer.because };
  }
}

export type Unsettled = {
  /** Of the key: when it was first used (epoch ms). */
  readonly keyAt: number;
  /** When it was handed over last, and how often it was. */
  readonly claimedAt: number;
  readonly handOvers: number;
};

/** From this instant on a list that does not show it is believed: each hand-over waits longer than the one before. */
export function believedAt({ claimedAt, handOvers }: Pick<Unsettled, 'claimedAt' | 'handOvers'>, { settleMs }: Pick<PayoutPatience, 'settleMs'>): number {
  return claimedAt + settleMs * Math.max(1, handOvers);
}

/**
 * What a rail's list does to a payout that is `unknown`; null: nothing yet. One that is not there is handed over again with
 * its own key, which a rail takes for the same request, and only while the rail is sure to know that key. Afterwards nothing is
 * handed over any more: when no request can be under way and the list still shows nothing, it was not paid.
 */
export function afterListing(listing: Listing, unsettled: Unsettled, now: number, patience: PayoutPatience): Settled {
  switch (listing.outcome) {
    case 'found': return { action: actionFor(listing.state), reason: listing.state === 'failed' ? 'rail_failed' : null };
    case 'mismatch':
    case 'unavailable':
    case 'cannot_tell': return null;
    case 'absent':
      if (now < believedAt(unsettled, patience)) return null;
      if (now - unsettled.keyAt < patience.keyLifeMs) return { action: 'claim', reason: null };
      return now - unsettled.claimedAt >= patience.goneMs ? { action: 'fail', reason: 'not_at_rail' } : null;
  }
}

/** The same for one that is `sent`: what the rail has taken it has not lost because a list is late. */
export function afterPoll(listing: Listing): Settled {
  if (listing.outcome !== 'found' || listing.state === 'pending') return null;
  return listing.state === 'paid' ? { action: 'pay', reason: null } : { action: 'fail', reason: 'rail_failed' };
}

function actionFor(state: 'pending' | 'paid' | 'failed'): PayoutAction {
  switch (state) {
    case 'pending': return 'accept';
    case 'paid': return 'pay';
    case 'failed': return 'fail';
  }
}
