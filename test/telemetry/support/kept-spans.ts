import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { openTracing } from '../../../src/telemetry/tracing/open-tracing.ts';
import type { Tracing } from '../../../src/telemetry/tracing/tracing.ts';

/** A span that has ended, as a collector would get it. */
export type KeptSpan = {
  readonly name: string;
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId: string | undefined;
  /** `<trace>/<span>` of each. */
  readonly links: readonly string[];
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly failed: string | undefined;
};

export type KeptTracing = Tracing & {
  ended(): KeptSpan[];
  /** All that a collector would get of the spans, as JSON. */
  text(): string;
  forget(): void;
};

/** Tracing whose spans stay here, in place of a collector. */
export function keepSpans(role = 'api', ratio = 1): KeptTracing {
  const exporter = new InMemorySpanExporter();
  const tracing = openTracing({ role, version: 'test', ratio, processor: new SimpleSpanProcessor(exporter) });
  const ended = (): KeptSpan[] => exporter.getFinishedSpans().map(keep);
  return { ...tracing, ended, text: () => JSON.stringify(exporter.getFinishedSpans().map((span) => ({ ...keep(span), status: span.status, events: span.events }))), forget: () => { exporter.reset(); } };
}

function keep(span: ReadableSpan): KeptSpan {
  const { traceId, spanId } = span.spanContext();
  return {
    name: span.name, kind: span.kind, traceId, spanId, parentId: span.parentSpanContext?.spanId,
    links: span.links.map(({ context }) => `${context.traceId}/${context.spanId}`),
    attributes: span.attributes, failed: span.status.message,
  };
}

/** `<trace>/<span>` of a `traceparent`, as in `links`. */
export function placeOf(traceparent: string): string {
  return traceparent.split('-').slice(1, 3).join('/');
}
