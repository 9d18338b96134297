import { relayMetrics } from './metrics/relay-metrics.ts';
import type { RelayMetrics } from './metrics/relay-metrics.ts';
import type { Registry } from './metrics/registry.ts';
import type { Tracing } from './tracing/tracing.ts';

/** What the relay tells of itself. */
export type RelayWatch = { readonly metrics: RelayMetrics; readonly tracing: Tracing };

export function watchRelay({ registry, tracing }: { registry: Registry; tracing: Tracing }): RelayWatch {
  return { metrics: relayMetrics(registry), tracing };
}
