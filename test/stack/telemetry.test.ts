import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { read } from '../chaos/support/api-caller.ts';
import { makeChaosTenant, type ChaosTenant } from '../chaos/support/chaos-tenant.ts';
import { linkIn, mailTo } from '../chaos/support/mails.ts';
import { waitUntil } from '../chaos/support/wait-until.ts';
import { openWholeStack, type WholeStack } from '../chaos/support/whole-stack.ts';
import { ROLE_NAMES, type RoleName } from '../../src/dev/roles.ts';
import { senderWorkflowId } from '../../workflows/system/sender/contract.ts';
import { startCollector, type CollectedSpan, type Collector } from '../telemetry/support/collector.ts';
import { metricsOfRoles } from '../telemetry/support/role-registries.ts';

/** What the real processes tell of themselves while one story is lived: traces, metrics, logs. The tests follow one another. */
const BROWSER = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', accept: 'text/html' };
const CALLERS_TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const CALLERS_SPAN = '00f067aa0ba902b7';
const CANARY = /zqcanary|4915112340|@friends\.example/i;
jest.setTimeout(180_000);

let stack: WholeStack;
let tenant: ChaosTenant;
let collector: Collector;
beforeAll(async () => {
  collector = await startCollector();
  stack = await openWholeStack({ afterCheck: 'quick', env: { METRICS_PORT: '0', OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint, OTEL_TRACES_SAMPLER_ARG: '1' } });
  tenant = await makeChaosTenant(stack, 'lumen');
}, 120_000);
afterAll(async () => {
  await stack.close();
  await collector.close();
}, 30_000);

const anything = z.unknown();
const logLine = z.looseObject({ level: z.string(), msg: z.string().optional(), url: z.string().optional() });
type Line = { readonly role: RoleName; readonly text: string; readonly read: z.output<typeof logLine> | undefined };

function logLines(): Line[] {
  return ROLE_NAMES.flatMap((role) => readFileSync(join(stack.logDir, `${role}.log`), 'utf8').split('\n').filter((text) => text !== '').map((text) => {
    const line = logLine.safeParse(parse(text));
    return { role, text, read: line.success ? line.data : undefined };
  }));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What Prometheus would scrape of a role now. */
async function scrape(of: RoleName): Promise<string> {
  const url = logLines().find(({ role, read: line }) => role === of && line?.msg === 'metrics are served')?.read?.url ?? '';
  const response = await fetch(url);
  expect(response.status).toBe(200);
  return response.text();
}

async function invite(email: string, headers: Record<string, string> = {}): Promise<string> {
  const response = await fetch(`${stack.apiUrl}/v1/invites`, {
    method: 'POST',
    headers: { authorization: `Bearer ${tenant.secret}`, 'content-type': 'application/json', 'idempotency-key': email, ...headers },
    body: JSON.stringify({ programId: tenant.programId, externalId: 'zq', invitees: [{ email, name: 'Zqcanary', phone: '+4915112340099', zone: 'UTC', consent: { basis: 'opt_in' } }] }),
  });
  const body = z.object({ invites: z.array(z.object({ id: z.string() })) }).parse(await response.json());
  return body.invites[0]?.id ?? '';
}

const ofTrace = (traceId: string): CollectedSpan[] => collector.spans().filter((span) => span.traceId === traceId);

test('one trace leads from an app\'s request by the outbox to the hand-off, through three processes', async () => {
  read(await tenant.api.send('PUT', '/v1/members/zq', { name: 'Zqcanary Member', contact: { email: 'zqcanary2@zqcanary.example' } }), 201, anything);
  await invite('ben-zqcanary@friends.example', { traceparent: `00-${CALLERS_TRACE}-${CALLERS_SPAN}-01` });
  await mailTo(stack, 'ben-zqcanary@friends.example');
  const names = (): string[] => ofTrace(CALLERS_TRACE).map(({ service, name }) => `${service}: ${name}`);
  await waitUntil('the trace is whole', 30_000, () => ['flywheel-api: POST /v1/invites', 'flywheel-relay: nudge', 'flywheel-worker: hand off'].every((name) => names().includes(name)), names);
  const spans = ofTrace(CALLERS_TRACE);
  const request = spans.find(({ name }) => name === 'POST /v1/invites');
  expect(request).toMatchObject({ parentId: CALLERS_SPAN, attributes: { 'flywheel.tenant_id': tenant.tenantId } });
  expect(spans.filter(({ name }) => name !== 'POST /v1/invites').map(({ parentId }) => parentId)).toEqual(spans.slice(1).map(() => request?.spanId));
  const handOff = spans.find(({ name }) => name === 'hand off');
  expect(Number(handOff?.attributes['flywheel.handed_off'])).toBe(1);

  // Its turn is linked, and names the sender to look at in the Temporal UI.
  const turn = await waitUntil('the turn is over', 30_000, () => collector.spans().find(({ traceId, spanId }) => handOff?.links.includes(`${traceId}/${spanId}`)));
  expect(turn).toMatchObject({ name: 'send due', attributes: { 'temporal.workflow_id': senderWorkflowId({ tenantId: tenant.tenantId, lane: 'email-0' }) } });
});

test('what happens afterwards is traced and counted', async () => {
  const mail = await mailTo(stack, 'ben-zqcanary@friends.example');
  const visit = await fetch(linkIn(mail, '/l/'), { redirect: 'manual', headers: BROWSER });
  const clickId = new URL(visit.headers.get('location') ?? '').searchParams.get('clickId');
  read(await tenant.api.send('POST', '/v1/events', { events: [{ eventId: 'e1', type: 'signed_up', externalId: 'ben', clickId }] }), 200, anything);
  const bounced = await invite('mia-zqcanary@friends.example');
  const mias = await mailTo(stack, 'mia-zqcanary@friends.example');
  expect((await fetch(linkIn(mias, '/u/'), { method: 'POST', body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) })).status).toBe(200);
  await waitUntil('it is recorded', 30_000, async () => read(await tenant.api.send('GET', `/v1/invites/${bounced}`), 200, z.object({ state: z.string() })).state !== 'waiting');
  read(await tenant.api.send('POST', '/v1/delivery-events', { events: [{ eventId: 'b1', kind: 'bounced', permanent: true, at: new Date().toISOString(), inviteId: bounced, step: 0 }] }), 200, anything);
  read(await tenant.api.send('POST', `/v1/programs/${tenant.programId}/pause`, {}), 200, anything);
  read(await tenant.api.send('POST', `/v1/programs/${tenant.programId}/resume`, {}), 200, anything);
  read(await tenant.api.send('GET', `/v1/invites/${bounced}/explain`), 200, anything);
  expect((await tenant.api.send('GET', '/v1/invites/zqcanary')).status).toBe(404);

  const [api, relay, worker] = await Promise.all(ROLE_NAMES.map(scrape));
  expect(api).toMatch(/^flywheel_http_request_duration_seconds_count\{method="POST",route="\/v1\/invites",status="2xx"\} 2$/m);
  expect(api).toMatch(/^flywheel_touches_total\{kind="click",outcome="counted"\} 1$/m);
  expect(api).toMatch(/^flywheel_http_problems_total\{route="\/v1\/invites\/\{id\}",code="not_found"\} 1$/m);
  expect(relay).toMatch(/^flywheel_nudges_total\{cause="outbox",outcome="told"\} [1-9]\d*$/m);
  expect(relay).toMatch(/^flywheel_relay_steps_total [1-9]\d*$/m);
  expect(worker).toMatch(/^flywheel_messages_total\{channel="email",outcome="handed_off",reason=""\} 2$/m);
  expect(worker).toMatch(/^flywheel_message_lateness_seconds_count\{channel="email"\} 2$/m);
  expect(worker).toMatch(/^flywheel_activities_total\{activity="sendDue",outcome="failed"\} 0$/m);
  expect(worker).toMatch(/^flywheel_clock_skew_seconds -?[\d.e-]+$/m);
});

