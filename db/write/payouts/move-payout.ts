import type { PayoutId, TenantId } from '../../../src/domain/ids.ts';
import { movePayout, type PayoutAction, type PayoutState } from '../../../src/domain/payout/payout-state.ts';
import type { PayoutReason } from '../../../src/domain/payout/reasons.ts';
import type { Tx } from '../../client.ts';
import { endPayouts } from './end-payouts.ts';
import { lockPayout, type LockedPayout } from './lock-payouts.ts';
import { announcePayouts } from './payout-news.ts';

export type PayoutMove = { readonly action: Exclude<PayoutAction, 'approve' | 'net' | 'claim' | 'cancel'>; readonly reason: PayoutReason | null; readonly reference?: string | null; readonly detail?: string | null };
export type MovedPayout = { readonly outcome: 'moved' | 'refused'; readonly state: PayoutState };

const LONGEST_DETAIL = 500;
const LONGEST_REFERENCE = 200;

/**
 * Records what was learnt of a payout that has left, in one transaction with all that follows from it. `refused`: it stands where the move
 * is not possible, so a late or repeated word changes nothing. `decide` sees the locked payout; null: leave it. Null answered: there is none.
 */
export async function movePayoutBy(
  tx: Tx,
  { tenantId, payoutId, now }: { readonly tenantId: TenantId; readonly payoutId: PayoutId; readonly now: number },
  decide: (payout: LockedPayout) => PayoutMove | null,
): Promise<MovedPayout | null> {
  const payout = await lockPayout(tx, { tenantId, payoutId });
  if (payout === null) return null;
  const move = decide(payout);
  const state = move === null ? null : movePayout(payout.state, move.action);
  if (move === null || state === null) return { outcome: 'refused', state: payout.state };
  const detail = move.detail?.slice(0, LONGEST_DETAIL) ?? null;
  const reference = move.reference?.slice(0, LONGEST_REFERENCE) ?? null;
  if (state === 'completed' || state === 'failed') {
    await endPayouts(tx, { tenantId, endings: [{ payout, end: state, reason: move.reason, detail, reference }], now });
    return { outcome: 'moved', state };
  }
  await tx.sql`
    update payouts set state = ${state}, reason = ${move.reason}, detail = ${detail}, provider_ref = coalesce(${reference}, provider_ref), moved_at = ${now},
      unsure_at = case when ${state} = 'unknown' then coalesce(unsure_at, claimed_at) when ${state} = 'sent' then null else unsure_at end,
      sent_at = case when ${state} = 'sent' then ${now}::timestamptz else sent_at end
    where tenant_id = ${tenantId} and id = ${payoutId}`;
  await announcePayouts(tx, { tenantId, now, news: [{ payout, state, reason: move.reason }] });
  return { outcome: 'moved', state };
}

/** Notes why a payout still waits, where nothing else changes. */
export async function notePayout(tx: Tx, { tenantId, payoutId, reason, detail }: { readonly tenantId: TenantId; readonly payoutId: PayoutId; readonly reason: PayoutReason; readonly detail: string }): Promise<void> {
  await tx.sql`update payouts set reason = ${reason}, detail = ${detail.slice(0, LONGEST_DETAIL)} where tenant_id = ${tenantId} and id = ${payoutId} and state in ('unknown', 'sent')`;
}
