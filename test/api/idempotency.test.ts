import { createHash, randomUUID } from 'node:crypto';
import { makeKey } from '../../db/write/make-key.ts';
import { purgeExpired } from '../../db/write/purge-expired.ts';
import { NOON, openTestApi, textIn } from '../support/api.ts';
import type { Send, TestApi, TestTenant } from '../support/api.ts';

const DAY_MS = 86_400_000;

let api: TestApi;
let tenant: TestTenant;

beforeAll(async () => {
  api = await openTestApi();
});
beforeEach(async () => {
  api.clock.set(NOON);
  tenant = await api.makeTenant();
});
afterAll(() => api.close());

const create = (title: string, idempotencyKey: string | null, how: Send = {}) => api.send(tenant, 'POST', '/v1/programs', { loop: 'invite', title }, { idempotencyKey, ...how });
const programs = async () => (await api.database.superuser`select 1 from programs where tenant_id = ${tenant.tenantId}`).length;

test('the same request gets the same answer, word for word, and is done once', async () => {
  const key = randomUUID();
  const first = await create('One', key);
  api.clock.advance(60_000);
  const second = await create('One', key);
  expect(first.headers.get('idempotent-replayed')).toBeNull();
  expect(second.headers.get('idempotent-replayed')).toBe('true');
  expect({ status: second.status, text: second.text, type: second.headers.get('content-type') }).toEqual({ status: 201, text: first.text, type: first.headers.get('content-type') });
  expect(await programs()).toBe(1);
});

test('fields in another order are the same request', async () => {
  const key = randomUUID();
  const first = await api.send(tenant, 'POST', '/v1/programs', undefined, { idempotencyKey: key, raw: '{"loop":"invite","title":"One"}' });
  const second = await api.send(tenant, 'POST', '/v1/programs', undefined, { idempotencyKey: key, raw: '{ "title": "One", "loop": "invite" }' });
  expect(second.text).toBe(first.text);
  expect(await programs()).toBe(1);
});

test('50 equal requests at once have one effect; the others get its answer or are told to wait', async () => {
  const key = randomUUID();
  const replies = await Promise.all(Array.from({ length: 50 }, () => create('One', key)));
  const done = replies.filter(({ status }) => status === 201);
  const waiting = replies.filter(({ status }) => status === 409);
  expect(await programs()).toBe(1);
  expect(done.length + waiting.length).toBe(50);
  expect(done.filter(({ headers }) => headers.get('idempotent-replayed') === null)).toHaveLength(1);
  expect(new Set(done.map(({ text }) => text)).size).toBe(1);
  for (const { headers, body } of waiting) {
    expect(headers.get('retry-after')).toBe('1');
    expect(body['code']).toBe('request_in_progress');
  }
});

test('a request that runs elsewhere answers 409 with Retry-After; after its end the key works', async () => {
  const key = randomUUID();
  const { sql } = api.database.app;
  const running = await sql.reserve();
  const lock = createHash('sha256').update(`idempotency\0${tenant.tenantId}\0${key}`).digest().readBigInt64BE(0).toString();
  await running`select pg_advisory_lock(${lock}::bigint)`;
  const refused = await create('One', key);
  expect({ status: refused.status, retryAfter: refused.headers.get('retry-after') }).toEqual({ status: 409, retryAfter: '1' });
  await running`select pg_advisory_unlock(${lock}::bigint)`;
  running.release();
  expect((await create('One', key)).status).toBe(201);
});

test.each([
  ['another body', (key: string) => create('Two', key)],
  ['another route', (key: string) => api.send(tenant, 'POST', '/v1/tenant/pause', undefined, { idempotencyKey: key })],
])('%s under a used key is 422 and has no effect', async (_what, again) => {
  const key = randomUUID();
  await create('One', key);
  expect(await again(key)).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
  expect(await programs()).toBe(1);
  expect((await api.send(tenant, 'GET', '/v1/tenant')).body).toMatchObject({ state: 'active' });
});

test('the same route with another id in its path under a used key is 422', async () => {
  const [a, b] = [textIn((await create('A', randomUUID())).body, 'id'), textIn((await create('B', randomUUID())).body, 'id')];
  const key = randomUUID();
  expect((await api.send(tenant, 'POST', `/v1/programs/${a}/pause`, undefined, { idempotencyKey: key })).status).toBe(200);
  expect((await api.send(tenant, 'POST', `/v1/programs/${b}/pause`, undefined, { idempotencyKey: key })).status).toBe(422);
  expect((await api.send(tenant, 'GET', `/v1/programs/${b}`)).body).toMatchObject({ state: 'active' });
});

