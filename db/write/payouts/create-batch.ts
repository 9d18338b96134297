import { newId } from '../../../src/config/new-id.ts';
import type { MemberId, PayoutBatchId, PayoutId, RewardId, TenantId } from '../../../src/domain/ids.ts';
import { choosePayouts, type BatchTerms, type Chosen } from '../../../src/domain/payout/choose-payouts.ts';
import type { Tx } from '../../client.ts';
import { isPayable, readPayables } from '../../read/payables.ts';
import { recordDecision } from '../decide.ts';
import { announcePayouts } from './payout-news.ts';

export type NewBatch = BatchTerms & {
  readonly tenantId: TenantId;
  readonly unit: string;
  readonly cutOff: number;
  readonly excluded: readonly { readonly memberId: MemberId; readonly reason: string | null }[];
  readonly actor: string;
  readonly now: number;
};
export type MadeBatch = { readonly outcome: 'created'; readonly batchId: PayoutBatchId } | { readonly outcome: 'nothing_to_pay'; readonly leftOut: number };

type Collected = { readonly id: RewardId; readonly memberId: MemberId; readonly leftMinor: number };

/**
 * Collects what can be paid now into a batch: a payout for each member, its rewards marked as standing in it. Two at once take
 * different rewards: each locks what it takes and looks again. Nothing leaves and nothing is booked before the batch is approved.
 */
export async function createBatch(tx: Tx, batch: NewBatch): Promise<MadeBatch> {
  const { tenantId, unit, cutOff, actor, now } = batch;
  const excluded = batch.excluded.map(({ memberId }) => memberId);
  const payable = await readPayables(tx, { tenantId, unit, cutOff, excluded, now });
  const wanted = choosePayouts(payable, batch).filter(isIn).map(({ memberId }) => memberId);
  const rewards = await lockRewards(tx, batch, wanted);
  const found = byMember(rewards);
  const chosen = choosePayouts(payable.flatMap((one) => {
    const own = found.get(one.memberId);
    return own === undefined ? [] : [{ ...one, rewards: own.length, rewardsMinor: own.reduce((sum, { leftMinor }) => sum + leftMinor, 0) }];
  }), batch).filter(isIn);
  if (chosen.length === 0) return { outcome: 'nothing_to_pay', leftOut: payable.length };
  const batchId = newId('pbt', now);
  await tx.sql`
    insert into payout_batches (id, tenant_id, unit, cut_off, minimum_minor, state, created_at, created_by)
    values (${batchId}, ${tenantId}, ${unit}, ${cutOff}, ${batch.minimumMinor}, 'created', ${now}, ${actor})`;
  await tx.sql`
    insert into payout_exclusions (tenant_id, batch_id, member_id, reason, actor, at)
    select ${tenantId}, ${batchId}, e.member_id, e.reason, ${actor}, ${now} from unnest(${excluded}::text[], ${batch.excluded.map(({ reason }) => reason)}::text[]) as e (member_id, reason)
    on conflict do nothing`;
  await writePayouts(tx, { batch, batchId, chosen, found });
  await recordDecision(tx, {
    tenantId, subjectId: batchId, kind: 'payout_batch_created', rule: 'Released rewards of one currency are collected; nothing leaves before the batch is approved.',
    inputs: { unit, minimumMinor: batch.minimumMinor, payouts: chosen.length, leftOut: payable.length - chosen.length }, actor, now,
  });
  return { outcome: 'created', batchId };
}

const isIn = ({ leftOut }: Chosen): boolean => leftOut === null;

async function lockRewards(tx: Tx, batch: NewBatch, members: readonly MemberId[]): Promise<Collected[]> {
  return tx.sql<Collected[]>`
    select id, member_id as "memberId", granted_minor - taken_back_minor as "leftMinor" from rewards
    where tenant_id = ${batch.tenantId} and unit = ${batch.unit} and member_id = any(${[...members]}::text[]) and ${isPayable(tx, batch)} order by id for no key update`;
}

function byMember(rewards: readonly Collected[]): Map<MemberId, Collected[]> {
  const found = new Map<MemberId, Collected[]>();
  for (const reward of rewards) found.set(reward.memberId, [...(found.get(reward.memberId) ?? []), reward]);
  return found;
}

type Writing = { readonly batch: NewBatch; readonly batchId: PayoutBatchId; readonly chosen: readonly Chosen[]; readonly found: ReadonlyMap<MemberId, readonly Collected[]> };

async function writePayouts(tx: Tx, { batch: { tenantId, unit, now }, batchId, chosen, found }: Writing): Promise<void> {
  const payouts = chosen.map((one) => ({ id: newId('pyt', now), ...one }));
  await tx.sql`
    insert into payouts (id, tenant_id, batch_id, member_id, unit, state, rewards_minor, netted_minor, created_at, moved_at)
    select p.id, ${tenantId}, ${batchId}, p.member_id, ${unit}, 'created', p.rewards_minor, p.netted_minor, ${now}, ${now}
    from unnest(${payouts.map(({ id }) => id)}::text[], ${payouts.map(({ memberId }) => memberId)}::text[], ${payouts.map(({ rewardsMinor }) => rewardsMinor)}::bigint[],
                ${payouts.map(({ nettedMinor }) => nettedMinor)}::bigint[]) as p (id, member_id, rewards_minor, netted_minor)`;
  const places = payouts.flatMap(({ id, memberId }): { payoutId: PayoutId; reward: Collected }[] => (found.get(memberId) ?? []).map((reward) => ({ payoutId: id, reward })));
  await tx.sql`
    with placed as (
      insert into payout_rewards (tenant_id, payout_id, reward_id, amount_minor)
      select ${tenantId}, x.payout_id, x.reward_id, x.amount_minor
      from unnest(${places.map(({ payoutId }) => payoutId)}::text[], ${places.map(({ reward }) => reward.id)}::text[], ${places.map(({ reward }) => reward.leftMinor)}::bigint[]) as x (payout_id, reward_id, amount_minor)
      returning payout_id, reward_id
    )
    update rewards r set payout_id = placed.payout_id, moved_at = ${now} from placed where r.tenant_id = ${tenantId} and r.id = placed.reward_id`;
  await announcePayouts(tx, { tenantId, now, news: payouts.map((one) => ({ payout: { unit, ...one }, state: 'created' as const, reason: null })) });
}
