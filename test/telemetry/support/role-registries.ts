import { watchApi } from '../../../src/telemetry/api-watch.ts';
import { activityMetrics } from '../../../src/telemetry/metrics/activity-metrics.ts';
import { clockMetrics } from '../../../src/telemetry/metrics/clock-metrics.ts';
import { databaseMetrics } from '../../../src/telemetry/metrics/database-metrics.ts';
import type { Registry } from '../../../src/telemetry/metrics/registry.ts';
import { webhookMetrics } from '../../../src/telemetry/metrics/webhook-metrics.ts';
import { watchRelay } from '../../../src/telemetry/relay-watch.ts';
import { watchSending } from '../../../src/telemetry/sending-watch.ts';
import { openTelemetry } from '../../../src/telemetry/telemetry.ts';

const ROLES = ['api', 'relay', 'worker'] as const;
type Role = (typeof ROLES)[number];

export type MetricOfRole = { readonly name: string; readonly type: string; readonly help: string; readonly labels: readonly string[]; readonly roles: readonly Role[] };

/** Every metric of ours and of Node's, as the three roles make them (test/stack/telemetry.test.ts asks the real processes). */
export async function metricsOfRoles(): Promise<MetricOfRole[]> {
  const all = new Map<string, MetricOfRole>();
  for (const role of ROLES) {
    const telemetry = await openTelemetry(role, { LOG_LEVEL: 'silent', METRICS_HOST: '127.0.0.1', OTEL_TRACES_SAMPLER_ARG: 0 });
    for (const metric of await describe(makeAll(role, telemetry))) {
      all.set(metric.name, { ...metric, roles: [...(all.get(metric.name)?.roles ?? []), role] });
    }
    await telemetry.close();
  }
  return [...all.values()];
}

function makeAll(role: Role, telemetry: Awaited<ReturnType<typeof openTelemetry>>): Registry {
  const { registry } = telemetry;
  clockMetrics(registry, { skewMs: () => 0 });
  if (role !== 'relay') databaseMetrics(registry, 20);
  switch (role) {
    case 'api': watchApi(telemetry); break;
    case 'relay': watchRelay(telemetry); break;
    case 'worker':
      watchSending(telemetry);
      webhookMetrics(registry);
      activityMetrics(registry, { slots: 50, activities: [] });
      break;
  }
  return registry;
}

async function describe(registry: Registry): Promise<Omit<MetricOfRole, 'roles'>[]> {
  return (await registry.getMetricsAsJSON()).map(({ name, type, help }) => ({ name, type: String(type), help, labels: labelsOf(registry.getSingleMetric(name)) }));
}

function labelsOf(metric: unknown): string[] {
  if (typeof metric !== 'object' || metric === null || !('labelNames' in metric) || !Array.isArray(metric.labelNames)) return [];
  return metric.labelNames.map(String);
}
