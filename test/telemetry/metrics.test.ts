import { once } from 'node:events';
import { createServer } from 'node:http';
import { activityMetrics } from '../../src/telemetry/metrics/activity-metrics.ts';
import { growthMetrics } from '../../src/telemetry/metrics/growth-metrics.ts';
import { httpMetrics } from '../../src/telemetry/metrics/http-metrics.ts';
import { knownValues } from '../../src/telemetry/metrics/known-values.ts';
import { createRegistry } from '../../src/telemetry/metrics/registry.ts';
import { sendingMetrics } from '../../src/telemetry/metrics/sending-metrics.ts';
import { webhookMetrics } from '../../src/telemetry/metrics/webhook-metrics.ts';
import { serveMetrics } from '../../src/telemetry/metrics/serve-metrics.ts';

const fresh = () => createRegistry({ role: 'api', version: '1.2.3' });

/** The lines of one metric, without comments. */
async function linesOf(registry: ReturnType<typeof fresh>, name: string): Promise<string[]> {
  return (await registry.getSingleMetricAsString(name)).split('\n').filter((line) => !line.startsWith('#'));
}

test('a label takes codes, a hundred at most: nothing else can make time series', () => {
  const known = knownValues(2);
  expect(['ok', 'ann@example.com', 'Two Words', 'x'.repeat(41), '+4915112340099', 'two', 'three', 'ok', ''].map(known)).toEqual(
    ['ok', 'other', 'other', 'other', 'other', 'two', 'other', 'ok', '']);
});

test('requests are counted by pattern and class of status, whatever method a caller makes up', async () => {
  const registry = fresh();
  const http = httpMetrics(registry);
  const request = { method: 'POST', route: '/v1/invites', status: 202, aborted: false, problem: undefined, durationMs: 12 };
  for (const more of [{}, { status: 429, problem: 'rate_limited' }, { method: 'PROPFIND' }, { aborted: true }]) {
    http.begun();
    http.answered({ ...request, ...more });
  }
  const counts = (await linesOf(registry, 'flywheel_http_request_duration_seconds')).filter((line) => line.includes('_count'));
  expect(counts).toEqual([
    'flywheel_http_request_duration_seconds_count{method="POST",route="/v1/invites",status="2xx"} 1',
    'flywheel_http_request_duration_seconds_count{method="POST",route="/v1/invites",status="4xx"} 1',
    'flywheel_http_request_duration_seconds_count{method="other",route="/v1/invites",status="2xx"} 1',
    'flywheel_http_request_duration_seconds_count{method="POST",route="/v1/invites",status="aborted"} 1',
  ]);
  expect(await linesOf(registry, 'flywheel_http_problems_total')).toEqual(['flywheel_http_problems_total{route="/v1/invites",code="rate_limited"} 1']);
  expect(await linesOf(registry, 'flywheel_http_requests_running')).toEqual(['flywheel_http_requests_running 0']);
});

test('decisions and outcomes are counted by reason, a group at a time', async () => {
  const registry = fresh();
  const growth = growthMetrics(registry);
  growth.decided([{ outcome: 'accepted' }, { outcome: 'accepted' }, { outcome: 'refused', reason: 'no_consent' }]);
  growth.touched('click', null);
  growth.touched('click', 'bot');
  expect(await linesOf(registry, 'flywheel_invites_decided_total')).toEqual([
    'flywheel_invites_decided_total{outcome="accepted",reason=""} 2', 'flywheel_invites_decided_total{outcome="refused",reason="no_consent"} 1']);
  expect(await linesOf(registry, 'flywheel_touches_total')).toEqual(['flywheel_touches_total{kind="click",outcome="counted"} 1', 'flywheel_touches_total{kind="click",outcome="bot"} 1']);
  const sending = sendingMetrics(registry);
  sending.recorded('email', [{ outcome: 'handed_off' }, { outcome: 'put_back', reason: null }, { outcome: 'unknown', reason: 'no_answer' }, { outcome: 'handed_off' }]);
  expect(await linesOf(registry, 'flywheel_messages_total')).toEqual([
    'flywheel_messages_total{channel="email",outcome="handed_off",reason=""} 2', 'flywheel_messages_total{channel="email",outcome="put_back",reason=""} 1',
    'flywheel_messages_total{channel="email",outcome="unknown",reason="no_answer"} 1']);
});

test('a webhook counts by what became of its try, the last one as given up', async () => {
  const registry = fresh();
  const { tried } = webhookMetrics(registry);
  tried({ outcome: 'delivered', reason: null, givenUp: true, tookMs: 40 });
  tried({ outcome: 'retry', reason: 'timeout', givenUp: false, tookMs: 15_000 });
  tried({ outcome: 'retry', reason: 'timeout', givenUp: true, tookMs: 15_000 });
  expect(await linesOf(registry, 'flywheel_webhook_tries_total')).toEqual([
    'flywheel_webhook_tries_total{outcome="delivered",reason=""} 1', 'flywheel_webhook_tries_total{outcome="retry",reason="timeout"} 1', 'flywheel_webhook_tries_total{outcome="given_up",reason="timeout"} 1']);
  expect((await linesOf(registry, 'flywheel_webhook_try_duration_seconds')).filter((line) => line.includes('_count'))).toEqual([
    'flywheel_webhook_try_duration_seconds_count{outcome="delivered"} 1', 'flywheel_webhook_try_duration_seconds_count{outcome="retry"} 1', 'flywheel_webhook_try_duration_seconds_count{outcome="given_up"} 1']);
});

test('an activity counts while it runs and by how it ended, and its failure goes on', async () => {
  const registry = fresh();
  const watch = activityMetrics(registry, { slots: 50, activities: ['sendDue'] });
  await watch('sendDue', async () => { expect(await linesOf(registry, 'flywheel_activities_running')).toEqual(['flywheel_activities_running{activity="sendDue"} 1']); });
  await expect(watch('sendDue', () => Promise.reject(new Error('fenced')))).rejects.toThrow('fenced');
  expect(await linesOf(registry, 'flywheel_activities_total')).toEqual([
    'flywheel_activities_total{activity="sendDue",outcome="completed"} 1', 'flywheel_activities_total{activity="sendDue",outcome="failed"} 1']);
  expect(await linesOf(registry, 'flywheel_activities_running')).toEqual(['flywheel_activities_running{activity="sendDue"} 0']);
});

test('metrics are served on their own port, on loopback, and nothing else is', async () => {
  const registry = fresh();
  const port = await serveMetrics({ port: 0, host: '127.0.0.1' }, registry);
  const url = port.url ?? '';
  const response = await fetch(url);
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
  const text = await response.text();
  expect(text).toContain('flywheel_build_info{role="api",version="1.2.3"} 1');
  expect(text).toMatch(/^process_resident_memory_bytes \d+$/m);
  expect((await fetch(url.replace('/metrics', '/other'))).status).toBe(404);
  expect((await fetch(url, { method: 'POST' })).status).toBe(404);
  await port.close();
  await expect(fetch(url)).rejects.toThrow();
});

test('a port that is taken ends the start, and without one nothing is served', async () => {
  const taken = createServer();
  await once(taken.listen(0, '127.0.0.1'), 'listening');
  const address = taken.address();
  await expect(serveMetrics({ port: typeof address === 'object' ? address?.port : 0, host: '127.0.0.1' }, fresh())).rejects.toThrow('EADDRINUSE');
  taken.close();
  const none = await serveMetrics({ port: undefined, host: '127.0.0.1' }, fresh());
  expect(none.url).toBeNull();
  await none.close();
});
