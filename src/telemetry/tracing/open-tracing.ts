import { ROOT_CONTEXT, SpanKind as OtelKind, SpanStatusCode, trace, TraceFlags } from '@opentelemetry/api';
import type { Context, Span as OtelSpan, SpanContext, Tracer } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, ParentBasedSampler, TraceIdRatioBasedSampler } from '@opentelemetry/sdk-trace-base';
import type { SpanProcessor } from '@opentelemetry/sdk-trace-base';
import { readTraceparent, writeTraceparent } from './traceparent.ts';
import { NO_SPAN } from './tracing.ts';
import type { Span, SpanKind, Tracing } from './tracing.ts';

export type TracingOptions = {
  /** `api`, `relay` or `worker`. */
  readonly role: string;
  readonly version: string;
  /** How many of the traces that begin here are recorded, 0 to 1. One that a caller began follows its caller's flag. */
  readonly ratio: number;
  readonly processor: SpanProcessor;
};

const KINDS: Readonly<Record<SpanKind, OtelKind>> = {
  server: OtelKind.SERVER, producer: OtelKind.PRODUCER, consumer: OtelKind.CONSUMER, client: OtelKind.CLIENT, internal: OtelKind.INTERNAL,
};
const MOST_LINKS = 64;

/**
 * Spans by OpenTelemetry's SDK, without its globals: who is whose parent is said, never guessed from what runs. The SDK
 * is loaded with this file, so import it only where spans are wanted.
 */
export function openTracing({ role, version, ratio, processor }: TracingOptions): Tracing {
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.namespace': 'flywheel', 'service.name': `flywheel-${role}`, 'service.version': version }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
    spanLimits: { linkCountLimit: MOST_LINKS },
    spanProcessors: [processor],
  });
  const tracer = provider.getTracer('flywheel');
  return {
    isOn: true,
    start(name, { kind, parent, links = [], attributes = {} }) {
      const from = remote(parent);
      const otherTraces = links.flatMap((link) => remote(link) ?? []).slice(0, MOST_LINKS).map((link) => ({ context: link }));
      const inside = from === null ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, from);
      return wrap(tracer, tracer.startSpan(name, { kind: KINDS[kind], attributes: { ...attributes }, links: otherTraces }, inside), inside);
    },
    close: () => provider.shutdown(),
  };
}

/** Where another process stands; null where the text names no span. */
function remote(traceparent: string | undefined): SpanContext | null {
  const ref = readTraceparent(traceparent);
  return ref === null ? null : { traceId: ref.traceId, spanId: ref.spanId, traceFlags: ref.isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE, isRemote: true };
}

function wrap(tracer: Tracer, span: OtelSpan, inside: Context): Span {
  if (!span.isRecording()) return NO_SPAN;
  const { traceId, spanId } = span.spanContext();
  return {
    traceparent: writeTraceparent({ traceId, spanId, isSampled: true }),
    child(name, kind, attributes = {}) {
      const below = trace.setSpan(inside, span);
      return wrap(tracer, tracer.startSpan(name, { kind: KINDS[kind], attributes: { ...attributes } }, below), below);
    },
    set: (attributes) => { span.setAttributes({ ...attributes }); },
    rename: (name) => { span.updateName(name); },
    fail: (why) => { span.setStatus({ code: SpanStatusCode.ERROR, message: why }).setAttribute('error.type', why); },
    end: () => { span.end(); },
  };
}
