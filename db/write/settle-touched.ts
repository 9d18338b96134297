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
  /** Referrals that were just made. */
  created: readonly ReferralId[];
  now: number;
};

const MOVING: ReadonlySet<string> = new Set(['signed_up', 'first_value', 'plan_upgraded']);

/** Settles, once, what all these facts mean for the referrals of those they are about. */
export async function settleTouched(tx: Tx, { tenantId, told, payers, created, now }: Touched): Promise<void> {
  const memberIds = new Set([...payers, ...told.flatMap(({ fact, memberId }) => (memberId === null || !MOVING.has(fact.type) ? [] : [memberId]))]);
  if (memberIds.size + created.length === 0) return;
  const [found, rows] = await Promise.all([
    markSelfReferrals(tx, { tenantId, memberIds: [...payers], by: 'payment', now }),
    tx.sql<{ id: ReferralId }[]>`select id from referrals where tenant_id = ${tenantId} and referee_id = any(${[...memberIds]}::text[])`,
  ]);
  const referralIds = [...new Set([...created, ...found, ...rows.map(({ id }) => id)])].toSorted();
  if (referralIds.length > 0) await settleRewards(tx, { tenantId, referralIds, now });
}
