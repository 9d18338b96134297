import { z } from 'zod';
import { createApi } from '../../src/api/app.ts';
import { listen } from '../../src/api/listen.ts';
import type { Listening } from '../../src/api/listen.ts';
import { readMail } from '../../src/dev/read-mail.ts';
import { watchApi } from '../../src/telemetry/api-watch.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { createRegistry } from '../../src/telemetry/metrics/registry.ts';
import { watchSending } from '../../src/telemetry/sending-watch.ts';
import { tenantTables } from '../checks/support/tenant-tables.ts';
import { openPage } from '../support/open-page.ts';
import { keepSpans } from '../telemetry/support/kept-spans.ts';
import { openTestSending } from '../support/sending.ts';
import type { TestSending } from '../support/sending.ts';

/*
 * A word that stands nowhere else in every personal field there is, led through a whole life: accepted, sent by SMTP,
 * clicked, reported, bounced, refused, failed, explained, previewed. Afterwards it is looked for in everything that is kept
 * or said. The same for histories, search attributes and log files of the real processes: test/stack/whole-way.test.ts.
 */
const CANARY = 'zqcanary';
let sending: TestSending;
let server: Listening;
const logged: string[] = [];
const addresses: string[] = [];
const registry = createRegistry({ role: 'api', version: 'test' });
const spans = keepSpans();

const BROWSER = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', accept: 'text/html' };
const canary = (of: string): string => `${CANARY}${of}`;
const mail = (of: string): string => `${canary(of)}@${CANARY}.example`;

beforeAll(async () => {
  sending = await openTestSending();
  const log = createLogger({ level: 'debug', destination: { write: (line: string) => { logged.push(line); } } });
  server = await listen(createApi({ db: sending.deps.db, clock: sending.clock, keyring: sending.deps.keyring, log, watch: watchApi({ registry, tracing: spans }) }), { port: 0, host: '127.0.0.1' });
  await live({ ...sending, deps: { ...sending.deps, log, watch: watchSending({ registry, tracing: spans }) } });
});
afterAll(async () => {
  await server.close(200);
  await sending.close();
});

let keys = 0;
async function call(method: string, path: string, body?: unknown): Promise<{ status: number; body: Record<string, unknown> }> {
  keys += 1;
  const response = await fetch(`${server.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${sending.tenant.secret}`, 'idempotency-key': `k${String(keys)}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const read = z.record(z.string(), z.unknown()).catch({}).parse(await response.json().catch(() => ({})));
  return { status: response.status, body: read };
}

const invitesOut = z.object({ invites: z.array(z.object({ id: z.string(), outcome: z.string() })) });

/** Everything that can happen to somebody; throws where a step does not happen, so that the search below is worth something. */
async function live(of: TestSending): Promise<void> {
  const programId = await of.makeProgram({ sendRules: { layers: [] } });
  const person = (name: string, more: Record<string, unknown> = {}): unknown => ({ email: mail(name), name: canary(`${name}name`), phone: '+4915112340099', zone: 'Europe/Paris', consent: { basis: 'opt_in' }, ...more });
  expectStatus(await call('PUT', '/v1/members/ana', { name: canary('member'), contact: { email: mail('member'), phone: '+4915112340098' }, locale: 'de' }), 201);
  expectStatus(await call('POST', '/v1/members/batch', { members: [{ externalId: 'bad', name: canary('badrow'), contact: { email: `${canary('bad')} @nowhere` } }] }), 200);
  const { body } = await call('POST', '/v1/invites', { programId, externalId: 'ana', invitees: [
    person('clicked'), person('bounced'), person('silent'), person('member'), person('zone', { zone: canary('zone') }), person('refused', { consent: undefined }), person('twice'), person('twice'),
    person('address', { email: `${canary('address')},x@${CANARY}.example` }), person('relation', { relationship: canary('Relation!') }), person('locale', { locale: canary('_locale') }),
  ] });
  const [clicked = '', bounced = ''] = invitesOut.parse(body).invites.map(({ id }) => id);
  const batchId = z.string().parse(body['batchId']);
  expectStatus(await call('POST', '/v1/suppressions', { email: mail('suppressed') }), 201);
  for (let turn = 0; turn < 3; turn += 1) await of.sendDue(of.deps);
  const sent = of.sink.deliveries().find(({ to }) => to.includes(mail('clicked')));
  if (sent === undefined) throw new Error('nothing was sent');
  const read = await readMail(await of.sink.store.raw(sent));
  for (const link of read.links) {
    addresses.push(link);
    const { host, pathname } = new URL(link);
    const visit = await openPage(server.url, pathname, { headers: { ...BROWSER, host, referer: `https://${CANARY}.example/` } });
    addresses.push(String(visit.headers['location'] ?? ''));
  }
  expectStatus(await call('POST', '/v1/delivery-events', { events: [{ eventId: 'b1', kind: 'bounced', permanent: true, at: new Date(of.clock.now()).toISOString(), inviteId: bounced, step: 0 }] }), 200);
  expectStatus(await call('POST', '/v1/events', { events: [{ eventId: 'e1', type: 'signed_up', externalId: 'newcomer' }] }), 200);
  for (const path of [`/v1/invites/${clicked}`, `/v1/invites/${clicked}/explain`, `/v1/invite-batches/${batchId}`, '/v1/members?externalId=ana', '/v1/audit', '/v1/suppressions']) expectStatus(await call('GET', path), 200);
  const explained = await call('POST', '/v1/explain-links', { inviteId: clicked });
  addresses.push(z.string().parse(explained.body['url']));
  const previewed = await call('POST', `/v1/programs/${programId}/preview-links`, { invitee: person('previewed'), inviter: { externalId: 'ana' }, title: canary('title') });
  addresses.push(z.string().parse(previewed.body['url']));
  expectStatus(await call('POST', `/v1/programs/${programId}/preview`, { invitee: person('shown') }), 200);
  // Refusals, of whole requests and by failures below.
  expectStatus(await call('POST', '/v1/invites', { programId, invitees: [{ ...z.record(z.string(), z.unknown()).parse(person('extra')), [canary('field')]: canary('value') }] }), 400);
  expectStatus(await call('PUT', `/v1/members/${canary('id')}%00`, {}), 400);
  expectStatus(await call('GET', `/v1/${canary('route')}?q=${canary('query')}`), 404);
  expectStatus(await call('GET', `/v1/programs/${canary('program')}`), 404);
  const broken = await fetch(`${server.url}/v1/invites`, { method: 'POST', headers: { authorization: `Bearer ${sending.tenant.secret}`, 'content-type': 'application/json', 'idempotency-key': canary('key') }, body: `{"${canary('json')}` });
  if (broken.status !== 400) throw new Error(`broken JSON was answered ${String(broken.status)}`);
  of.sink.setFault(({ stage }) => (stage === 'rcpt' ? { kind: 'refuse' as const, code: 550, text: `5.1.1 <${mail('nobody')}> unknown` } : undefined));
  expectStatus(await call('POST', '/v1/invites', { programId, invitees: [person('nobody')] }), 202);
  for (let turn = 0; turn < 2; turn += 1) await of.sendDue(of.deps);
}

