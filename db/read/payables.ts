import type { MemberId, TenantId } from '../../src/domain/ids.ts';
import type { Payable } from '../../src/domain/payout/choose-payouts.ts';
import type { Tx } from '../client.ts';

export type PayableQuery = { readonly tenantId: TenantId; readonly unit: string; /** Rewards whose hold was over by then (epoch ms). */ readonly cutOff: number; readonly excluded: readonly MemberId[]; readonly now: number };

/** Released rewards of a currency that are in no payout, by member: what they come to, what the member owes, whether it is known where to pay. */
export async function readPayables(tx: Tx, { tenantId, unit, cutOff, excluded, now }: PayableQuery): Promise<Payable[]> {
  return tx.sql<Payable[]>`
    select p.member_id as "memberId", p.rewards, least(p.rewards_minor, 9007199254740992)::bigint as "rewardsMinor",
           greatest(0, coalesce(-a.balance_minor, 0))::bigint as "owesMinor", e.member_id is not null as "hasPayee",
           p.member_id = any(${[...excluded]}::text[]) as excluded
    from (
      select member_id, count(*)::int as rewards, sum(granted_minor - taken_back_minor) as rewards_minor
      from rewards where tenant_id = ${tenantId} and unit = ${unit} and ${isPayable(tx, { cutOff, now })} group by member_id
    ) p
    left join accounts a on a.tenant_id = ${tenantId} and a.kind = 'member_clawback' and a.owner_id = p.member_id and a.unit = ${unit}
    left join payees e on e.tenant_id = ${tenantId} and e.member_id = p.member_id
    order by p.member_id`;
}

/** `mayEnterPayout` as a condition, and: released by the cut-off, not over its time. */
export function isPayable(tx: Tx, { cutOff, now }: Pick<PayableQuery, 'cutOff' | 'now'>) {
  return tx.sql`state = 'released' and paused_by is null and payout_id is null and hold_until <= ${cutOff} and (expires_at is null or expires_at > ${now})`;
}

/** Rewards of a currency that no batch of this cut-off can take, by why: figures for a preview. */
export type NotYet = { readonly why: 'held' | 'paused' | 'after_cut_off' | 'in_another_payout'; readonly rewards: number; readonly rewardsMinor: number };

export async function readNotYet(tx: Tx, { tenantId, unit, cutOff }: Pick<PayableQuery, 'tenantId' | 'unit' | 'cutOff'>): Promise<NotYet[]> {
  return tx.sql<NotYet[]>`
    select why, count(*)::int as rewards, least(sum(left_minor), 9007199254740991)::bigint as "rewardsMinor"
    from (
      select granted_minor - taken_back_minor as left_minor,
        case when paused_by is not null then 'paused' when state = 'held' then 'held' when payout_id is not null then 'in_another_payout'
             when hold_until > ${cutOff} then 'after_cut_off' end as why
      from rewards where tenant_id = ${tenantId} and unit = ${unit} and state in ('held', 'released')
    ) r where why is not null group by why order by why`;
}
