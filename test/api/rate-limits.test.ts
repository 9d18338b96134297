import { z } from 'zod';
import { createRateLimiter } from '../../src/api/limits/rate-limiter.ts';
import { takeRateUnits } from '../../db/write/take-rate-units.ts';
import { makeKey } from '../../db/write/make-key.ts';
import { setTier } from '../../db/write/set-tier.ts';
import { tierRule } from '../../src/domain/limits/tiers.ts';
import type { Tier } from '../../src/domain/limits/tiers.ts';
import { openTestApi } from '../support/api.ts';
import type { TestApi, TestTenant } from '../support/api.ts';
import { untilRefused } from '../support/until-refused.ts';
import { makeProgram } from '../support/invites-api.ts';

/** The clock stands: what a bucket holds is all there is until a test moves it. */
let api: TestApi;
beforeAll(async () => { api = await openTestApi(); });
afterAll(() => api.close());

async function tenantOn(tier: Tier): Promise<TestTenant> {
  return api.makeTenant({ tier });
}

const readTenant = (as: TestTenant | string) => api.send(as, 'GET', '/v1/tenant');

const invitees = (name: string, count: number) => Array.from({ length: count }, (_none, i) => ({ email: `${name}-${String(i)}@example.com`, zone: 'Europe/Paris', consent: { basis: 'opt_in' } }));

test('each answer of a limited caller says where it stands, refusals of other kinds too', async () => {
  const tenant = await tenantOn('growth');
  const read = await readTenant(tenant);
  expect(read.status).toBe(200);
  expect(read.headers.get('ratelimit-policy')).toBe('"requests";q=3000;w=60');
  expect(read.headers.get('ratelimit')).toBe('"requests";r=499;t=1');
  expect(read.headers.get('retry-after')).toBeNull();
  const wrong = await api.send(tenant, 'POST', '/v1/programs', { nonsense: true });
  expect(wrong.status).toBe(400);
  expect(wrong.headers.get('ratelimit-policy')).toBe('"requests";q=3000;w=60, "writes";q=1200;w=60');
  expect(wrong.headers.get('ratelimit')).toBe('"requests";r=498;t=1, "writes";r=199;t=1');
});

test('a key that asks too much gets 429 with how long to wait, and passes once it has waited', async () => {
  const tenant = await tenantOn('free');
  const { passed, refusal } = await untilRefused(() => readTenant(tenant), 100);
  expect(passed).toBe(tierRule('free', 'requests')?.burst);
  expect(refusal.headers.get('content-type')).toBe('application/problem+json');
  expect(refusal.body).toEqual({
    type: '/docs/problems#rate_limited', title: expect.any(String), status: 429, code: 'rate_limited', requestId: expect.stringMatching(/^req_/),
    detail: 'The limit `requests` (300 in 60 s) is used up. Nothing was done; repeat the request, with the same Idempotency-Key, in 1 s.',
  });
  expect([refusal.headers.get('retry-after'), refusal.headers.get('ratelimit')]).toEqual(['1', '"requests";r=0;t=1']);
  api.clock.advance(1_000);
  expect((await readTenant(tenant)).status).toBe(200);
});

test('keys of one tenant are counted each by itself, its writes together, and other tenants not at all', async () => {
  const tenant = await tenantOn('free');
  const { secret } = await makeKey(api.database.owner, { tenantId: tenant.tenantId, name: 'second' }, api.clock.now());
  await untilRefused(() => readTenant(tenant), 100);
  expect((await readTenant(secret)).status).toBe(200);
  const other = await tenantOn('free');
  const third = (await makeKey(api.database.owner, { tenantId: other.tenantId, name: 'second' }, api.clock.now())).secret;
  const write = (as: TestTenant | string) => () => api.send(as, 'PUT', '/v1/members/ana', { name: 'Ana' });
  const { passed, refusal } = await untilRefused(write(other), 100);
  expect([passed, refusal.headers.get('ratelimit')]).toEqual([30, expect.stringContaining('"writes";r=0;t=1')]);
  expect((await write(third)()).status).toBe(429);
  expect((await readTenant(third)).status).toBe(200);
});

test('invites are counted by invitees; more than the burst passes once, and the debt is waited for', async () => {
  const tenant = await tenantOn('free');
  const programId = await makeProgram(api, tenant);
  const invite = (name: string, count: number) => api.send(tenant, 'POST', '/v1/invites', { programId, invitees: invitees(name, count) });
  const first = await invite('a', 1_000);
  expect(first.status).toBe(202);
  expect(first.headers.get('ratelimit')).toContain('"invites";r=0;t=');
  const second = await invite('b', 1);
  expect([second.status, second.headers.get('retry-after')]).toEqual([429, '1804']);
  // 501 of 1,000 an hour must come back: 500 of debt, and the one that is asked for.
  expect(second.body['detail']).toContain('`invites` (1000 in 3600 s)');
  expect(await api.database.superuser`select from invite_batches where tenant_id = ${tenant.tenantId}`).toHaveLength(1);
  api.clock.advance(1_804_000);
  expect((await invite('b', 1)).status).toBe(202);
  expect((await readTenant(tenant)).headers.get('ratelimit-policy')).toBe('"requests";q=300;w=60');
});

