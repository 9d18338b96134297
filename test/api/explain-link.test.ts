import { makeTestTenant, NOON, textIn } from '../support/api.ts';
import { arrangeInvites } from '../support/arrange-invites.ts';
import { openTestExplaining } from '../support/explaining.ts';
import type { TestExplaining } from '../support/explaining.ts';
import { inviteId } from '../../src/domain/ids.ts';

let ops: TestExplaining;
let id: string;

beforeAll(async () => {
  ops = await openTestExplaining();
  const { batchId } = await arrangeInvites(ops.sending.database, ops.sending.tenant.tenantId, NOON);
  id = inviteId({ batchId, n: 0 });
});
afterAll(() => ops.close());
beforeEach(() => { ops.sending.clock.set(NOON); });

const PREVIEWS = [{}, { method: 'HEAD' }, { headers: { 'user-agent': 'Slackbot-LinkExpanding 1.0' } }];

test('a link is a secret of 192 bits on the tenant\'s own host, of which only the digest is stored, and lives 15 minutes', async () => {
  const { body, status } = await ops.call('POST', '/v1/explain-links', { inviteId: id });
  expect(status).toBe(201);
  expect(body).toEqual({ url: expect.stringMatching(/^https:\/\/flywheel\.example\/explain\/[0-9a-z]{26}\.[\w-]{32}$/), expiresAt: '2026-06-10T12:15:00.000Z' });
  const url = textIn(body, 'url');
  expect(url).toContain(`/explain/${ops.sending.tenant.tenantId.slice(4)}.`);
  const [row] = await ops.sending.database.superuser<Record<string, unknown>[]>`select encode(token_hash, 'hex') as hash, explain_links::text as whole from explain_links order by expires_at desc limit 1`;
  expect(row?.['hash']).toMatch(/^[0-9a-f]{64}$/);
  expect(row?.['whole']).not.toContain(url.slice(url.lastIndexOf('.') + 1));
});

test('looking at a link, as previews and scanners do, asks and does not use it up; the button opens it', async () => {
  const path = await ops.link(id);
  for (const opening of PREVIEWS) {
    const looked = await ops.page(path, opening);
    expect(looked.status).toBe(200);
    if (opening.method !== 'HEAD') expect(looked.text).toContain('<form method="post"><button>Open</button></form>');
    expect(looked.text).not.toContain(id);
  }
  const opened = await ops.page(path, { method: 'POST' });
  expect(opened.status).toBe(200);
  expect(opened.text).toContain(id);
  expect(opened.headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer', 'x-robots-tag': 'noindex, nofollow', 'x-content-type-options': 'nosniff' });
  expect(opened.headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'$/);
  expect(opened.text).not.toMatch(/<script|<link|<img|style="|\son\w+=/);
});

test('a link opens once, also when ten people press the button at the same instant', async () => {
  const path = await ops.link(id);
  const opened = await Promise.all(Array.from({ length: 10 }, () => ops.page(path, { method: 'POST' })));
  expect(opened.map(({ status }) => status).toSorted()).toEqual([200, ...Array.from({ length: 9 }, () => 404)]);
  ops.sending.clock.advance(60_000);
  for (const method of ['POST', 'GET']) {
    const late = await ops.page(path, { method });
    expect(late.status).toBe(404);
    expect(late.text).toContain('<h1>This link was opened already</h1>');
    expect(late.text).toContain('that was Wed 10 June 12:00 UTC');
    expect(late.text).toContain(`<code>POST /v1/explain-links</code><br><code>{ "inviteId": "${id}" }</code>`);
  }
});

test('a link that was not opened in its 15 minutes says so, to the millisecond, and how to get a new one', async () => {
  const [path, other] = [await ops.link(id), await ops.link(id)];
  ops.sending.clock.advance(15 * 60_000 - 1);
  expect((await ops.page(other, { method: 'POST' })).status).toBe(200);
  ops.sending.clock.advance(1);
  for (const method of ['GET', 'POST']) {
    const late = await ops.page(path, { method });
    expect(late.status).toBe(404);
    expect(late.text).toContain('<h1>This link has expired</h1>');
    expect(late.text).toContain('POST /v1/explain-links');
    expect(late.headers['cache-control']).toBe('no-store');
  }
});

test('a link that is cut, forged, of another tenant or no link at all opens nothing: one plain page', async () => {
  const path = await ops.link(id);
  const other = await makeTestTenant(ops.sending.database, NOON, { name: 'Other' });
  const secret = path.slice(path.lastIndexOf('.') + 1);
  const paths = [
    path.slice(0, -1), `${path.slice(0, -1)}${path.endsWith('A') ? 'B' : 'A'}`, `/explain/${other.tenantId.slice(4)}.${secret}`, `/explain/${secret}`, '/explain/x', '/explain/%00', '/explain/%E0%A4%A',
    `/explain/${'8'.repeat(26)}.${secret}`, `/explain/${'a'.repeat(3000)}`,
  ];
  for (const one of paths) {
    for (const method of ['GET', 'POST']) {
      const opened = await ops.page(one, { method });
      expect([opened.status, opened.text.includes('<h1>This link is not complete</h1>')]).toEqual([404, true]);
    }
  }
  expect((await ops.page(path, { method: 'POST' })).status).toBe(200);
});

test('a link is made for the tenant\'s own invites only, and needs a key of the tenant and one for the request', async () => {
  const other = await makeTestTenant(ops.sending.database, NOON, { name: 'Other' });
  const unknown = [await ops.api.send(other, 'POST', '/v1/explain-links', { inviteId: id }), await ops.api.send(ops.sending.tenant, 'POST', '/v1/explain-links', { inviteId: 'inv_x' })];
  expect(unknown.map(({ status, body }) => [status, body['code'], body['errors']])).toEqual([
    [400, 'invalid_request', [{ path: '/inviteId', message: 'There is no such invite.' }]], [400, 'invalid_request', [{ path: '/inviteId', message: 'This is no inv_ id.' }]],
  ]);
  expect((await ops.api.send(null, 'POST', '/v1/explain-links', { inviteId: id })).status).toBe(401);
  expect((await ops.api.send(ops.sending.tenant, 'POST', '/v1/explain-links', { inviteId: id }, { idempotencyKey: null })).body['code']).toBe('idempotency_key_required');
});

test('other methods are refused and use nothing up', async () => {
  const path = await ops.link(id);
  for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
    const opened = await ops.page(path, { method });
    expect([opened.status, opened.headers.allow]).toEqual([405, 'GET, HEAD, POST']);
  }
  expect((await ops.page(path, { method: 'POST' })).status).toBe(200);
});

test('a story that cannot be told leaves the link good', async () => {
  const path = await ops.link(id);
  const { superuser } = ops.sending.database;
  await superuser`alter table receipts rename to receipts_away`;
  try {
    const failed = await ops.page(path, { method: 'POST' });
    expect([failed.status, failed.headers['retry-after']]).toEqual([503, '5']);
  } finally {
    await superuser`alter table receipts_away rename to receipts`;
  }
  expect((await ops.page(path, { method: 'POST' })).status).toBe(200);
});

test('the log holds the route, not the token', async () => {
  const path = await ops.link(id);
  await ops.page(path);
  await ops.page(path, { method: 'POST' });
  expect(JSON.stringify(ops.api.logged)).not.toContain(path.slice(path.lastIndexOf('.') + 1));
  expect(ops.api.logged.at(-1)).toMatchObject({ route: '/explain/{token}', status: 200 });
});
