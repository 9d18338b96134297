import type { TenantId } from '../../src/domain/ids.ts';
import type { AccountKind } from '../../src/domain/ledger/accounts.ts';
import type { Tx } from '../client.ts';

/** What accounts of one kind and unit did in a span of time: `closing = opening + credits - debits`. Minor units. */
export type LedgerTotal = { kind: AccountKind; unit: string; openingMinor: number; debitsMinor: number; creditsMinor: number; closingMinor: number };

/** One owner's accounts (null: all of the tenant's) over a span, its end excluded. */
export type TotalsOf = { readonly ownerId: string | null; readonly fromAt: number; readonly untilAt: number };

/**
 * Totals by kind and unit, reckoned back from today's balances: what is read is what was booked since the span began, not
 * everything that ever was. One statement, so one instant. Throws where a sum could no longer be counted exactly.
 */
export async function readTotals(tx: Tx, tenantId: TenantId, { ownerId, fromAt, untilAt }: TotalsOf): Promise<LedgerTotal[]> {
  const rows = await tx.sql<LedgerTotal[]>`
    with mine as (
      select id, kind, unit, balance_minor from accounts where tenant_id = ${tenantId} ${ownerId === null ? tx.sql`` : tx.sql`and owner_id = ${ownerId}`}
    ), sides as (
      ${ownerId === null ? ofAll(tx, tenantId, fromAt, untilAt) : ofOwner(tx, fromAt, untilAt)}
    ), moved as (
      select account_id, sum(debits) filter (where within) as debits, sum(credits) filter (where within) as credits,
        sum(credits - debits) as since, sum(credits - debits) filter (where not within) as later
      from sides group by account_id
    )
    select m.kind, m.unit, sum(m.balance_minor - coalesce(v.since, 0))::bigint as "openingMinor", sum(coalesce(v.debits, 0))::bigint as "debitsMinor",
      sum(coalesce(v.credits, 0))::bigint as "creditsMinor", sum(m.balance_minor - coalesce(v.later, 0))::bigint as "closingMinor"
    from mine m left join moved v on v.account_id = m.id
    group by m.kind, m.unit order by m.unit, m.kind`;
  for (const { kind, unit, openingMinor, debitsMinor, creditsMinor, closingMinor } of rows) {
    if (![openingMinor, debitsMinor, creditsMinor, closingMinor].every(Number.isSafeInteger)) throw new RangeError(`the sums of ${kind} of ${unit} leave what can be counted exactly`);
  }
  return rows;
}

/** Both sides of everything booked since. */
function ofAll({ sql }: Tx, tenantId: TenantId, fromAt: number, untilAt: number) {
  return sql`
    select v.account_id, t.booked_at < ${untilAt} as within, v.debits, v.credits from transfers t
    cross join lateral (values (t.debit_account_id, t.amount_minor, 0), (t.credit_account_id, 0, t.amount_minor)) as v (account_id, debits, credits)
    where t.tenant_id = ${tenantId} and t.booked_at >= ${fromAt}`;
}

/** The owner's sides alone, by each of its accounts. */
function ofOwner({ sql }: Tx, fromAt: number, untilAt: number) {
  return sql`
    select m.id as account_id, t.booked_at < ${untilAt} as within, t.amount_minor as debits, 0 as credits from mine m join transfers t on t.debit_account_id = m.id where t.booked_at >= ${fromAt}
    union all
    select m.id, t.booked_at < ${untilAt}, 0, t.amount_minor from mine m join transfers t on t.credit_account_id = m.id where t.booked_at >= ${fromAt}`;
}