test('a refused request leaves its Idempotency-Key unused: the same one does it later', async () => {
  const tenant = await tenantOn('free');
  const programId = await makeProgram(api, tenant);
  const invite = (name: string, count: number, idempotencyKey: string) => api.send(tenant, 'POST', '/v1/invites', { programId, invitees: invitees(name, count) }, { idempotencyKey });
  expect((await invite('a', 500, 'first')).status).toBe(202);
  const refused = await invite('b', 10, 'second');
  expect(refused.status).toBe(429);
  expect(await api.database.superuser`select key from idempotency where tenant_id = ${tenant.tenantId} and key = 'second'`).toHaveLength(0);
  api.clock.advance(Number(refused.headers.get('retry-after')) * 1_000);
  const done = await invite('b', 10, 'second');
  expect([done.status, done.headers.get('idempotent-replayed'), done.body['accepted']]).toEqual([202, null, 10]);
});

test('a repeat gets its answer although nothing is left of the flow, and takes nothing of it', async () => {
  const tenant = await tenantOn('free');
  const programId = await makeProgram(api, tenant);
  const invite = (idempotencyKey: string, count: number) => api.send(tenant, 'POST', '/v1/invites', { programId, invitees: invitees(idempotencyKey, count) }, { idempotencyKey });
  const [small, smallAgain] = [await invite('small', 300), await invite('small', 300)];
  expect([smallAgain.status, smallAgain.text, smallAgain.headers.get('idempotent-replayed')]).toEqual([202, small.text, 'true']);
  expect((await invite('rest', 200)).status).toBe(202);
  const again = await invite('small', 300);
  expect([again.status, again.text, again.headers.get('retry-after')]).toEqual([202, small.text, null]);
  expect((await invite('more', 1)).status).toBe(429);
});

test.each<[string, string, (programId: string) => [path: string, body: unknown]]>([
  ['rows', 'rows', () => ['/v1/members/batch', { members: Array.from({ length: 1_000 }, (_none, i) => ({ externalId: `m-${String(i)}` })) }]],
  ['previews', 'previews', (programId) => [`/v1/programs/${programId}/preview`, {}]],
  ['page-links', 'page-links', (programId) => [`/v1/programs/${programId}/preview-links`, {}]],
])('the flow %s has a limit of its own', async (_what, name, call) => {
  const tenant = await tenantOn('free');
  const [path, body] = call(await makeProgram(api, tenant));
  const { refusal } = await untilRefused(() => api.send(tenant, 'POST', path, body), 25);
  expect(refusal.body['detail']).toContain(`\`${name}\``);
});

test('a tenant is counted by its tier from the moment it is set, and sees which it is', async () => {
  const tenant = await tenantOn('free');
  await untilRefused(() => readTenant(tenant), 100);
  expect(await setTier(api.database.owner, tenant.tenantId, 'growth')).toBe('free');
  const grown = await readTenant(tenant);
  expect([grown.status, grown.body['tier'], grown.headers.get('ratelimit')]).toEqual([200, 'growth', '"requests";r=499;t=1']);
  await setTier(api.database.owner, tenant.tenantId, 'unlimited');
  const free = await readTenant(tenant);
  expect([free.body['tier'], free.headers.get('ratelimit'), free.headers.get('ratelimit-policy')]).toEqual(['unlimited', null, null]);
});

test('two processes count together', async () => {
  const tenant = await tenantOn('free');
  const rule = tierRule('free', 'requests');
  if (rule === null) throw new Error('free has no limit');
  await untilRefused(() => readTenant(tenant), 100);
  const other = createRateLimiter({ ask: (asks, atUs) => takeRateUnits(api.database.app.sql, asks, atUs), clock: api.clock, keyring: api.services.keyring, log: api.services.log });
  expect(await other.charge([{ rule, who: `key ${tenant.keyId}`, cost: 1 }])).toMatchObject({ kind: 'refused', retryAfterSeconds: 1 });
});

test('where the buckets cannot be looked at, requests are answered', async () => {
  const impatient = await openTestApi();
  const stranger = await impatient.makeTenant({ tier: 'free' });
  try {
    await impatient.database.superuser`drop function take_rate_units`;
    const reply = await impatient.send(stranger, 'GET', '/v1/tenant');
    expect([reply.status, reply.headers.get('ratelimit')]).toEqual([200, null]);
    expect(impatient.logged.filter(({ msg }) => String(msg).includes('rate limits cannot be looked at'))).toHaveLength(1);
  } finally {
    await impatient.close();
  }
});

test('every route documents its limits: 429 with Retry-After, and the fields on each of its answers', async () => {
  const fields = z.looseObject({ headers: z.looseObject({ 'RateLimit-Policy': z.unknown(), RateLimit: z.unknown() }) });
  const operation = z.object({ responses: z.record(z.string(), z.unknown()) });
  const { paths } = z.object({ paths: z.record(z.string(), z.record(z.string(), operation)) }).parse((await api.send(null, 'GET', '/openapi.json')).body);
  const operations = Object.values(paths).flatMap((path) => Object.values(path));
  expect(operations.length).toBeGreaterThan(30);
  for (const { responses } of operations) {
    expect(responses['429']).toMatchObject({ headers: { 'Retry-After': { required: true } }, content: { 'application/problem+json': { examples: { rate_limited: {} } } } });
    for (const [status, response] of Object.entries(responses)) if (/^2|429/.test(status)) fields.parse(response);
  }
});
