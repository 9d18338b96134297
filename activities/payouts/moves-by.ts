import type { PayoutMove } from '../../db/write/payouts/move-payout.ts';
import type { HandOver, Listing, Settled } from '../../src/domain/payout/settle-payout.ts';

/** A settled answer as a move of the row; null: nothing changes, or it is to be handed over again. */
export function movesBy(settled: Settled, answer: HandOver | Listing): PayoutMove | null {
  if (settled === null) return null;
  const { action, reason } = settled;
  if (action === 'claim' || action === 'approve' || action === 'net' || action === 'cancel') return null;
  return { action, reason, reference: 'reference' in answer ? answer.reference : null, detail: 'detail' in answer ? answer.detail : null };
}
