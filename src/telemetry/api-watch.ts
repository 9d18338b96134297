import { growthMetrics } from './metrics/growth-metrics.ts';
import type { GrowthMetrics } from './metrics/growth-metrics.ts';
import { httpMetrics } from './metrics/http-metrics.ts';
import type { HttpMetrics } from './metrics/http-metrics.ts';
import type { Registry } from './metrics/registry.ts';
import type { Tracing } from './tracing/tracing.ts';

/** What the API tells of itself. */
export type ApiWatch = { readonly http: HttpMetrics; readonly growth: GrowthMetrics; readonly tracing: Tracing };

export function watchApi({ registry, tracing }: { registry: Registry; tracing: Tracing }): ApiWatch {
  return { http: httpMetrics(registry), growth: growthMetrics(registry), tracing };
}
