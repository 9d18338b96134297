import { Counter, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';
import { knownValues } from './known-values.ts';

/** What became of one try at a tenant's endpoint. `givenUp`: it was the last of its schedule. */
export type WebhookTry = { readonly outcome: 'delivered' | 'retry' | 'gone' | 'refused'; readonly reason: string | null; readonly givenUp: boolean; readonly tookMs: number };

export type WebhookMetrics = { tried(one: WebhookTry): void };

/** An endpoint has 15 s. */
const TRY_BUCKETS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 20];

/** Webhooks that a worker posts. Endpoints and tenants are no label. */
export function webhookMetrics(registry: Registry): WebhookMetrics {
  const registers = [registry];
  const tries = new Counter({ name: 'flywheel_webhook_tries_total', help: 'Webhooks posted: delivered, retry (it is tried again), given_up, gone or refused, and why.', labelNames: ['outcome', 'reason'], registers });
  const durations = new Histogram({ name: 'flywheel_webhook_try_duration_seconds', help: 'From signing a webhook to the end of its endpoint\'s answer.', labelNames: ['outcome'], buckets: TRY_BUCKETS, registers });
  const reasons = knownValues();
  return {
    tried({ outcome, reason, givenUp, tookMs }) {
      const ended = outcome === 'retry' && givenUp ? 'given_up' : outcome;
      tries.inc({ outcome: ended, reason: reasons(reason ?? '') });
      durations.observe({ outcome: ended }, tookMs / 1000);
    },
  };
}