function expectStatus({ status, body }: { status: number; body: unknown }, wanted: number): void {
  if (status !== wanted) throw new Error(`${String(wanted)} was expected, not ${String(status)}: ${JSON.stringify(body)}`);
}

/** Where each tenant table holds the canary, in a text, a JSON document, a list, or the bytes of a sealed or hashed field. */
async function placesInDatabase(): Promise<string[]> {
  const places: string[] = [];
  const hex = Buffer.from(CANARY).toString('hex');
  for (const { name } of await tenantTables(sending.database.superuser)) {
    const rows = await sending.database.superuser.unsafe<{ column: string }[]>(
      `select distinct f.key as column from ${name} t, jsonb_each_text(to_jsonb(t)) f where f.value ilike '%${CANARY}%' or f.value ilike '%${hex}%' or f.value like '%4915112340%'`);
    places.push(...rows.map(({ column }) => `${name}.${column}`));
  }
  return places.toSorted();
}

test('the canaries flew: they are in the mails', () => {
  expect(sending.sink.deliveries().flatMap(({ to }) => to)).toContain(mail('clicked'));
  expect(sending.sink.deliveries().some(({ subject }) => subject?.includes(canary('member')))).toBe(true);
});

test('the whole life was lived: clicked, bounced, refused by us and by the mail server', async () => {
  const [row] = await sending.database.superuser<Record<string, unknown>[]>`
    select (select count(*) > 0 from touches) as clicked, (select count(*) > 0 from messages where bounced_at is not null) as bounced,
           (select count(*) > 4 from invites where state = 'refused') as refused, (select count(*) > 0 from messages where state not in ('handed_off', 'unknown')) as "refusedByServer"`;
  expect(row).toEqual({ clicked: true, bounced: true, refused: true, refusedByServer: true });
});

test('no table holds a name, an address or a number that could be read: they are sealed or hashed', async () => {
  expect(await placesInDatabase()).toEqual([]);
});

test('no line of a log holds any of them', () => {
  expect(logged.length).toBeGreaterThan(15);
  expect(logged.filter((line) => line.toLowerCase().includes(CANARY) || line.includes('4915112340'))).toEqual([]);
});

test('no metric and no span holds any of them', async () => {
  const metrics = await registry.metrics();
  expect(metrics).toMatch(/^flywheel_messages_total\{channel="email",outcome="refused",reason="\w+"\} [1-9]/m);
  expect(metrics).toMatch(/^flywheel_touches_total\{kind="click",outcome="counted"\} [1-9]/m);
  const told = spans.ended().map(({ name }) => name);
  for (const name of ['POST /v1/invites', 'GET /l/{code}', 'GET none', 'transaction', 'send due', 'hand off']) expect(told).toContain(name);
  expect([metrics, spans.text()].filter((text) => text.toLowerCase().includes(CANARY) || text.includes('4915112340'))).toEqual([]);
});

test('no address of a page or link holds any of them', () => {
  expect(addresses.length).toBeGreaterThan(3);
  expect(addresses.filter((address) => decodeURIComponent(address).toLowerCase().includes(CANARY))).toEqual([]);
});

test('the search would find one', async () => {
  await sending.database.superuser`update tenants set name = ${canary('tenant')}`;
  expect(await placesInDatabase()).toEqual(['tenants.name']);
});
