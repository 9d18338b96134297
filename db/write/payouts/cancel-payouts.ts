import type { MemberId, PayoutBatchId, PayoutId, TenantId } from '../../../src/domain/ids.ts';
import type { BatchState, PayoutState } from '../../../src/domain/payout/payout-state.ts';
import type { Tx } from '../../client.ts';
import { recordDecision } from '../decide.ts';
import { tellRuns } from '../tell-runs.ts';
import { endPayouts } from './end-payouts.ts';
import { lockBatch } from './lock-batch.ts';
import { lockPayout, lockPayouts, payoutIdsOf, type LockedPayout } from './lock-payouts.ts';
import { tellsRun } from './payout-news.ts';

type By = { readonly tenantId: TenantId; readonly actor: string; readonly now: number };

const CANCELED_RULE = 'A payout is canceled while it has not left; its rewards are free again.';
/** Has it not left? One that was handed over may arrive, whatever its state says since. */
const isHere = ({ state, unsureAt }: Pick<LockedPayout, 'state' | 'unsureAt'>): boolean => state === 'created' || (state === 'approved' && unsureAt === null);

/** Cancels what of a batch has not left. `canceled`: all of it; otherwise the batch stays approved, with what has left. */
export async function cancelBatch(tx: Tx, { batchId, ...by }: By & { readonly batchId: PayoutBatchId }): Promise<{ outcome: 'canceled' | 'partly'; canceled: number; left: number } | { outcome: 'not_found' | 'already_canceled' }> {
  const batch = await lockBatch(tx, { tenantId: by.tenantId, batchId });
  if (batch === null) return { outcome: 'not_found' };
  if (batch.state === 'canceled') return { outcome: 'already_canceled' };
  const payouts = await lockPayouts(tx, { tenantId: by.tenantId, payoutIds: await payoutIdsOf(tx, { tenantId: by.tenantId, batchId }) });
  const here = payouts.filter(isHere);
  const left = payouts.filter((payout) => payout.state !== 'canceled' && !isHere(payout)).length;
  await cancelAll(tx, by, here);
  const state: BatchState = left === 0 ? 'canceled' : batch.state;
  if (state !== batch.state) await tx.sql`update payout_batches set state = ${state}, decided_at = ${by.now}, decided_by = ${by.actor} where tenant_id = ${by.tenantId} and id = ${batchId}`;
  await recordDecision(tx, { ...by, subjectId: batchId, kind: 'payout_batch_canceled', rule: CANCELED_RULE, inputs: { was: batch.state, canceled: here.length, left } });
  return { outcome: left === 0 ? 'canceled' : 'partly', canceled: here.length, left };
}

/** Cancels one payout. `too_late`: it has left, or is over. */
export async function cancelPayout(tx: Tx, { payoutId, ...by }: By & { readonly payoutId: PayoutId }): Promise<{ outcome: 'canceled' | 'not_found' } | { outcome: 'too_late'; state: PayoutState }> {
  const payout = await lockPayout(tx, { tenantId: by.tenantId, payoutId });
  if (payout === null) return { outcome: 'not_found' };
  if (!isHere(payout)) return { outcome: 'too_late', state: payout.state };
  await cancelAll(tx, by, [payout]);
  await recordDecision(tx, { ...by, subjectId: payoutId, kind: 'payout_canceled', rule: CANCELED_RULE, inputs: { was: payout.state } });
  return { outcome: 'canceled' };
}

/** Leaves a member out of a batch that nobody has approved: the payout is canceled, its rewards wait for a later batch. */
export async function excludeMember(tx: Tx, { batchId, memberId, reason, ...by }: By & { readonly batchId: PayoutBatchId; readonly memberId: MemberId; readonly reason: string | null }): Promise<'excluded' | 'not_found' | 'already_decided'> {
  const batch = await lockBatch(tx, { tenantId: by.tenantId, batchId });
  if (batch === null) return 'not_found';
  if (batch.state !== 'created') return 'already_decided';
  const [found] = await tx.sql<{ id: PayoutId }[]>`select id from payouts where tenant_id = ${by.tenantId} and batch_id = ${batchId} and member_id = ${memberId}`;
  const payout = found === undefined ? null : await lockPayout(tx, { tenantId: by.tenantId, payoutId: found.id });
  await tx.sql`
    insert into payout_exclusions (tenant_id, batch_id, member_id, reason, actor, at) values (${by.tenantId}, ${batchId}, ${memberId}, ${reason}, ${by.actor}, ${by.now}) on conflict do nothing`;
  await recordDecision(tx, { ...by, subjectId: batchId, kind: 'payout_member_excluded', rule: 'Who is excluded from a batch is paid by a later one.', inputs: { memberId } });
  if (payout !== null && isHere(payout)) await endPayouts(tx, { ...by, endings: [{ payout, end: 'canceled', reason: 'excluded' }] });
  return 'excluded';
}

async function cancelAll(tx: Tx, { tenantId, now }: By, payouts: readonly LockedPayout[]): Promise<void> {
  const inRuns = payouts.filter(({ state }) => state === 'approved');
  await tellRuns(tx, { tenantId, facts: inRuns.map(({ id }) => tellsRun(id, 'payout_moved', now)), now });
  await endPayouts(tx, { tenantId, endings: payouts.map((payout) => ({ payout, end: 'canceled', reason: 'canceled_by_tenant' })), now });
}
