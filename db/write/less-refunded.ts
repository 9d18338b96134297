import type { EventDetail } from '../../src/domain/event/event-detail.ts';
import type { TenantId } from '../../src/domain/ids.ts';
import type { Money } from '../../src/domain/money/money.ts';
import type { Tx } from '../client.ts';
import { lockPayments } from './lock-payments.ts';

/** A refund that did not arrive, of which a vendor tells how much it was. */
export type FailedRefund = { readonly kind: 'refund_failed'; readonly refundId: string; readonly paymentNames: readonly string[]; readonly failed: Money };

/**
 * The fact that a failed refund is, in our words: all that is given back now, which is what was told before it failed, less its amount.
 * Where nothing was told before, it is nothing: what is told late of a time before counts no more. `at` in epoch ms; a refund of that very
 * instant was before it.
 */
export async function lessRefunded(tx: Tx, tenantId: TenantId, { paymentNames, failed }: FailedRefund, at: number): Promise<{ type: 'refunded'; at: number; detail: EventDetail }> {
  // As whoever stores it does next: nobody tells of a refund in between.
  const { payments } = await lockPayments(tx, tenantId, paymentNames);
  const [last] = payments.length === 0 ? [] : await tx.sql<{ refundedMinor: number; at: number }[]>`
    select coalesce(c.amount_minor, p.amount_minor, 0) as "refundedMinor", c.at from payment_changes c join payments p on p.id = c.payment_id
    where c.payment_id = any(${payments.map(({ id }) => id)}::text[]) and c.kind = 'refunded' and c.at <= ${at} order by c.at desc, c.amount_minor desc nulls first limit 1`;
  const refundedMinor = Math.max(0, (last?.refundedMinor ?? 0) - failed.amountMinor);
  return { type: 'refunded', at: last?.at === at ? at + 1 : at, detail: { paymentNames, refundedMinor, currency: failed.currency } };
}
