import type { MemberId, PayoutId, RewardId, TenantId } from '../../src/domain/ids.ts';
import type { AccountKind } from '../../src/domain/ledger/accounts.ts';
import type { Tx } from '../client.ts';

export type AccountView = { id: number; kind: AccountKind; ownerId: string; externalId: string | null; unit: string; balanceMinor: number };

/** Which accounts or transfers are asked for. `ownerId`: a member's or program's; instants in epoch ms, `untilAt` excluded. */
export type AccountFilter = { readonly ownerId?: string | undefined; readonly kind?: AccountKind | undefined; readonly unit?: string | undefined };
export type TransferFilter = {
  readonly ownerId?: string | undefined;
  readonly rewardId?: RewardId | undefined;
  readonly payoutId?: PayoutId | undefined;
  readonly fromAt?: number | undefined;
  readonly untilAt?: number | undefined;
};

/** Accounts in the order in which they were made, after one. `externalId`: of the member whose it is. */
export async function listAccounts(tx: Tx, tenantId: TenantId, page: { after: number; limit: number }, { ownerId, kind, unit }: AccountFilter): Promise<AccountView[]> {
  return tx.sql<AccountView[]>`
    select a.id, a.kind, a.owner_id as "ownerId", m.external_id as "externalId", a.unit, a.balance_minor as "balanceMinor"
    from accounts a left join members m on m.tenant_id = a.tenant_id and m.id = a.owner_id
    where a.tenant_id = ${tenantId} and a.id > ${page.after}
      ${ownerId === undefined ? tx.sql`` : tx.sql`and a.owner_id = ${ownerId}`}
      ${kind === undefined ? tx.sql`` : tx.sql`and a.kind = ${kind}`}
      ${unit === undefined ? tx.sql`` : tx.sql`and a.unit = ${unit}`}
    order by a.id limit ${page.limit}`;
}

export type TransferView = {
  sequence: number;
  id: string;
  debitKind: AccountKind;
  debitOwnerId: string;
  creditKind: AccountKind;
  creditOwnerId: string;
  unit: string;
  amountMinor: number;
  rewardId: RewardId | null;
  payoutId: PayoutId | null;
  move: string;
  bookedAt: number;
};

type Page = { readonly after: number; readonly limit: number };

/** Transfers in the order in which they were booked, after a place. An owner's are found by each of its accounts, reading no more of them than are asked for. */
export async function listTransfers(tx: Tx, tenantId: TenantId, page: Page, filter: TransferFilter): Promise<TransferView[]> {
  const { sql } = tx;
  const picked = filter.ownerId === undefined
    ? sql`select * from transfers where tenant_id = ${tenantId} ${matches(tx, page, filter)} order by sequence limit ${page.limit}`
    : sql`
      select t.* from (
        select distinct p.sequence from accounts a cross join lateral (
          (select sequence from transfers where debit_account_id = a.id ${matches(tx, page, filter)} order by sequence limit ${page.limit})
          union all
          (select sequence from transfers where credit_account_id = a.id ${matches(tx, page, filter)} order by sequence limit ${page.limit})
        ) p
        where a.tenant_id = ${tenantId} and a.owner_id = ${filter.ownerId}
        order by p.sequence limit ${page.limit}
      ) chosen cross join lateral (select * from transfers where tenant_id = ${tenantId} and sequence = chosen.sequence limit 1) t`;
  return sql<TransferView[]>`
    select t.sequence, t.id, d.kind as "debitKind", d.owner_id as "debitOwnerId", c.kind as "creditKind", c.owner_id as "creditOwnerId",
      t.unit, t.amount_minor as "amountMinor", t.reward_id as "rewardId", t.payout_id as "payoutId", t.move, t.booked_at as "bookedAt"
    from (${picked}) t
    cross join lateral (select * from accounts where id = t.debit_account_id limit 1) d
    cross join lateral (select * from accounts where id = t.credit_account_id limit 1) c
    order by t.sequence`;
}

function matches({ sql }: Tx, { after }: Page, { rewardId, payoutId, fromAt, untilAt }: TransferFilter) {
  return sql`and sequence > ${after}
    ${rewardId === undefined ? sql`` : sql`and reward_id = ${rewardId}`}
    ${payoutId === undefined ? sql`` : sql`and payout_id = ${payoutId}`}
    ${fromAt === undefined ? sql`` : sql`and booked_at >= ${fromAt}`}
    ${untilAt === undefined ? sql`` : sql`and booked_at < ${untilAt}`}`;
}

/** A member by its id or the tenant's own id of the user; null where there is none. */
export async function findMember(tx: Tx, tenantId: TenantId, which: { id: MemberId } | { externalId: string }): Promise<{ id: MemberId; externalId: string } | null> {
  const [row] = await tx.sql<{ id: MemberId; externalId: string }[]>`
    select id, external_id as "externalId" from members
    where tenant_id = ${tenantId} and ${'id' in which ? tx.sql`id = ${which.id}` : tx.sql`external_id = ${which.externalId}`}`;
  return row ?? null;
}
