import type { MemberId, PayoutBatchId, PayoutId, TenantId } from '../../../src/domain/ids.ts';
import { judgePayout, type Chosen } from '../../../src/domain/payout/choose-payouts.ts';
import { RAILS, type RailKind } from '../../../src/domain/payout/rails.ts';
import type { Tx } from '../../client.ts';
import { recordDecision } from '../decide.ts';
import type { Booking } from '../ledger/book-transfers.ts';
import { openRuns } from '../open-runs.ts';
import { bookEnds, bookingsBeforeApproval, bookingsFor, writeEnds, type Ending } from './end-payouts.ts';
import { lockBatch } from './lock-batch.ts';
import { lockPayouts, payoutIdsOf, type LockedPayout } from './lock-payouts.ts';
import { announcePayouts } from './payout-news.ts';

export type ApprovedBatch = { readonly outcome: 'approved'; readonly approved: number; readonly leftOut: number } | { readonly outcome: 'not_found' | 'already_decided' | 'no_rail' };

type Judged = { readonly payout: LockedPayout; readonly chosen: Chosen };

/**
 * Approves a batch: looks once more at each of its payouts, fixes its sums and its payee, books it and opens its run. What was taken
 * back meanwhile, fell below the minimum or has no payee is canceled, and its rewards are free again. A payout that is wholly kept back for a
 * debt is completed at once. Approvals of one tenant come one after the other, so that no debt is kept back twice.
 */
export async function approveBatch(tx: Tx, { tenantId, batchId, actor, now }: { tenantId: TenantId; batchId: PayoutBatchId; actor: string; now: number }): Promise<ApprovedBatch> {
  const batch = await lockBatch(tx, { tenantId, batchId });
  if (batch === null) return { outcome: 'not_found' };
  if (batch.state !== 'created') return { outcome: 'already_decided' };
  const [rail] = await tx.sql<{ kind: RailKind }[]>`select kind from payout_rails where tenant_id = ${tenantId} and chosen for share`;
  if (rail === undefined) return { outcome: 'no_rail' };
  await tx.sql`select pg_advisory_xact_lock(hashtextextended(${`payout-approval/${tenantId}`}, 0))`;
  const payouts = (await lockPayouts(tx, { tenantId, payoutIds: await payoutIdsOf(tx, { tenantId, batchId }) })).filter(({ state }) => state === 'created');
  const judged = await judge(tx, { tenantId, payouts, minimumMinor: batch.minimumMinor, rail: rail.kind });
  const leftOut = judged.filter(({ chosen }) => chosen.leftOut !== null);
  const approved = judged.filter(({ chosen }) => chosen.leftOut === null)
    .map(({ payout, chosen }): LockedPayout => ({ ...payout, state: 'approved', rail: rail.kind, rewardsMinor: chosen.rewardsMinor, nettedMinor: chosen.nettedMinor, collectedMinor: payout.leftMinor }));
  const before = new Map(judged.map(({ payout }) => [payout.id, payout]));

  await tx.sql`update payout_batches set state = 'approved', decided_at = ${now}, decided_by = ${actor} where tenant_id = ${tenantId} and id = ${batchId}`;
  await writeApproved(tx, { tenantId, rail: rail.kind, approved, now });
  const toSend = approved.filter(({ rewardsMinor, nettedMinor }) => rewardsMinor > nettedMinor);
  await openRuns(tx, { tenantId, runs: toSend.map(({ id }) => ({ id, loop: 'payout', stage: 'approved', input: {} })), now });
  await announcePayouts(tx, { tenantId, now, news: toSend.map((payout) => ({ payout, state: 'approved', reason: null })) });
  const endings: Ending[] = [
    ...leftOut.map(({ payout, chosen }): Ending => ({ payout, end: 'canceled', reason: chosen.leftOut })),
    ...approved.filter((payout) => !toSend.includes(payout)).map((payout): Ending => ({ payout, end: 'completed', reason: null })),
  ];
  const ended = await writeEnds(tx, { tenantId, endings, now });
  await recordDecision(tx, {
    tenantId, subjectId: batchId, kind: 'payout_batch_approved', rule: 'What is approved is fixed, booked and handed to the rail; what no longer fits is left for later.',
    inputs: { rail: rail.kind, unit: batch.unit, approved: approved.length, leftOut: leftOut.length, paidMinor: toSend.reduce((sum, one) => sum + one.rewardsMinor - one.nettedMinor, 0) }, actor, now,
  });
  const bookings = approved.flatMap((payout): Booking[] => {
    const collected = before.get(payout.id);
    return [...(collected === undefined ? [] : bookingsBeforeApproval(collected)), ...bookingsFor(payout, { kind: 'approved' })];
  });
  await bookEnds(tx, { tenantId, endings, now }, [...bookings, ...ended]);
  return { outcome: 'approved', approved: approved.length, leftOut: leftOut.length };
}

type Judging = { readonly tenantId: TenantId; readonly payouts: readonly LockedPayout[]; readonly minimumMinor: number; readonly rail: RailKind };

async function judge(tx: Tx, { tenantId, payouts, minimumMinor, rail }: Judging): Promise<Judged[]> {
  const members = payouts.map(({ memberId }) => memberId);
  const claims = await tx.sql<{ memberId: MemberId; unit: string; owesMinor: number }[]>`
    select owner_id as "memberId", unit, greatest(0, -balance_minor)::bigint as "owesMinor" from accounts
    where tenant_id = ${tenantId} and kind = 'member_clawback' and owner_id = any(${members}::text[])`;
  const known = await tx.sql<{ memberId: MemberId }[]>`select member_id as "memberId" from payees where tenant_id = ${tenantId} and member_id = any(${members}::text[])`;
  const payees = new Set(known.map(({ memberId }) => memberId));
  const owes = new Map(claims.map(({ memberId, unit, owesMinor }) => [`${memberId} ${unit}`, owesMinor]));
  return payouts.map((payout) => ({
    payout,
    chosen: judgePayout({
      memberId: payout.memberId, rewards: payout.rewards, rewardsMinor: payout.leftMinor, owesMinor: owes.get(`${payout.memberId} ${payout.unit}`) ?? 0,
      hasPayee: payees.has(payout.memberId), excluded: false,
    }, { minimumMinor, needsPayee: RAILS[rail].needsPayee }),
  }));
}

type Approved = { readonly tenantId: TenantId; readonly rail: RailKind; readonly approved: readonly LockedPayout[]; readonly now: number };

/** The payee is copied as it is now: what goes to the rail under one key is the same each time. */
async function writeApproved(tx: Tx, { tenantId, rail, approved, now }: Approved): Promise<void> {
  const ids: PayoutId[] = approved.map(({ id }) => id);
  await tx.sql`
    update payouts p set state = 'approved', rail = ${rail}, rewards_minor = a.rewards_minor, netted_minor = a.netted_minor, approved_at = ${now}, moved_at = ${now},
      payee_sealed = (select e.details_sealed from payees e where e.tenant_id = ${tenantId} and e.member_id = p.member_id)
    from unnest(${ids}::text[], ${approved.map(({ rewardsMinor }) => rewardsMinor)}::bigint[], ${approved.map(({ nettedMinor }) => nettedMinor)}::bigint[]) as a (id, rewards_minor, netted_minor)
    where p.tenant_id = ${tenantId} and p.id = a.id`;
  await tx.sql`
    update payout_rewards x set amount_minor = r.granted_minor - r.taken_back_minor from rewards r
    where x.tenant_id = ${tenantId} and x.payout_id = any(${ids}::text[]) and r.tenant_id = ${tenantId} and r.id = x.reward_id`;
}
