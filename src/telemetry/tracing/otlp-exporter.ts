import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { SpanExporter, SpanProcessor } from '@opentelemetry/sdk-trace-base';

export type OtlpTarget = {
  /** The collector's address, without `/v1/traces`. */
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
};

/** Told of every export, so that spans that get lost do not get lost silently. */
export type ExportWatch = (outcome: 'exported' | 'failed', spans: number) => void;

const EXPORT_TIMEOUT_MS = 5_000;
/** Bounds what waits while the collector is away: what is more is dropped. */
const MOST_WAITING = 2_048;
const MOST_AT_ONCE = 512;
const EXPORT_EVERY_MS = 2_000;
/** `ExportResultCode.SUCCESS` of the SDK's core. */
const EXPORTED = 0;

/** Exports spans in the background by OTLP over HTTP, in JSON. Never throws and never waits: a collector that is away costs spans, nothing else. */
export function otlpProcessor({ endpoint, headers }: OtlpTarget, watch: ExportWatch): SpanProcessor {
  const url = new URL('v1/traces', endpoint.endsWith('/') ? endpoint : `${endpoint}/`).href;
  return new BatchSpanProcessor(watched(new OTLPTraceExporter({ url, headers: { ...headers }, timeoutMillis: EXPORT_TIMEOUT_MS }), watch), {
    maxQueueSize: MOST_WAITING, maxExportBatchSize: MOST_AT_ONCE, scheduledDelayMillis: EXPORT_EVERY_MS, exportTimeoutMillis: 2 * EXPORT_TIMEOUT_MS,
  });
}

function watched(exporter: SpanExporter, watch: ExportWatch): SpanExporter {
  return {
    export(spans, done) {
      exporter.export(spans, (result) => {
        watch(Number(result.code) === EXPORTED ? 'exported' : 'failed', spans.length);
        done(result);
      });
    },
    shutdown: () => exporter.shutdown(),
    forceFlush: async () => exporter.forceFlush?.(),
  };
}
