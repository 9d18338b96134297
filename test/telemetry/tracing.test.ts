import { NO_SPAN, NO_TRACING } from '../../src/telemetry/tracing/tracing.ts';
import { keepSpans, placeOf } from './support/kept-spans.ts';

const CALLERS = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const UNSAMPLED = CALLERS.replace(/01$/, '00');

test('a span goes on from its parent\'s trace, links others, and tells what it was given', async () => {
  const tracing = keepSpans();
  const other = tracing.start('other', { kind: 'server' });
  const span = tracing.start('GET', { kind: 'server', parent: CALLERS, links: [other.traceparent ?? '', 'nonsense'], attributes: { a: 1 } });
  span.child('transaction', 'client', { b: true }).end();
  span.rename('GET /v1/members/{id}');
  span.fail('unavailable');
  span.end();
  const [transaction, request] = tracing.ended();
  expect(request).toMatchObject({
    name: 'GET /v1/members/{id}', kind: 1, traceId: '4bf92f3577b34da6a3ce929d0e0e4736', parentId: '00f067aa0ba902b7', links: [placeOf(other.traceparent ?? '')],
    attributes: { a: 1, 'error.type': 'unavailable' }, failed: 'unavailable',
  });
  expect(transaction).toMatchObject({ name: 'transaction', traceId: request?.traceId, parentId: request?.spanId, attributes: { b: true } });
  expect(placeOf(span.traceparent ?? '')).toBe(`${request?.traceId ?? ''}/${request?.spanId ?? ''}`);
  await tracing.close();
});

test('what is not sampled is nothing: no span, nothing to carry on, and no child that begins a trace of its own', async () => {
  const never = keepSpans('api', 0);
  const always = keepSpans('api', 1);
  expect(never.start('x', { kind: 'server' })).toBe(NO_SPAN);
  // The caller decided.
  expect(always.start('x', { kind: 'server', parent: UNSAMPLED })).toBe(NO_SPAN);
  expect(never.start('x', { kind: 'server', parent: CALLERS }).traceparent).not.toBeNull();
  expect(NO_SPAN.child('x', 'client')).toBe(NO_SPAN);
  expect(NO_SPAN.traceparent).toBeNull();
  expect(always.start('x', { kind: 'server', parent: 'nonsense' }).traceparent).not.toBeNull();
  await Promise.all([never.close(), always.close()]);
});

test('the ratio holds for traces that begin here', async () => {
  const tracing = keepSpans('api', 0.25);
  const recorded = Array.from({ length: 4_000 }, () => tracing.start('x', { kind: 'server' })).filter((span) => span !== NO_SPAN).length;
  // Six standard deviations to either side.
  expect(recorded).toBeGreaterThan(1000 - 6 * 27.4);
  expect(recorded).toBeLessThan(1000 + 6 * 27.4);
  await tracing.close();
});

test('links are bounded', async () => {
  const tracing = keepSpans();
  const links = Array.from({ length: 200 }, (_, i) => `00-${(i + 1).toString(16).padStart(32, '0')}-00f067aa0ba902b7-01`);
  tracing.start('hand off', { kind: 'producer', links }).end();
  expect(tracing.ended()[0]?.links).toHaveLength(64);
  await tracing.close();
});

test('without a collector there is nothing that could cost', async () => {
  expect(NO_TRACING.isOn).toBe(false);
  expect(NO_TRACING.start('x', { kind: 'server', parent: CALLERS })).toBe(NO_SPAN);
  await NO_TRACING.close();
});
