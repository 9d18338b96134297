import type { Registry } from './metrics/registry.ts';
import { sendingMetrics } from './metrics/sending-metrics.ts';
import type { SendingMetrics } from './metrics/sending-metrics.ts';
import type { Tracing } from './tracing/tracing.ts';

/** What a worker tells of what it sends. */
export type SendingWatch = { readonly metrics: SendingMetrics; readonly tracing: Tracing };

export function watchSending({ registry, tracing }: { registry: Registry; tracing: Tracing }): SendingWatch {
  return { metrics: sendingMetrics(registry), tracing };
}
