import { z } from 'zod';
import type { HandOver, Listing } from '../../domain/payout/settle-payout.ts';
import { callRail, type CallOptions, type RailAnswer } from './guarded-call.ts';
import { retryLater, type PayoutOrder, type PayoutRail } from './payout-rail.ts';
import { toVendorAmount } from './vendor-amount.ts';

/** `url`: up to the version, as in https://api.provider.example; `secret`: the API key. */
export type TransfersApiSettings = { readonly url: string; readonly secret: string };

const transfer = z.object({
  id: z.string().min(1).max(200),
  object: z.literal('transfer'),
  amount: z.number(),
  currency: z.string(),
  destination: z.string(),
  transfer_group: z.string().nullish(),
  metadata: z.record(z.string(), z.string()).nullish(),
  reversed: z.boolean().nullish(),
  /** Left out where a transfer is made at once. */
  status: z.enum(['pending', 'paid', 'failed']).nullish(),
});
type Transfer = z.output<typeof transfer>;
const transferList = z.object({ object: z.literal('list'), data: z.array(transfer), has_more: z.boolean() });
const failure = z.object({ error: z.object({ type: z.string().nullish(), code: z.string().nullish() }) });

/**
 * A provider whose API has the shape of a card provider's transfers: `POST /v1/transfers` with an Idempotency-Key, form-encoded, and a list by
 * `transfer_group` (Stripe, "Create a transfer", "List all transfers"). The payout's id is the group and stands in the metadata.
 */
export function transfersApiRail({ url, secret }: TransfersApiSettings, options: CallOptions): PayoutRail {
  const base = `${url.replace(/\/$/, '')}/v1/transfers`;
  const headers = { authorization: `Bearer ${secret}` };
  return {
    kind: 'transfers_api',
    async handOver(order) {
      const amount = toVendorAmount(order.amountMinor, order.currency);
      if (amount === null) return { outcome: 'refused', detail: 'amount_not_payable' };
      if (order.payee === null) return { outcome: 'refused', detail: 'no_payee' };
      const body = new URLSearchParams({
        amount: String(amount), currency: order.currency.toLowerCase(), destination: order.payee, transfer_group: order.payoutId,
        'metadata[payout_id]': order.payoutId, 'metadata[batch_id]': order.batchId,
      }).toString();
      return readCreated(await callRail({ method: 'POST', url: base, headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded', 'idempotency-key': order.idempotencyKey }, body }, options), order);
    },
    async find(order) {
      return readListed(await callRail({ method: 'GET', url: `${base}?${new URLSearchParams({ transfer_group: order.payoutId, limit: '100' }).toString()}`, headers, body: null }, options), order);
    },
  };
}

function readCreated(answer: RailAnswer, order: PayoutOrder): HandOver {
  switch (answer.kind) {
    case 'forbidden': return retryLater('rail_misconfigured', answer.why);
    case 'silent': return answer.left ? { outcome: 'unknown', detail: answer.why } : retryLater('rail_unavailable', answer.why);
    case 'answer': break;
  }
  const { status, retryAfterMs, body } = answer;
  const detail = sayFailure(status, body);
  if (status >= 200 && status < 300) {
    const made = transfer.safeParse(parsed(body));
    return made.success && isSame(made.data, order) ? { outcome: 'accepted', state: stateOf(made.data), reference: made.data.id } : { outcome: 'unknown', detail: 'unreadable_answer' };
  }
  if (status === 429) return retryLater('rail_unavailable', detail, retryAfterMs);
  if (status === 401 || status === 403 || (status >= 300 && status < 400)) return retryLater('rail_misconfigured', detail, retryAfterMs);
  // 408, 409: under way there; a key that was used for something else says nothing of this payout.
  if (status >= 500 || status < 200 || status === 408 || status === 409 || detail.includes('idempotency')) return { outcome: 'unknown', detail };
  return { outcome: 'refused', detail };
}

function readListed(answer: RailAnswer, order: PayoutOrder): Listing {
  if (answer.kind !== 'answer') return { outcome: 'unavailable', detail: answer.why };
  const list = answer.status === 200 ? transferList.safeParse(parsed(answer.body)) : undefined;
  if (list?.success !== true) return { outcome: 'unavailable', detail: sayFailure(answer.status, answer.body) };
  const own = list.data.data.filter((one) => one.transfer_group === order.payoutId || one.metadata?.['payout_id'] === order.payoutId);
  const [found] = own;
  if (found === undefined) return list.data.has_more ? { outcome: 'unavailable', detail: 'the list does not heed its filter' } : { outcome: 'absent' };
  if (own.length > 1) return { outcome: 'mismatch', detail: `${String(own.length)} transfers` };
  return isSame(found, order) ? { outcome: 'found', state: stateOf(found), reference: found.id } : { outcome: 'mismatch', detail: 'another amount, currency or payee' };
}

function isSame({ amount, currency, destination }: Transfer, order: PayoutOrder): boolean {
  return amount === toVendorAmount(order.amountMinor, order.currency) && currency.toUpperCase() === order.currency && destination === order.payee;
}

function stateOf({ status, reversed }: Transfer): 'pending' | 'paid' | 'failed' {
  return reversed === true ? 'failed' : status ?? 'paid';
}

/** Status and the vendor's code; never its sentence, which may name somebody. */
function sayFailure(status: number, body: string): string {
  const read = failure.safeParse(parsed(body));
  const words = read.success ? [read.data.error.type, read.data.error.code].filter((word) => typeof word === 'string' && /^[a-z_]{1,60}$/.test(word)) : [];
  return [`HTTP ${String(status)}`, ...words].join(' ');
}

function parsed(body: string): unknown {
  try {
    const value: unknown = JSON.parse(body);
    return value;
  } catch {
    return null;
  }
}
