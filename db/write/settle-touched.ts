import type { MemberId, ReferralId, TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';
import { markSelfReferrals } from './mark-self-referrals.ts';
import { settleRewards } from './rewards/settle-rewards.ts';
import type { EventRow } from './write-events.ts';

type Touched = {
  tenantId: TenantId;
  /** Facts that were just stored. */
  told: readonly EventRow[];
  /** Whose payments changed. */
  payers: ReadonlySet<MemberId>;
  /** Those of them of whom a means of payment is known by it. */
  payersByMeans: ReadonlySet<MemberId>;
  /** Referrals that were just made. */
  created: readonly ReferralId[];
  now: number;
};

const MOVING: ReadonlySet<string> = new Set(['signed_up', 'first_value', 'plan_upgraded']);

/** Settles, once, what all these facts mean for the referrals of those they are about. */
export async function settleTouched(tx: Tx, { tenantId, told, payers, payersByMeans, created, now }: Touched): Promise<void> {
  const refereeIds = new Set([...payers, ...told.flatMap(({ fact, memberId }) => (memberId === null || !MOVING.has(fact.type) ? [] : [memberId]))]);
  if (refereeIds.size + created.length === 0) return;
  const found = await markSelfReferrals(tx, { tenantId, memberIds: [...payersByMeans], by: 'payment', now });
  await settleRewards(tx, { tenantId, referralIds: [...created, ...found], refereeIds: [...refereeIds], now });
}
