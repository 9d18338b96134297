import type { HandOver, Listing } from '../../domain/payout/settle-payout.ts';

/** One payout, ready for the wire: the same each time it is handed over. */
export type PayoutOrder = {
  readonly payoutId: string;
  readonly batchId: string;
  /** The tenant's own id of the member. */
  readonly memberExternalId: string;
  /** ISO 4217, with the amount in its minor units. */
  readonly currency: string;
  readonly amountMinor: number;
  /** Where it goes, opaque to us. Null where the rail needs none. */
  readonly payee: string | null;
  readonly idempotencyKey: string;
};

/**
 * The port to whatever pays. An adapter translates its vendor's answers into these outcomes and nothing else. Neither method throws, pays
 * twice for one key while the rail knows it, or repeats payee details in what it answers.
 */
export type PayoutRail = {
  readonly kind: string;
  /** Hands a payout over, once. `now`: epoch ms, for signatures. */
  handOver(order: PayoutOrder, now: number): Promise<HandOver>;
  /** Looks for a payout in the rail's own list. Never creates anything. */
  find(order: PayoutOrder): Promise<Listing>;
};

/** How long to leave a rail alone that could not be reached or does not believe us; where it says itself, that holds. */
export const RETRY_AFTER_MS = { rail_unavailable: 60_000, rail_misconfigured: 600_000 } as const;
/** Whatever a rail says, it is asked again within a day. */
const LONGEST_RETRY_MS = 86_400_000;

export function retryLater(because: 'rail_unavailable' | 'rail_misconfigured', detail: string, retryAfterMs: number | null = null): HandOver {
  return { outcome: 'retry', because, detail, retryAfterMs: Math.min(LONGEST_RETRY_MS, Math.max(retryAfterMs ?? 0, RETRY_AFTER_MS[because])) };
}
