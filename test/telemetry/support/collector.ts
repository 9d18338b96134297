import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { z } from 'zod';

/** A span as it arrives by OTLP over HTTP in JSON (opentelemetry-proto, trace/v1). */
export type CollectedSpan = {
  readonly service: string;
  readonly name: string;
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId: string | undefined;
  readonly links: readonly string[];
  readonly attributes: Readonly<Record<string, unknown>>;
};

export type Collector = {
  /** What `OTEL_EXPORTER_OTLP_ENDPOINT` takes. */
  readonly endpoint: string;
  spans(): CollectedSpan[];
  /** Every body as it came. */
  bodies(): readonly string[];
  /** Header of each request. */
  headers(name: string): (string | undefined)[];
  close(): Promise<void>;
};

const attribute = z.object({ key: z.string(), value: z.record(z.string(), z.unknown()) });
const body = z.object({
  resourceSpans: z.array(z.object({
    resource: z.object({ attributes: z.array(attribute) }),
    scopeSpans: z.array(z.object({
      spans: z.array(z.object({
        name: z.string(), kind: z.number(), traceId: z.string(), spanId: z.string(), parentSpanId: z.string().optional(),
        attributes: z.array(attribute).default([]), links: z.array(z.object({ traceId: z.string(), spanId: z.string() })).default([]),
      })),
    })),
  })),
});

/** Stands in for a trace collector: keeps what it is given. */
export async function startCollector(): Promise<Collector> {
  const bodies: string[] = [];
  const requests: NodeJS.Dict<string | string[]>[] = [];
  const server = createServer((request, response) => {
    requests.push(request.headers);
    void text(request).then((sent) => {
      if (request.url === '/v1/traces') bodies.push(sent);
      response.writeHead(request.url === '/v1/traces' ? 200 : 404, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the collector has no port');
  return {
    endpoint: `http://127.0.0.1:${String(address.port)}`,
    spans: () => bodies.flatMap(read),
    bodies: () => bodies,
    headers: (name) => requests.map((headers) => headers[name]?.toString()),
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function read(json: string): CollectedSpan[] {
  return body.parse(JSON.parse(json)).resourceSpans.flatMap(({ resource, scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans.map((span) => ({
    service: String(valuesOf(resource.attributes)['service.name']), name: span.name, kind: span.kind, traceId: span.traceId, spanId: span.spanId,
    parentId: span.parentSpanId === '' ? undefined : span.parentSpanId,
    links: span.links.map(({ traceId, spanId }) => `${traceId}/${spanId}`), attributes: valuesOf(span.attributes),
  }))));
}

function valuesOf(attributes: readonly z.output<typeof attribute>[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}
