import { outboxTraces } from '../../db/read/outbox-traces.ts';
import { watchApi } from '../../src/telemetry/api-watch.ts';
import { createRegistry } from '../../src/telemetry/metrics/registry.ts';
import { openTestApi, textIn } from '../support/api.ts';
import type { TestApi, TestTenant } from '../support/api.ts';
import { openPage } from '../support/open-page.ts';
import { keepSpans, placeOf } from './support/kept-spans.ts';

const CALLERS = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const CALLERS_TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

const spans = keepSpans();
const registry = createRegistry({ role: 'api', version: 'test' });
let api: TestApi;
let tenant: TestTenant;
let programId: string;
beforeAll(async () => {
  api = await openTestApi({ watch: watchApi({ registry, tracing: spans }) });
  tenant = await api.makeTenant();
  const made = await api.send(tenant, 'POST', '/v1/programs', { loop: 'invite', title: 'Kite days', terms: { sendRules: { layers: [] } } });
  programId = textIn(made.body, 'id');
});
afterAll(async () => {
  await api.close();
  await spans.close();
});
beforeEach(async () => {
  await settled();
  spans.forget();
});

/** A span ends when the connection has taken the answer, which the caller may have before. */
async function settled(): Promise<void> {
  for (let open = 1; open > 0;) {
    const running = await registry.getSingleMetric('flywheel_http_requests_running')?.get();
    open = running?.values[0]?.value ?? 0;
    if (open > 0) await new Promise((resolve) => { setTimeout(resolve, 5); });
  }
}

let people = 0;
function invitation(headers: Record<string, string> = {}) {
  people += 1;
  const body = { programId, invitees: [{ email: `ann${String(people)}@friends.example`, zone: 'UTC', consent: { basis: 'opt_in' } }] };
  return api.send(tenant, 'POST', '/v1/invites', body, { headers });
}

const batchTrace = async (id: string) => (await api.database.superuser<{ traceparent: string | null }[]>`select traceparent from invite_batches where id = ${id}`)[0]?.traceparent;
const outbox = () => api.database.superuser<{ traceparent: string | null }[]>`select traceparent from outbox order by id`;

test('a request goes on with its caller\'s trace, and what it leaves for later belongs to it', async () => {
  await api.database.superuser`delete from outbox`;
  const { body } = await invitation({ traceparent: CALLERS });
  await settled();
  const [transaction, request] = spans.ended();
  expect(request).toMatchObject({
    name: 'POST /v1/invites', kind: 1, traceId: CALLERS_TRACE, parentId: '00f067aa0ba902b7', failed: undefined,
    attributes: { 'http.request.method': 'POST', 'http.route': '/v1/invites', 'http.response.status_code': 202, 'flywheel.tenant_id': tenant.tenantId },
  });
  expect(transaction).toMatchObject({ name: 'transaction', traceId: CALLERS_TRACE, parentId: request?.spanId });
  const stored = await batchTrace(textIn(body, 'batchId'));
  expect(placeOf(stored ?? '')).toBe(`${CALLERS_TRACE}/${request?.spanId ?? ''}`);
  expect(await outbox()).toEqual([{ traceparent: stored }]);
  const lane = { tenantId: tenant.tenantId, lane: 'email-0' };
  expect(await outboxTraces(api.database.relay.sql, [lane])).toEqual([{ lane, traceparent: stored }]);
  expect(await outboxTraces(api.database.relay.sql, [{ ...lane, lane: 'email-1' }])).toEqual([]);
});

test('the next request of the same connection leaves nothing of that trace', async () => {
  await Promise.all(Array.from({ length: 12 }, () => invitation({ traceparent: CALLERS })));
  await api.database.superuser`delete from outbox`;
  await Promise.all(Array.from({ length: 12 }, () => invitation({ traceparent: CALLERS.replace(/01$/, '00') })));
  expect((await outbox()).map(({ traceparent }) => traceparent)).toEqual(Array.from({ length: 12 }, () => null));
});

test('a header that is none begins a trace of its own, and is no mistake of the caller', async () => {
  const { status, body } = await invitation({ traceparent: `00-${CALLERS_TRACE}-00f067aa0ba902b7-01-nonsense` });
  await settled();
  expect(status).toBe(202);
  const request = spans.ended().find(({ kind }) => kind === 1);
  expect(request?.parentId).toBeUndefined();
  expect(request?.traceId).not.toBe(CALLERS_TRACE);
  expect(placeOf((await batchTrace(textIn(body, 'batchId'))) ?? '')).toBe(`${request?.traceId ?? ''}/${request?.spanId ?? ''}`);
});

test('whoever opens a page has no say in traces, and its span names the pattern alone', async () => {
  await openPage(api.url, '/l/not-a-code?name=Ann', { headers: { traceparent: CALLERS } });
  await settled();
  const [page] = spans.ended();
  expect(page).toMatchObject({ name: 'GET /l/{code}', attributes: { 'http.route': '/l/{code}', 'http.response.status_code': 404 } });
  expect(page?.traceId).not.toBe(CALLERS_TRACE);
  expect(spans.text()).not.toMatch(/not-a-code|Ann/);
});

test('a refused request tells its code, and health checks are not traced', async () => {
  await api.send('no key', 'GET', '/v1/tenant');
  await fetch(`${api.url}/healthz`);
  await settled();
  expect(spans.ended().map(({ name, attributes }) => [name, attributes['flywheel.problem']])).toEqual([['GET /v1/tenant', 'key_missing']]);
  const text = await registry.metrics();
  expect(text).toContain('flywheel_http_problems_total{route="/v1/tenant",code="key_missing"} 1');
  expect(text).toMatch(/^flywheel_http_request_duration_seconds_count\{method="POST",route="\/v1\/invites",status="2xx"\} \d+$/m);
});

test.each(['00-nonsense', `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`, CALLERS.replace(/01$/, '00')])('the database takes no %s', async (traceparent) => {
  await expect(api.database.superuser`insert into outbox (tenant_id, kind, lane, created_at, traceparent) values (${tenant.tenantId}, 'nudge', 'email-0', '2026-06-10', ${traceparent})`)
    .rejects.toThrow('outbox_traceparent_check');
});
