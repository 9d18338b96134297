import type { PayoutId, ReferralId, RewardId, TenantId } from '../../../src/domain/ids.ts';
import { transfersForPayout, type PayoutChange, type PayoutSums } from '../../../src/domain/ledger/transfers-for-payout.ts';
import { PAYOUT_MOVES, type PayoutEnd } from '../../../src/domain/payout/payout-state.ts';
import type { PayoutReason } from '../../../src/domain/payout/reasons.ts';
import type { Tx } from '../../client.ts';
import { bookTransfers, type Booking } from '../ledger/book-transfers.ts';
import { moveRewards } from '../rewards/move-rewards.ts';
import { settleRewards } from '../rewards/settle-rewards.ts';
import type { LockedPayout } from './lock-payouts.ts';
import { announcePayouts } from './payout-news.ts';

export type Ending = { readonly payout: LockedPayout; readonly end: PayoutEnd; readonly reason: PayoutReason | null; readonly detail?: string | null; readonly reference?: string | null };
type ToEnd = { readonly tenantId: TenantId; readonly endings: readonly Ending[]; readonly now: number };

/**
 * Ends locked payouts: the books, the rewards (paid, or free again), the news. What was taken back of their rewards meanwhile is settled.
 * Throws where a payout cannot end so; who asks has looked.
 */
export async function endPayouts(tx: Tx, toEnd: ToEnd): Promise<void> {
  await bookEnds(tx, toEnd, await writeEnds(tx, toEnd));
}

/**
 * Books what payouts and their ends have moved, last in a transaction. A dispute or review that was opened while a reward stood in a payout could
 * not pause it: where it is free again now its referral is settled, so that it waits before another payout can take it.
 */
export async function bookEnds(tx: Tx, { tenantId, endings, now }: ToEnd, bookings: readonly Booking[]): Promise<void> {
  const referralIds = await inDoubt(tx, tenantId, endings.filter(({ end }) => end !== 'completed').map(({ payout }) => payout.id));
  if (referralIds.length === 0) await bookTransfers(tx, { tenantId, bookings, now });
  else await settleRewards(tx, { tenantId, referralIds, now, bookings });
}

/** Referrals that may have to pause what these payouts set free: those under review, and those of payments that were ever disputed. */
async function inDoubt({ sql }: Tx, tenantId: TenantId, payoutIds: readonly PayoutId[]): Promise<ReferralId[]> {
  if (payoutIds.length === 0) return [];
  const rows = await sql<{ id: ReferralId }[]>`
    select distinct f.id from payout_rewards x join rewards w on w.id = x.reward_id join referrals f on f.id = w.referral_id
    where x.tenant_id = ${tenantId} and x.payout_id = any(${[...payoutIds]}::text[]) and w.state = 'released' and w.paused_by is null and w.payout_id is null
      and (f.under_review or exists (
        select from payments p join payment_changes c on c.payment_id = p.id where p.tenant_id = ${tenantId} and p.member_id = f.referee_id and c.kind = 'dispute_opened'))
    order by f.id`;
  return rows.map(({ id }) => id);
}

/** All of it but the bookings, which it answers: a transaction books once, last (`bookEnds`). */
export async function writeEnds(tx: Tx, { tenantId, endings, now }: ToEnd): Promise<Booking[]> {
  if (endings.length === 0) return [];
  for (const { payout, end } of endings) {
    if (!Object.values(PAYOUT_MOVES[payout.state]).includes(end)) throw new Error(`payout ${payout.id} cannot go from ${payout.state} to ${end}`);
  }
  await tx.sql`
    update payouts p set state = e.state, taken_back_minor = e.taken_back_minor, reason = e.reason, detail = e.detail, provider_ref = coalesce(e.provider_ref, p.provider_ref),
      ended_at = ${now}, moved_at = ${now}
    from unnest(${endings.map(({ payout }) => payout.id)}::text[], ${endings.map(({ end }) => end)}::text[], ${endings.map(({ payout }) => takenBackOf(payout))}::bigint[],
                ${endings.map(({ reason }) => reason)}::text[], ${endings.map(({ detail }) => detail ?? null)}::text[], ${endings.map(({ reference }) => reference ?? null)}::text[])
      as e (id, state, taken_back_minor, reason, detail, provider_ref)
    where p.tenant_id = ${tenantId} and p.id = e.id`;
  const paid = endings.filter(({ end }) => end === 'completed').map(({ payout }) => payout.id);
  const unpaid = endings.filter(({ end }) => end !== 'completed').map(({ payout }) => payout.id);
  await tx.sql`
    update rewards set payout_id = null, moved_at = ${now}
    where tenant_id = ${tenantId} and (payout_id = any(${unpaid}::text[]) or (payout_id = any(${paid}::text[]) and state <> 'released'))`;
  await payRewards(tx, tenantId, paid, now);
  await announcePayouts(tx, { tenantId, now, news: endings.map(({ payout, end, reason }) => ({ payout, state: end, reason })) });
  return endings.flatMap(({ payout, end }) => bookingsFor(payout, { kind: end, takenBackMinor: takenBackOf(payout) }));
}

async function payRewards(tx: Tx, tenantId: TenantId, paid: readonly string[], now: number): Promise<void> {
  if (paid.length === 0) return;
  const rewards = await tx.sql<{ id: RewardId }[]>`select id from rewards where tenant_id = ${tenantId} and payout_id = any(${[...paid]}::text[]) order by id`;
  const moved = await moveRewards(tx, { tenantId, moves: rewards.map(({ id }) => ({ rewardId: id, move: { kind: 'pay' as const } })), now });
  for (const one of moved) if (one.outcome === 'refused') throw new Error(`reward ${one.rewardId} of a payout that was paid could not become paid: ${one.reason}`);
}

/** What was taken back of its rewards since it was collected or approved. */
export function takenBackOf({ collectedMinor, leftMinor }: Pick<LockedPayout, 'collectedMinor' | 'leftMinor'>): number {
  return collectedMinor - leftMinor;
}

/** The bookings of a change. What was never approved has booked nothing: only what was taken back is settled. */
export function bookingsFor(payout: LockedPayout, change: PayoutChange): Booking[] {
  const { id, memberId, unit, state, rewardsMinor, nettedMinor } = payout;
  const wasApproved = change.kind === 'approved' || state !== 'created';
  const sums: PayoutSums = wasApproved ? { memberId, unit, rewardsMinor, nettedMinor } : { memberId, unit, rewardsMinor: 0, nettedMinor: 0 };
  return transfersForPayout(change, sums).map((transfer, place) => ({ id: `${id}:${change.kind}:${String(place)}`, transfer, move: `payout_${change.kind}`, payoutId: id }));
}

/** What was taken back of a payout before it was approved leaves what is owed at once: its sums are told without it. */
export function bookingsBeforeApproval(payout: LockedPayout): Booking[] {
  const sums: PayoutSums = { memberId: payout.memberId, unit: payout.unit, rewardsMinor: 0, nettedMinor: 0 };
  return transfersForPayout({ kind: 'canceled', takenBackMinor: takenBackOf(payout) }, sums)
    .map((transfer, place) => ({ id: `${payout.id}:settled:${String(place)}`, transfer, move: 'payout_settled', payoutId: payout.id }));
}
