import { buildName } from '../config/build.ts';
import type { Env } from '../config/env.ts';
import { createLogger } from './logger.ts';
import type { Logger } from './logger.ts';
import { exportMetrics } from './metrics/export-metrics.ts';
import { logLineMetrics } from './metrics/log-lines.ts';
import { createRegistry } from './metrics/registry.ts';
import type { Registry } from './metrics/registry.ts';
import { serveMetrics } from './metrics/serve-metrics.ts';
import type { ExportWatch } from './tracing/otlp-exporter.ts';
import { NO_TRACING } from './tracing/tracing.ts';
import type { Tracing } from './tracing/tracing.ts';

/** What every role reads for it. */
export const TELEMETRY_VARIABLES = ['LOG_LEVEL', 'METRICS_PORT', 'METRICS_HOST', 'OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_HEADERS', 'OTEL_TRACES_SAMPLER_ARG'] as const;
export type TelemetrySettings = Pick<Env, (typeof TELEMETRY_VARIABLES)[number]>;

/** How a process tells what it does: its log, its metrics, its traces. Made once, where the process is put together. */
export type Telemetry = {
  readonly log: Logger;
  readonly registry: Registry;
  readonly tracing: Tracing;
  /** Exports what spans are left and serves no metrics any more; call it last. */
  close(): Promise<void>;
};

/** Trouble with the collector is told once in this time: spans come by the hundred. */
const TROUBLE_SAID_EVERY_MS = 60_000;
/** What exports at the end may take: nobody waits for a collector that is away. */
const LAST_EXPORT_MS = 3_000;

/** Opens all three. Without `METRICS_PORT` metrics are counted and served nowhere; without a collector's address nothing is traced and the tracing SDK not even loaded. */
export async function openTelemetry(role: 'api' | 'relay' | 'worker', env: TelemetrySettings): Promise<Telemetry> {
  const version = buildName();
  const registry = createRegistry({ role, version });
  const log = createLogger({ level: env.LOG_LEVEL, onLine: logLineMetrics(registry) });
  const tracing = await traceTo(env, { role, version }, warnOfTrouble(log, exportMetrics(registry)));
  const port = await serveMetrics({ port: env.METRICS_PORT, host: env.METRICS_HOST }, registry);
  if (port.url !== null) log.info({ url: port.url }, 'metrics are served');
  return {
    log, registry, tracing,
    async close() {
      await port.close();
      let timer: NodeJS.Timeout | undefined;
      await Promise.race([tracing.close().catch(() => {}), new Promise((resolve) => { timer = setTimeout(resolve, LAST_EXPORT_MS); })]);
      clearTimeout(timer);
    },
  };
}

async function traceTo(env: TelemetrySettings, process: { role: string; version: string }, watch: ExportWatch): Promise<Tracing> {
  if (env.OTEL_EXPORTER_OTLP_ENDPOINT === undefined) return NO_TRACING;
  const [{ openTracing }, { otlpProcessor }] = await Promise.all([import('./tracing/open-tracing.ts'), import('./tracing/otlp-exporter.ts')]);
  const processor = otlpProcessor({ endpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT, headers: env.OTEL_EXPORTER_OTLP_HEADERS ?? {} }, watch);
  return openTracing({ ...process, ratio: env.OTEL_TRACES_SAMPLER_ARG, processor });
}

function warnOfTrouble(log: Logger, count: ExportWatch): ExportWatch {
  let saidAtMs = Number.NEGATIVE_INFINITY;
  return (outcome, spans) => {
    count(outcome, spans);
    if (outcome === 'exported' || performance.now() - saidAtMs < TROUBLE_SAID_EVERY_MS) return;
    saidAtMs = performance.now();
    log.warn({ spans }, 'the trace collector did not take spans; they are lost, nothing else is');
  };
}