test('a key belongs to its tenant', async () => {
  const key = randomUUID();
  await create('One', key);
  const other = await api.makeTenant();
  expect((await api.send(other, 'POST', '/v1/programs', { loop: 'invite', title: 'Else' }, { idempotencyKey: key })).status).toBe(201);
});

test('another key of the same tenant repeats the same request', async () => {
  const second = await makeKey(api.database.owner, { tenantId: tenant.tenantId, name: 'second' }, NOON);
  const key = randomUUID();
  const first = await create('One', key);
  const again = await api.send(second.secret, 'POST', '/v1/programs', { loop: 'invite', title: 'One' }, { idempotencyKey: key });
  expect(again.text).toBe(first.text);
});

test('a refused body is not stored: the key serves the corrected request', async () => {
  const key = randomUUID();
  expect((await api.send(tenant, 'POST', '/v1/programs', { loop: 'invite' }, { idempotencyKey: key })).status).toBe(400);
  expect((await api.send(tenant, 'POST', '/v1/programs', { loop: 'invite', title: 'One', terms: { coolingHours: -1 } }, { idempotencyKey: key })).status).toBe(400);
  expect((await create('One', key)).status).toBe(201);
});

test('what the route decided is stored, its refusals included', async () => {
  const key = randomUUID();
  const pause = () => api.send(tenant, 'POST', '/v1/programs/prg_01kx7m3p9q2r4s5t6v7w8x9y0z/pause', undefined, { idempotencyKey: key });
  const first = await pause();
  const second = await pause();
  expect(first).toMatchObject({ status: 404, body: { code: 'not_found' } });
  expect({ status: second.status, text: second.text, replayed: second.headers.get('idempotent-replayed'), type: second.headers.get('content-type') })
    .toEqual({ status: 404, text: first.text, replayed: 'true', type: 'application/problem+json' });
});

test('an answer is kept for seven days, then its key is free', async () => {
  const key = randomUUID();
  await create('One', key);
  api.clock.set(NOON + 7 * DAY_MS - 1);
  expect((await create('One', key)).headers.get('idempotent-replayed')).toBe('true');
  expect((await create('Two', key)).status).toBe(422);
  api.clock.set(NOON + 7 * DAY_MS);
  expect((await create('Two', key)).status).toBe(201);
  expect(await programs()).toBe(2);
});

test('the purge removes what is older than seven days, and nothing else', async () => {
  const stored = async () => (await api.database.superuser<{ key: string }[]>`select key from idempotency where tenant_id = ${tenant.tenantId}`).map(({ key }) => key);
  await create('Old', 'old');
  api.clock.set(NOON + 3 * DAY_MS);
  await create('Fresh', 'fresh');
  await purgeExpired(api.database.relay, NOON + 7 * DAY_MS - 1);
  expect((await stored()).toSorted()).toEqual(['fresh', 'old']);
  await purgeExpired(api.database.relay, NOON + 7 * DAY_MS);
  expect(await stored()).toEqual(['fresh']);
});

test('an effect that fails half-way leaves neither effect nor stored answer, and the key works again', async () => {
  const key = randomUUID();
  await api.database.superuser`alter table program_versions add constraint broken check (title <> 'Fails')`;
  const failed = await create('Fails', key, { failsOnPurpose: true });
  expect(failed).toMatchObject({ status: 500, body: { code: 'internal_error' } });
  expect(failed.text).not.toContain('broken');
  expect(await programs()).toBe(0);
  await api.database.superuser`alter table program_versions drop constraint broken`;
  expect((await create('Fails', key)).status).toBe(201);
});

test.each([
  ['none', null], ['an empty one', ''], ['256 characters', 'k'.repeat(256)], ['a letter beyond ASCII', 'schlüssel'], ['a tab inside', 'a\tb'],
])('a key that is %s is refused', async (_what, key) => {
  expect(await create('One', key)).toMatchObject({ status: 400, body: { code: 'idempotency_key_required' } });
  expect(await programs()).toBe(0);
});

test('255 printable characters are a key', async () => {
  expect((await create('One', `~${'k'.repeat(253)}!`)).status).toBe(201);
});

test('a kept answer is sealed: neither the address nor the token in it stands in the database', async () => {
  const sent = await api.send(tenant, 'POST', '/v1/suppressions', { email: 'sealed.answer@example.com' }, { idempotencyKey: 'sealed-1' });
  const again = await api.send(tenant, 'POST', '/v1/suppressions', { email: 'sealed.answer@example.com' }, { idempotencyKey: 'sealed-1' });
  expect([again.status, again.text]).toEqual([sent.status, sent.text]);
  const [row] = await api.database.superuser<{ body: Buffer }[]>`select body_sealed as body from idempotency where key = 'sealed-1'`;
  expect(row?.body.length).toBeGreaterThan(sent.text.length);
  expect(row?.body.includes('sealed.answer')).toBe(false);
});
