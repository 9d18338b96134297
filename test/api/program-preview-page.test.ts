import express from 'express';
import { purgeExpired } from '../../db/write/purge-expired.ts';
import { listen } from '../../src/api/listen.ts';
import { previewPageRouter } from '../../src/api/preview-page.ts';
import { requestLog } from '../../src/api/request-context.ts';
import { NOON, openTestApi, textIn } from '../support/api.ts';
import type { TestApi, TestTenant } from '../support/api.ts';
import { makeProgram } from '../support/invites-api.ts';
import { openPage } from '../support/open-page.ts';
import type { Opening } from '../support/open-page.ts';

const HOUR_MS = 3_600_000;

let api: TestApi;
let tenant: TestTenant;
let id: string;
let pages: Awaited<ReturnType<typeof listen>>;

beforeAll(async () => {
  api = await openTestApi();
  pages = await listen(express().use(requestLog(api.services.log), previewPageRouter(api.services)), { port: 0, host: '127.0.0.1' });
});
beforeEach(async () => {
  api.clock.set(NOON);
  tenant = await api.makeTenant();
  id = await makeProgram(api, tenant);
});
afterAll(async () => {
  await pages.close(200);
  await api.close();
});

const ask = (body: unknown) => api.send(tenant, 'POST', `/v1/programs/${id}/preview-links`, body);
const link = async (body: unknown = {}): Promise<string> => new URL(textIn((await ask(body)).body, 'url')).pathname;
const page = (path: string, opening?: Opening) => openPage(pages.url, path, opening);
const unescaped = (html: string): string => html.replace(/&(lt|gt|quot|#39|amp);/g, (_all, name: string) => ({ lt: '<', gt: '>', quot: '"', '#39': "'", amp: '&' })[name] ?? '');
const framesIn = (html: string): string[] => [...html.matchAll(/ srcdoc="([^"]*)"/g)].map(([, held = '']) => unescaped(held));

const KANARIENVOGEL = { email: 'canary@x.example', name: 'Kanarienvogel', locale: 'de', zone: 'Asia/Tokyo' };

test('a link is a secret of 192 bits on the tenant\'s own host and lives an hour; its row holds a digest, and the person only sealed', async () => {
  const { body, status } = await ask({ invitee: KANARIENVOGEL });
  expect([status, body]).toEqual([201, { url: expect.stringMatching(/^https:\/\/flywheel\.example\/preview\/[0-9a-z]{26}\.[\w-]{32}$/), expiresAt: '2026-06-10T13:00:00.000Z' }]);
  const [row] = await api.database.superuser<Record<string, string>[]>`
    select encode(token_hash, 'hex') as hash, preview_links::text as whole, request_sealed as sealed from preview_links where tenant_id = ${tenant.tenantId}`;
  expect(row?.['hash']).toMatch(/^[0-9a-f]{64}$/);
  const plain = `${row?.['whole'] ?? ''} ${Buffer.from(row?.['sealed'] ?? '').toString('latin1')}`;
  for (const secret of [textIn(body, 'url').slice(-32), 'Kanarienvogel', 'canary']) expect(plain).not.toContain(secret);
});

test('the page shows the same as the preview: inbox, both screens, text, time, reasons', async () => {
  await api.send(tenant, 'POST', '/v1/suppressions', { email: 'canary@x.example' });
  const asked = { invitee: KANARIENVOGEL, terms: { copy: { locales: { de: { subject: 'Komm, {{inviteeName}}' } } } } };
  const shown = (await api.send(tenant, 'POST', `/v1/programs/${id}/preview`, asked)).body;
  const { status, text } = await page(await link(asked));
  expect(status).toBe(200);
  expect(framesIn(text)).toEqual([shown['html'], shown['html']]);
  expect(unescaped(text)).toContain(`<pre>${textIn(shown, 'text')}</pre>`);
  for (const part of ['Komm, Kanarienvogel', textIn(shown, 'preheader'), 'Thu 11 June 08:00', '<code>suppressed</code>', 'with changes that are not saved', 'the program\'s, for German (de)', 'List-Unsubscribe=One-Click']) expect(unescaped(text)).toContain(part);
  expect(text).toMatch(/<title>Preview of a message<\/title>/);
});

test('its policy lets nothing run, load or leave; the frames are sandboxed and bring no script', async () => {
  const { headers, text } = await page(await link({ invitee: KANARIENVOGEL }));
  expect(headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer', 'x-robots-tag': 'noindex, nofollow', 'x-content-type-options': 'nosniff' });
  const hashes = '\'sha256-[A-Za-z0-9+/=]+\' \'sha256-[A-Za-z0-9+/=]+\'';
  expect(headers['content-security-policy']).toMatch(new RegExp(`^default-src 'none'; style-src ${hashes}; style-src-elem ${hashes}; style-src-attr 'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'$`));
  expect(text.match(/<iframe [^>]*sandbox="" srcdoc=/g)).toHaveLength(2);
  for (const html of [text, ...framesIn(text)]) expect(html).not.toMatch(/<script|<link|<img|<form|\son\w+=|url\(/);
});

test('hostile names, subjects and titles stay text on the page and in its frames', async () => {
  const nasty = `"><script>alert(1)</script>'</pre></iframe><u>`;
  const path = await link({ invitee: { name: `N${nasty}` }, title: `T${nasty}`, terms: { copy: { subject: `S${nasty}`, preheader: `P${nasty}`, heading: nasty, paragraphs: [nasty] } } });
  const { status, text } = await page(path);
  expect(status).toBe(200);
  const around = text.replaceAll(/ srcdoc="[^"]*"/g, '');
  const frames = framesIn(text);
  expect(frames).toHaveLength(2);
  for (const html of [around, ...frames]) expect(html).not.toMatch(/<script|<u>/);
  expect(around.match(/<\/iframe>/g)).toHaveLength(2);
  expect(around.match(/<\/pre>/g)).toHaveLength(1);
});

test('it opens as often as one likes for an hour, to the millisecond, and shows what holds then', async () => {
  const path = await link();
  expect((await page(path)).text).toContain('Nothing stands against it.');
  await api.send(tenant, 'POST', `/v1/programs/${id}/pause`);
  api.clock.advance(HOUR_MS - 1);
  expect((await page(path)).text).toContain('<code>program_paused</code>');
  expect((await page(path, { method: 'HEAD' })).status).toBe(200);
  api.clock.advance(1);
  const over = await page(path);
  expect([over.status, over.text.includes('<h1>There is no such preview</h1>')]).toEqual([404, true]);
});

test('nothing is left of a link that has expired; others stay', async () => {
  await link({ invitee: KANARIENVOGEL });
  api.clock.advance(HOUR_MS / 2);
  const second = await link();
  await purgeExpired(api.database.relay, NOON + HOUR_MS);
  const [left] = await api.database.superuser<{ count: number }[]>`select count(*)::int as count from preview_links where tenant_id = ${tenant.tenantId}`;
  expect(left?.count).toBe(1);
  expect((await page(second)).status).toBe(200);
});

test('a link that is cut, forged, of another tenant or no link at all shows one plain page', async () => {
  const path = await link();
  const other = await api.makeTenant({ name: 'Other' });
  const secret = path.slice(path.lastIndexOf('.') + 1);
  for (const one of [path.slice(0, -1), `/preview/${other.tenantId.slice(4)}.${secret}`, `/preview/${secret}`, '/preview/x', '/preview/%00', '/preview/%E0%A4%A', `/preview/${'a'.repeat(3000)}`]) {
    const opened = await page(one);
    expect([opened.status, opened.text.includes('<h1>There is no such preview</h1>')]).toEqual([404, true]);
  }
});

test('what can no longer be shown says what has changed', async () => {
  const path = await link({ step: 1 });
  await api.send(tenant, 'PATCH', `/v1/programs/${id}`, { terms: { reminders: [] } });
  const opened = await page(path);
  expect(opened.status).toBe(404);
  expect(opened.text).toContain('<code>/step</code> This version has no reminders; only step 0 is possible.');
});

test('a link is made only for what could be shown, with a key of the tenant and one for the request', async () => {
  expect(await ask({ step: 9 })).toMatchObject({ status: 400, body: { errors: [{ path: '/step' }] } });
  expect(await ask({ terms: { copy: { subject: '{{x}}' } } })).toMatchObject({ status: 400, body: { code: 'invalid_terms' } });
  expect(await ask({ invitee: { name: 'x'.repeat(100_000) } })).toMatchObject({ status: 400, body: { errors: [{ message: 'A preview for a page must not be longer than 100 KB.' }] } });
  expect((await api.send(null, 'POST', `/v1/programs/${id}/preview-links`, {})).status).toBe(401);
  expect((await api.send(tenant, 'POST', `/v1/programs/${id}/preview-links`, {}, { idempotencyKey: null })).body['code']).toBe('idempotency_key_required');
});

test('other methods are refused; the log holds the route, not the token', async () => {
  const path = await link();
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
    const opened = await page(path, { method });
    expect([opened.status, opened.headers.allow]).toEqual([405, 'GET, HEAD']);
  }
  await page(path);
  expect(JSON.stringify(api.logged)).not.toContain(path.slice(path.lastIndexOf('.') + 1));
  expect(api.logged.at(-1)).toMatchObject({ route: '/preview/{token}', status: 200 });
});

test('a database that fails answers 503 and leaves the link good', async () => {
  const path = await link();
  const { superuser } = api.database;
  await superuser`alter table suppressions rename to suppressions_away`;
  try {
    const failed = await page(path);
    expect([failed.status, failed.headers['retry-after']]).toEqual([503, '5']);
  } finally {
    await superuser`alter table suppressions_away rename to suppressions`;
  }
  expect((await page(path)).status).toBe(200);
});
