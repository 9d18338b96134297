import { Counter } from 'prom-client';
import type { Registry } from 'prom-client';
import type { ExportWatch } from '../tracing/otlp-exporter.ts';

/** Counts spans that a collector took and those it did not. */
export function exportMetrics(registry: Registry): ExportWatch {
  const spans = new Counter({ name: 'flywheel_spans_total', help: 'Spans given to the trace collector; failed ones are lost.', labelNames: ['outcome'], registers: [registry] });
  for (const outcome of ['exported', 'failed']) spans.inc({ outcome }, 0);
  return (outcome, count) => { spans.inc({ outcome }, count); };
}
