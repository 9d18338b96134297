import type { PayoutId, TenantId } from '../../../src/domain/ids.ts';
import type { PayoutState } from '../../../src/domain/payout/payout-state.ts';
import type { Tx } from '../../client.ts';
import { announce } from '../webhooks/announce.ts';
import type { LockedPayout } from './lock-payouts.ts';

export type PayoutNews = { readonly payout: Pick<LockedPayout, 'id' | 'memberId' | 'unit' | 'rewardsMinor' | 'nettedMinor'>; readonly state: PayoutState; readonly reason: string | null };

/** Tells the tenant's endpoints how payouts stand: `payout.` and the state, with what the webhooks' table of types promises. */
export async function announcePayouts(tx: Tx, { tenantId, news, now }: { tenantId: TenantId; news: readonly PayoutNews[]; now: number }): Promise<void> {
  await announce(tx, {
    tenantId,
    now,
    news: news.map(({ payout: { id, memberId, unit, rewardsMinor, nettedMinor }, state, reason }) => ({
      type: `payout.${state}`,
      subjectId: id,
      sequenceOf: null,
      at: now,
      data: { payoutId: id, memberId, currency: unit, amountMinor: rewardsMinor - nettedMinor, state, reason },
    })),
  });
}

/** A run's fact: something changed a payout from outside, or asks it to look. */
export function tellsRun(payoutId: PayoutId, kind: 'payout_moved' | 'look' | 'resend', now: number) {
  return { runId: payoutId, factId: `${payoutId}:${kind}:${String(now)}`, kind, data: {}, at: now };
}
