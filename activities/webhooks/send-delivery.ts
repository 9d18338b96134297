import type { Clock } from '../../db/clock.ts';
import type { ClaimedDelivery } from '../../db/write/webhooks/claim-deliveries.ts';
import type { AttemptRecord } from '../../db/write/webhooks/record-attempts.ts';
import type { Keyring } from '../../src/config/keyring.ts';
import type { TenantId } from '../../src/domain/ids.ts';
import type { DeliveryReason } from '../../src/domain/webhook/delivery-states.ts';
import { nextTryAt } from '../../src/domain/webhook/retry-schedule.ts';
import { writeWebhookBody } from '../../src/domain/webhook/write-body.ts';
import type { WebhookAnswer, WebhookPost } from '../../src/providers/webhook/post.ts';
import { signWebhook } from '../../src/providers/webhook/sign.ts';
import type { Logger } from '../../src/telemetry/logger.ts';

export type SendDeliveryDeps = {
  clock: Pick<Clock, 'now'>;
  keyring: Keyring;
  log: Logger;
  post(post: WebhookPost): Promise<WebhookAnswer>;
  /** From [0, 1): spreads tries that failed together. */
  chance(): number;
};

/** Signs and posts one delivery, outside any transaction; answers what to record. A failure of ours is a try like another: it stops nobody else's. */
export async function sendDelivery(deps: SendDeliveryDeps, tenantId: TenantId, delivery: ClaimedDelivery): Promise<AttemptRecord> {
  const at = deps.clock.now();
  const startedMs = performance.now();
  const { outcome, reason, status, retryAfterMs } = await tryOnce(deps, tenantId, delivery, at);
  const nextAt = outcome === 'retry' ? nextTryAt({ tries: delivery.tries, now: deps.clock.now(), chance: deps.chance(), retryAfterMs }) : null;
  return { id: delivery.id, endpointId: delivery.endpointId, attempt: delivery.attempt, outcome, reason, status, at, tookMs: performance.now() - startedMs, nextAt };
}

type Try = { outcome: AttemptRecord['outcome']; reason: DeliveryReason | null; status: number | null; retryAfterMs: number | null };

async function tryOnce({ keyring, post, log }: SendDeliveryDeps, tenantId: TenantId, delivery: ClaimedDelivery, at: number): Promise<Try> {
  try {
    const body = writeWebhookBody(delivery);
    const headers = signWebhook({ id: delivery.eventId, at, body, secrets: secretsOf(keyring, tenantId, delivery, at) });
    const answer = await post({ url: delivery.url, headers, body });
    const { outcome } = answer;
    switch (outcome) {
      case 'delivered': return { outcome, reason: null, status: answer.status, retryAfterMs: null };
      case 'gone': return { outcome, reason: 'gone', status: answer.status, retryAfterMs: null };
      case 'refused': return { outcome, reason: answer.reason, status: null, retryAfterMs: null };
      case 'retry': return { outcome, reason: answer.reason, status: answer.status, retryAfterMs: answer.retryAfterMs };
    }
  } catch (error) {
    log.error({ err: error, tenantId, deliveryId: delivery.id }, 'a webhook could not be written or signed');
    return { outcome: 'retry', reason: 'internal_error', status: null, retryAfterMs: null };
  }
}

function secretsOf(keyring: Keyring, tenantId: TenantId, { secretSealed, oldSecretSealed, oldSecretUntil }: ClaimedDelivery, now: number): string[] {
  const old = oldSecretSealed !== null && oldSecretUntil !== null && now < oldSecretUntil ? [oldSecretSealed] : [];
  return [secretSealed, ...old].map((sealed) => keyring.open(tenantId, sealed));
}
