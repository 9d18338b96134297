import type { MemberId, PaymentId, TenantId } from '../../src/domain/ids.ts';
import type { KnownPayments } from '../../src/domain/payment/take-payment-facts.ts';
import type { Tx } from '../client.ts';

type Row = {
  name: string; id: PaymentId; createdAt: number; eventId: string | null; memberId: MemberId | null; at: number | null; amountMinor: number | null; currency: string | null;
  product: string | null; country: string | null; fingerprint: string | null;
};

/**
 * The payments behind these names, locked; and the names themselves, so that nobody else makes one of them meanwhile. Names share
 * 128 locks a tenant: of a thousand facts at once each would else hold one. `means` (fingerprints) are locked with them: of two who pay by
 * one card at once the second sees that they are one person.
 */
export async function lockPayments(tx: Tx, tenantId: TenantId, names: readonly string[], means: readonly string[] = []): Promise<KnownPayments> {
  const wanted = [...new Set(names)];
  // Sent together: each statement sees what was committed while the one before it waited.
  let [, rows] = await Promise.all([lockNames(tx, tenantId, [...wanted, ...means]), read(tx, tenantId, wanted)]);
  for (let locked = '';;) {
    const ids = [...new Set(rows.map(({ id }) => id))].toSorted();
    if (ids.join(' ') === locked) return known(rows);
    // While this waits another name's holder may find two of them to be one: then the names lead elsewhere.
    [, rows] = await Promise.all([
      tx.sql`select 1 from unnest(${ids}::text[]) as n (id) cross join lateral (select from payments where id = n.id limit 1 for no key update) held`.execute(), read(tx, tenantId, wanted),
    ]);
    locked = ids.join(' ');
  }
}

async function lockNames({ sql }: Tx, tenantId: TenantId, names: readonly string[]): Promise<void> {
  await sql`
    select pg_advisory_xact_lock(k.key) from (
      select distinct hashtextextended(concat_ws(' ', 'payment', ${tenantId}::text, hashtext(n) & 127), 0) as key from unnest(${names}::text[]) n order by 1) k`;
}

async function read({ sql }: Tx, tenantId: TenantId, names: readonly string[]): Promise<Row[]> {
  return sql<Row[]>`
    select n.name, p.id, p.created_at as "createdAt", p.event_id as "eventId", p.member_id as "memberId", p.paid_at as at, p.amount_minor as "amountMinor", p.currency,
           p.product, p.country, encode(p.fingerprint_hash, 'hex') as fingerprint
    from unnest(${names}::text[]) as w (name)
    cross join lateral (select name, payment_id from payment_names where tenant_id = ${tenantId} and name = w.name limit 1) n
    cross join lateral (select * from payments where id = n.payment_id limit 1) p`;
}

function known(rows: readonly Row[]): KnownPayments {
  const byId = new Map(rows.map((row) => [row.id, row]));
  return {
    names: new Map(rows.map(({ name, id }) => [name, id])),
    payments: [...byId.values()].map(({ id, createdAt, eventId, memberId, at, amountMinor, currency, product, country, fingerprint }) => ({
      id,
      createdAt,
      conversion: eventId === null || memberId === null || at === null || amountMinor === null || currency === null
        ? null
        : { eventId, memberId, at, amountMinor, currency, product, country },
      fingerprint,
    })),
  };
}