test('each process exports what the page of metrics says, and nothing on the API\'s own port', async () => {
  const expected = await metricsOfRoles();
  for (const role of ROLE_NAMES) {
    const names = [...(await scrape(role)).matchAll(/^# TYPE (\w+) /gm)].map(([, name]) => name);
    expect(names.toSorted()).toEqual(expected.filter(({ roles }) => roles.includes(role)).map(({ name }) => name).toSorted());
  }
  expect((await fetch(`${stack.apiUrl}/metrics`)).status).toBe(404);
});

test('nobody\'s address, name or number stands in a metric or in a span that was exported', async () => {
  // The two ends of what was told: that it was, and that the search would find it.
  expect(collector.bodies().join('')).toContain(tenant.tenantId);
  expect(CANARY.test('<Ben-ZQCANARY@friends.example>')).toBe(true);
  const said = [...collector.bodies(), ...await Promise.all(ROLE_NAMES.map(scrape))];
  expect(said.filter((text) => CANARY.test(text)).map((text) => CANARY.exec(text)?.[0])).toEqual([]);
  expect(said.filter((text) => text.includes('/v1/') && /[?&](?:name|q|cursor)=/.test(text))).toEqual([]);
});

test('a healthy run logs no ERROR, from its start to the end of its drain, and nothing that is no line of JSON', async () => {
  for (const role of ROLE_NAMES.toReversed()) await stack.roles[role].stop();
  const lines = logLines();
  expect(new Set(lines.map(({ role }) => role))).toEqual(new Set(ROLE_NAMES));
  expect(lines.filter(({ read: line }) => line === undefined || line.level === 'error' || line.level === 'fatal').map(({ role, text }) => `${role}: ${text.slice(0, 300)}`)).toEqual([]);
  expect(ROLE_NAMES.map((role) => stack.roles[role].endedByItself)).toEqual([0, 0, 0]);
  // The last spans came with the end.
  expect(collector.spans().map(({ name }) => name)).toContain('POST /v1/delivery-events');
});
