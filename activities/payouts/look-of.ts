import type { PayoutToSend } from '../../db/write/payouts/claim-payout.ts';
import type { PayoutLook } from '../../src/domain/payout/look.ts';
import { nextLookAt, type PayoutPatience } from '../../src/domain/payout/patience.ts';
import { endOf } from '../../src/domain/payout/payout-state.ts';
import { RAILS } from '../../src/domain/payout/rails.ts';
import { believedAt } from '../../src/domain/payout/settle-payout.ts';

/** What a payout that stands so has to wait for. `retryAt`: where it was put back, when to hand it over again. */
export function lookOf(payout: Pick<PayoutToSend, 'state' | 'rail' | 'claimedAt' | 'handOvers' | 'sentAt'>, now: number, patience: PayoutPatience, retryAt: number | null = null): PayoutLook {
  const { state, rail } = payout;
  const end = endOf(state);
  if (end !== null) return { kind: 'over', outcome: end };
  const canList = rail !== null && RAILS[rail].canList;
  switch (state) {
    case 'created':
    case 'approved': return { kind: 'goes_on', stage: 'approved', next: 'hand_over', nextAt: retryAt ?? now };
    case 'sending': return { kind: 'goes_on', stage: 'sending', next: 'hand_over', nextAt: now };
    case 'sent': return { kind: 'goes_on', stage: 'sent', next: 'reconcile', nextAt: canList ? nextLookAt(payout.sentAt ?? now, now) : null };
    default: {
      const claimedAt = payout.claimedAt ?? now;
      const believed = believedAt({ claimedAt, handOvers: payout.handOvers }, patience);
      const lookAt = nextLookAt(claimedAt, now);
      return { kind: 'goes_on', stage: 'unknown', next: 'reconcile', nextAt: canList ? (believed > now ? Math.min(lookAt, believed) : lookAt) : null };
    }
  }
}
