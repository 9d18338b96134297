import type { HandOver } from '../../domain/payout/settle-payout.ts';
import { signWebhook } from '../webhook/sign.ts';
import { callRail, type CallOptions, type RailAnswer } from './guarded-call.ts';
import { retryLater, type PayoutOrder, type PayoutRail } from './payout-rail.ts';

export type OwnSystemSettings = { readonly url: string; /** `whsec_…` */ readonly secret: string };

/**
 * The tenant's own system: a webhook, signed by Standard Webhooks 1.0.0, asks it to pay; it confirms by the API. The message's id is the
 * payout's, the same each time, so that a receiver that heeds the specification takes a repeated one for what it is.
 */
export function ownSystemRail({ url, secret }: OwnSystemSettings, options: CallOptions): PayoutRail {
  return {
    kind: 'own_system',
    async handOver(order, now) {
      const body = bodyOf(order);
      const signed = signWebhook({ id: order.payoutId, at: now, body, secrets: [secret] });
      return read(await callRail({ method: 'POST', url, headers: { ...signed, 'content-type': 'application/json' }, body }, options));
    },
    find: () => Promise.resolve({ outcome: 'cannot_tell' }),
  };
}

/** Without anything of the try itself: what is asked for twice is the same, byte for byte. */
function bodyOf({ payoutId, batchId, memberExternalId, currency, amountMinor, payee, idempotencyKey }: PayoutOrder): string {
  return JSON.stringify({ type: 'payout.requested', data: { payoutId, batchId, memberExternalId, currency, amountMinor, payee, idempotencyKey } });
}

/** Answers that say the request was not taken up at all: not believed, not found there, not now. */
const NOT_TAKEN: ReadonlySet<number> = new Set([401, 403, 404, 405, 407]);

function read(answer: RailAnswer): HandOver {
  switch (answer.kind) {
    case 'forbidden': return retryLater('rail_misconfigured', answer.why);
    case 'silent': return answer.left ? { outcome: 'unknown', detail: answer.why } : retryLater('rail_unavailable', answer.why);
    case 'answer': {
      const { status, retryAfterMs } = answer;
      const detail = `HTTP ${String(status)}`;
      if (status >= 200 && status < 300) return { outcome: 'accepted', state: 'pending', reference: null };
      if (status === 429) return retryLater('rail_unavailable', detail, retryAfterMs);
      if (NOT_TAKEN.has(status) || (status >= 300 && status < 400)) return retryLater('rail_misconfigured', detail, retryAfterMs);
      // 408 and 409 say that something of it is there or under way.
      if (status >= 500 || status < 200 || status === 408 || status === 409) return { outcome: 'unknown', detail };
      return { outcome: 'refused', detail };
    }
  }
}
