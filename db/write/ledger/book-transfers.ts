import { ACCOUNT_KINDS, accountKey, type Account } from '../../../src/domain/ledger/accounts.ts';
import { balancesAfter, firstOverdraft } from '../../../src/domain/ledger/balances.ts';
import type { Transfer } from '../../../src/domain/ledger/transfer.ts';
import type { PayoutId, RewardId, TenantId } from '../../../src/domain/ids.ts';
import { flagsArray } from '../../array-params.ts';
import type { Tx } from '../../client.ts';

export type Booking = {
  /** Of the business fact it books, such as `rew_…:grant:0`: booked once. */
  readonly id: string;
  readonly transfer: Transfer;
  /** What kind of change it is of (`grant`, `release`, `approved`, ...). */
  readonly move: string;
  readonly rewardId?: RewardId | undefined;
  readonly payoutId?: PayoutId | undefined;
};

export type ToBook = { readonly tenantId: TenantId; readonly bookings: readonly Booking[]; readonly now: number };

/**
 * Books transfers in the order given: makes the accounts that are missing, moves the balances, takes the tenant's next
 * places and writes the rows, in four statements and two round trips whatever the count. The places are kept until the transaction ends
 * and others wait for them, so the last statement is sent and looked at with the commit's: call it once in a transaction,
 * when all else is done.
 *
 * Throws, and so undoes the whole transaction, what no caller should have asked for: an id that is booked already, an
 * account lower than it may be, a balance beyond 2^53 - 1; each with the ids.
 */
export async function bookTransfers(tx: Tx, { tenantId, bookings, now }: ToBook): Promise<void> {
  if (bookings.length === 0) return;
  refuseTwice(bookings);
  const named = namedAccounts(bookings);
  // Sent together: whoever booked one of these ids before has moved, and so kept, the same accounts.
  const [accounts] = await Promise.all([lockAccounts(tx, tenantId, named), refuseBooked(tx, tenantId, bookings)]);
  const changes = changedBalances(bookings, named, accounts);
  const sides = bookings.map(({ transfer: { debit, credit, unit } }) => [standing(accounts, accountKey(debit, unit)).id, standing(accounts, accountKey(credit, unit)).id] as const);
  tx.answerLater(tx.sql`
    with moved as (
      -- All of them are there: an insert that always meets its row is an update that goes by the key, whatever is known of the table.
      insert into accounts (id, tenant_id, kind, owner_id, unit, may_be_negative, balance_minor) overriding system value
      select c.id, ${tenantId}, c.kind, c.owner_id, c.unit, c.may_be_negative, c.balance_minor
      from unnest(
        ${changes.map(({ id }) => id)}::bigint[], ${named.map(({ account }) => account.kind)}::text[], ${named.map(({ account }) => account.ownerId)}::text[],
        ${named.map(({ unit }) => unit)}::text[], ${mayBeNegative(named)}::boolean[], ${changes.map(({ balanceMinor }) => balanceMinor)}::bigint[]
      ) as c (id, kind, owner_id, unit, may_be_negative, balance_minor)
      on conflict (id) do update set balance_minor = excluded.balance_minor
    ), placed as (
      insert into ledgers (tenant_id, last_sequence) values (${tenantId}, ${bookings.length})
      on conflict (tenant_id) do update set last_sequence = ledgers.last_sequence + excluded.last_sequence
      returning last_sequence - ${bookings.length} as before
    )
    insert into transfers (tenant_id, sequence, id, debit_account_id, credit_account_id, unit, amount_minor, reward_id, payout_id, move, booked_at)
    select ${tenantId}, placed.before + b.place, b.id, b.debit, b.credit, b.unit, b.amount_minor, b.reward_id, b.payout_id, b.move, ${now}
    from placed, unnest(
      ${bookings.map(({ id }) => id)}::text[], ${sides.map(([debit]) => debit)}::bigint[], ${sides.map(([, credit]) => credit)}::bigint[],
      ${bookings.map((booking) => booking.transfer.unit)}::text[], ${bookings.map((booking) => booking.transfer.amountMinor)}::bigint[],
      ${bookings.map(({ rewardId }) => rewardId ?? null)}::text[], ${bookings.map(({ payoutId }) => payoutId ?? null)}::text[], ${bookings.map(({ move }) => move)}::text[]
    ) with ordinality as b (id, debit, credit, unit, amount_minor, reward_id, payout_id, move, place)
    order by b.place`);
}

type Named = { readonly account: Account; readonly unit: string };
type Standing = { readonly id: number; readonly balanceMinor: number };
/** By `accountKey`. */
type Standings = ReadonlyMap<string, Standing>;

