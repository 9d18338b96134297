import type { TenantId } from '../../src/domain/ids.ts';
import type { Payment } from '../../src/domain/payment/payment.ts';
import type { TakenPayments } from '../../src/domain/payment/take-payment-facts.ts';
import type { Tx } from '../client.ts';

/** Writes what facts made of payments: a number of statements that does not grow with theirs, sent and not waited for. The payments are locked. */
export function writePayments(tx: Tx, tenantId: TenantId, { payments, merged, names, changes }: TakenPayments, now: number): void {
  if (payments.length > 0) {
    // Also where all of them are there: an insert that meets its row is an update that goes by the key, whatever is known of the table.
    tx.answerLater(tx.sql`
      insert into payments (id, tenant_id, member_id, amount_minor, currency, product, country, fingerprint_hash, event_id, paid_at, created_at)
      select p.id, ${tenantId}, p.member_id, p.amount_minor, p.currency, p.product, p.country, decode(p.fingerprint, 'hex'), p.event_id, p.paid_at, ${now}
      from ${recordset(tx, payments)}
      on conflict (id) do update set member_id = excluded.member_id, amount_minor = excluded.amount_minor, currency = excluded.currency, product = excluded.product, country = excluded.country,
        fingerprint_hash = excluded.fingerprint_hash, event_id = excluded.event_id, paid_at = excluded.paid_at`);
  }
  mergePayments(tx, merged);
  if (names.size > 0) {
    tx.answerLater(tx.sql`
      insert into payment_names (tenant_id, name, payment_id)
      select ${tenantId}, n.name, n.payment_id from unnest(${[...names.keys()]}::text[], ${[...names.values()]}::text[]) as n (name, payment_id)
      on conflict (tenant_id, name) do update set payment_id = excluded.payment_id`);
  }
  if (changes.length > 0) {
    tx.answerLater(tx.sql`
      insert into payment_changes (tenant_id, event_id, payment_id, kind, amount_minor, currency, dispute_id, refund_id, before_minor, at)
      select ${tenantId}, c."eventId", c."paymentId", c.kind, c."amountMinor", c.currency, c."disputeId", c."refundId", c."beforeMinor", c.at
      from jsonb_to_recordset(${JSON.stringify(changes.map(({ paymentId, change }) => ({ ...change, paymentId, at: new Date(change.at).toISOString() })))}::jsonb) as c (
        "eventId" text, "paymentId" text, kind text, "amountMinor" bigint, currency text, "disputeId" text, "refundId" text, "beforeMinor" bigint, at timestamptz)`);
  }
}

function recordset(tx: Tx, payments: readonly Payment[]) {
  const rows = payments.map(({ id, conversion, fingerprint }) => ({
    id,
    member_id: conversion?.memberId ?? null,
    amount_minor: conversion?.amountMinor ?? null,
    currency: conversion?.currency ?? null,
    product: conversion?.product ?? null,
    country: conversion?.country ?? null,
    fingerprint,
    event_id: conversion?.eventId ?? null,
    paid_at: conversion === null ? null : new Date(conversion.at).toISOString(),
  }));
  return tx.sql`jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as p (
    id text, member_id text, amount_minor bigint, currency text, product text, country text, fingerprint text, event_id text, paid_at timestamptz)`;
}

/** What is known of an alias goes to the payment it stands for; the row stays, and says whose it is. Rare. */
function mergePayments(tx: Tx, merged: TakenPayments['merged']): void {
  if (merged.size === 0) return;
  const [from, into] = [[...merged.keys()], [...merged.values()]];
  const pairs = () => tx.sql`unnest(${from}::text[], ${into}::text[]) as m (from_id, into_id)`;
  tx.answerLater(tx.sql`update payments p set merged_into = m.into_id from ${pairs()} where p.id = m.from_id`);
  tx.answerLater(tx.sql`update payment_names n set payment_id = m.into_id from ${pairs()} where n.payment_id = m.from_id`);
  tx.answerLater(tx.sql`update payment_changes c set payment_id = m.into_id from ${pairs()} where c.payment_id = m.from_id`);
}
