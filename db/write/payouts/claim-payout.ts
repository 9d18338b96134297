import type { MemberId, PayoutId, TenantId } from '../../../src/domain/ids.ts';
import type { PayoutState } from '../../../src/domain/payout/payout-state.ts';
import type { RailKind } from '../../../src/domain/payout/rails.ts';
import type { Tx } from '../../client.ts';
import { announcePayouts } from './payout-news.ts';

/** What is to be handed over, as it is each time. */
export type PayoutToSend = {
  readonly id: PayoutId;
  readonly batchId: string;
  readonly memberId: MemberId;
  readonly externalId: string;
  readonly unit: string;
  readonly state: PayoutState;
  readonly rail: RailKind | null;
  readonly amountMinor: number;
  readonly payeeSealed: Uint8Array | null;
  readonly idempotencyKey: string | null;
  readonly keyAt: number | null;
  readonly claimedAt: number | null;
  readonly handOvers: number;
  readonly unsureAt: number | null;
  readonly sentAt: number | null;
  readonly approvedAt: number | null;
};

export type Claimed =
  | { readonly kind: 'claimed'; readonly payout: PayoutToSend }
  /** Its run is paused: nothing is handed over. */
  | { readonly kind: 'paused' }
  | { readonly kind: 'stands'; readonly payout: PayoutToSend };

type Which = { readonly tenantId: TenantId; readonly payoutId: PayoutId };

export async function readPayoutToSend(tx: Tx, { tenantId, payoutId }: Which): Promise<PayoutToSend | null> {
  const [payout] = await select(tx, { tenantId, payoutId }, tx.sql``);
  return payout ?? null;
}

/**
 * Claims a payout for being handed over: the key is stored, and the claim counted, before anything leaves. `again` is the claim (its
 * instant) that was looked for at the rail and not found: only that one is repeated, under the same key. One that stands as `sending` was
 * left by somebody who stopped: it becomes `unknown`, since it may have arrived. Null: there is no such payout.
 */
export async function claimPayout(tx: Tx, { tenantId, payoutId, again, now }: Which & { readonly again: number | null; readonly now: number }): Promise<Claimed | null> {
  const [payout] = await select(tx, { tenantId, payoutId }, tx.sql`for no key update of p`);
  if (payout === undefined) return null;
  const tell = (state: PayoutState, reason: string | null) => announcePayouts(tx, { tenantId, now, news: [{ payout: { ...payout, rewardsMinor: payout.amountMinor, nettedMinor: 0 }, state, reason }] });
  if (payout.state === 'sending') {
    await tx.sql`update payouts set state = 'unknown', reason = 'interrupted', detail = null, unsure_at = coalesce(unsure_at, claimed_at), moved_at = ${now} where tenant_id = ${tenantId} and id = ${payoutId}`;
    await tell('unknown', 'interrupted');
    return { kind: 'stands', payout: { ...payout, state: 'unknown', unsureAt: payout.unsureAt ?? payout.claimedAt } };
  }
  const mayClaim = payout.state === 'approved' || (payout.state === 'unknown' && again !== null && again === payout.claimedAt);
  if (!mayClaim) return { kind: 'stands', payout };
  const [paused] = await tx.sql`select 1 from runs where tenant_id = ${tenantId} and id = ${payoutId} and paused_at is not null`;
  if (paused !== undefined) return { kind: 'paused' };
  const [claimed] = await tx.sql<{ idempotencyKey: string; keyAt: number }[]>`
    update payouts set state = 'sending', reason = null, detail = null, idempotency_key = coalesce(idempotency_key, 'flywheel-' || id), key_at = coalesce(key_at, ${now}), claimed_at = ${now},
      hand_overs = hand_overs + 1, moved_at = ${now}
    where tenant_id = ${tenantId} and id = ${payoutId} returning idempotency_key as "idempotencyKey", key_at as "keyAt"`;
  await tell('sending', null);
  if (claimed === undefined) throw new Error('a payout that was just locked is gone');
  return { kind: 'claimed', payout: { ...payout, ...claimed, state: 'sending', claimedAt: now, handOvers: payout.handOvers + 1 } };
}

function select(tx: Tx, { tenantId, payoutId }: Which, lock: ReturnType<Tx['sql']>) {
  return tx.sql<PayoutToSend[]>`
    select p.id, p.batch_id as "batchId", p.member_id as "memberId", m.external_id as "externalId", p.unit, p.state, p.rail, p.rewards_minor - p.netted_minor as "amountMinor",
           p.payee_sealed as "payeeSealed", p.idempotency_key as "idempotencyKey", p.key_at as "keyAt", p.claimed_at as "claimedAt", p.hand_overs as "handOvers", p.unsure_at as "unsureAt", p.sent_at as "sentAt", p.approved_at as "approvedAt"
    from payouts p join members m on m.tenant_id = p.tenant_id and m.id = p.member_id
    where p.tenant_id = ${tenantId} and p.id = ${payoutId} ${lock}`;
}