/** Each account once, in the order in which they are locked. */
function namedAccounts(bookings: readonly Booking[]): Named[] {
  const byKey = new Map(bookings.flatMap(({ transfer: { debit, credit, unit } }) =>
    [debit, credit].map((account) => [accountKey(account, unit), { account, unit }] as const)));
  return [...byKey.values()].toSorted((a, b) => compare(a.account.kind, b.account.kind) || compare(a.account.ownerId, b.account.ownerId) || compare(a.unit, b.unit));
}

/**
 * Makes what is missing, then locks all, both in one order. The first is a round trip less for the second. What another transaction
 * is just making is waited for before anything of ours is locked, so the two orders cannot close a ring.
 */
async function lockAccounts(tx: Tx, tenantId: TenantId, named: readonly Named[]): Promise<Standings> {
  const keys = tx.sql`unnest(${named.map(({ account }) => account.kind)}::text[], ${named.map(({ account }) => account.ownerId)}::text[],
    ${named.map(({ unit }) => unit)}::text[], ${mayBeNegative(named)}::boolean[])
    with ordinality as n (kind, owner_id, unit, may_be_negative, place)`;
  tx.answerLater(tx.sql`
    insert into accounts (tenant_id, kind, owner_id, unit, may_be_negative)
    select ${tenantId}, n.kind, n.owner_id, n.unit, n.may_be_negative
    from ${keys} left join lateral (select a.id from accounts a where ${isNamed(tx, tenantId)} limit 1) known on true
    where known.id is null
    on conflict (tenant_id, kind, owner_id, unit) do nothing`);
  const rows = await tx.sql<{ id: number; balanceMinor: number; place: number }[]>`
    select held.id, held.balance_minor as "balanceMinor", n.place::int
    from ${keys} cross join lateral (select a.id, a.balance_minor from accounts a where ${isNamed(tx, tenantId)} limit 1 for no key update) held`;
  return new Map(rows.flatMap(({ id, balanceMinor, place }): [string, Standing][] => {
    const one = named[place - 1];
    return one === undefined ? [] : [[accountKey(one.account, one.unit), { id, balanceMinor }]];
  }));
}

function mayBeNegative(named: readonly Named[]): string {
  return flagsArray(named.map(({ account }) => ACCOUNT_KINDS[account.kind].mayBeNegative));
}

/** The balances as they will be, in the order of `named`. Throws where an account would at any place be lower than it may be, or larger than can be counted. */
function changedBalances(bookings: readonly Booking[], named: readonly Named[], accounts: Standings): { id: number; balanceMinor: number }[] {
  const transfers = bookings.map(({ transfer }) => transfer);
  const before = new Map([...accounts].map(([key, { balanceMinor }]) => [key, balanceMinor]));
  const overdraft = firstOverdraft(transfers, undefined, before);
  if (overdraft !== null) {
    const { account, unit, balanceMinor, place } = overdraft;
    throw new Error(`transfer ${bookings[place]?.id ?? ''} would leave account ${accountKey(account, unit)} at ${String(balanceMinor)}; it may not be below 0`);
  }
  const after = balancesAfter(transfers, before);
  return named.map(({ account, unit }) => {
    const { id, balanceMinor } = standing(accounts, accountKey(account, unit));
    return { id, balanceMinor: after.get(accountKey(account, unit)) ?? balanceMinor };
  });
}

/** An account by its whole key, looked up one by one: joined as sets, the database may read all accounts of the tenant instead. */
function isNamed(tx: Tx, tenantId: TenantId) {
  return tx.sql`a.tenant_id = ${tenantId} and a.kind = n.kind and a.owner_id = n.owner_id and a.unit = n.unit`;
}

function standing(accounts: Standings, key: string): Standing {
  const found = accounts.get(key);
  if (found === undefined) throw new Error(`account ${key} was neither found nor made`);
  return found;
}

function refuseTwice(bookings: readonly Booking[]): void {
  const ids = new Set<string>();
  for (const { id } of bookings) {
    if (ids.has(id)) throw new Error(`transfer ${id} stands in one list of bookings twice`);
    ids.add(id);
  }
}

async function refuseBooked({ sql }: Tx, tenantId: TenantId, bookings: readonly Booking[]): Promise<void> {
  const [booked] = await sql<{ id: string }[]>`
    select n.id from unnest(${bookings.map(({ id }) => id)}::text[]) as n (id) cross join lateral (select from transfers t where t.tenant_id = ${tenantId} and t.id = n.id limit 1) t limit 1`;
  if (booked !== undefined) throw new Error(`transfer ${booked.id} is booked already`);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
