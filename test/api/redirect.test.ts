import { randomBytes } from 'node:crypto';
import { openDatabase } from '../../db/client.ts';
import { createShareLink } from '../../db/write/create-link.ts';
import { revokeLink } from '../../db/write/revoke-link.ts';
import { createApi } from '../../src/api/app.ts';
import { listen } from '../../src/api/listen.ts';
import { openKeyring } from '../../src/config/keyring.ts';
import { shareCode } from '../../src/domain/link/code.ts';
import type { Utm } from '../../src/domain/link/landing-url.ts';
import { findFreePort } from '../../src/dev/free-port.ts';
import { openTestApi } from '../support/api.ts';
import type { TestApi, TestTenant } from '../support/api.ts';
import { BROWSER, openPage } from '../support/open-page.ts';
import type { Opened, Opening } from '../support/open-page.ts';

let api: TestApi;
let tenant: TestTenant;
let visitors = 0;

beforeAll(async () => {
  api = await openTestApi({ trustProxy: 1 });
  tenant = await api.makeTenant({ linkHosts: ['kite.example'] });
});
afterAll(() => api.close());

async function makeLink(destination = 'https://app.kite.example/join', utm: Utm = {}): Promise<string> {
  const code = shareCode(api.services.keyring, randomBytes(16));
  await api.services.db.asTenant(tenant.tenantId, (tx) =>
    createShareLink(tx, { code, tenantId: tenant.tenantId, memberId: null, resource: null, destination, utm, now: api.clock.now() }));
  return code;
}

const nextAddress = (): string => `198.51.100.${String((visitors += 1))}`;
const open = (code: string, opening: Opening = {}, address = nextAddress()): Promise<Opened> =>
  openPage(api.url, `/l/${code}`, { ...opening, headers: { 'x-forwarded-for': address, ...opening.headers } });
const cookieOf = (opened: Opened): string => opened.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
type Touch = { id: string; kind: string; counted: boolean; why_not: string | null; visitor_id: string | null; ip_hash: Buffer | null };
const touchesOf = (code: string) => api.database.superuser<Touch[]>`select * from touches where code = ${code} order by at, id`;
/** What became of each opening, in order of the alphabet. */
const kept = async (code: string): Promise<string[]> => (await touchesOf(code)).map((touch) => touch.why_not ?? 'counted').toSorted();

describe('a click', () => {
  test('is committed, counts, and takes the visitor on with the id the app gives back at sign-up', async () => {
    const code = await makeLink('https://app.kite.example/join?plan=2#/start', { source: 'mail', campaign: 'spring' });
    const opened = await open(code, {}, '2001:db8:1:2:3::4');
    const [touch, ...more] = await touchesOf(code);
    expect(more).toEqual([]);
    expect(touch).toMatchObject({ tenant_id: tenant.tenantId, kind: 'click', counted: true, why_not: null, agent_class: 'ios-safari', at: api.clock.now() });
    expect(touch?.ip_hash).toEqual(api.services.keyring.hashAddress(tenant.tenantId, '2001:db8:1:2::/64'));
    expect([opened.status, opened.text]).toEqual([302, '']);
    expect(opened.headers.location).toBe(`https://app.kite.example/join?plan=2&utm_source=mail&utm_campaign=spring&clickId=${String(touch?.id)}#/start`);
    expect(opened.headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
  });

  test('gives a cookie that lives an hour, goes to links only and is read by no script', async () => {
    const code = await makeLink();
    const opened = await open(code);
    expect(opened.headers['set-cookie']).toEqual([expect.stringMatching(/^flywheel_visitor=[2-9b-z]{16}; Path=\/l; Max-Age=3600; HttpOnly; SameSite=Lax; Secure$/)]);
    const [touch] = await touchesOf(code);
    expect(cookieOf(opened)).toBe(`flywheel_visitor=${String(touch?.visitor_id)}`);
  });

  test('works for a code as people type it, and on every host of the tenant', async () => {
    const code = await makeLink();
    const typed = `${code.slice(0, 4)}-${code.slice(4)}`.toUpperCase();
    const opened = [await open(typed), await open(code, { headers: { host: 'kite.example:8443' } })];
    expect(opened.map(({ status }) => status)).toEqual([302, 302]);
    expect(await touchesOf(code)).toHaveLength(2);
  });

  test('passes on campaign fields that were put on the short link itself', async () => {
    const opened = await open(`${await makeLink()}?utm_source=poster&next=https://evil.example`);
    expect(opened.headers.location).toMatch(/^https:\/\/app\.kite\.example\/join\?utm_source=poster&clickId=tch_\w+$/);
  });
});

describe('what is no person\'s click is kept, does not count, and still goes on', () => {
  test.each([
    ['head', { method: 'HEAD' }],
    ['prefetch', { headers: { 'sec-purpose': 'prefetch;prerender' } }],
    ['prefetch', { headers: { purpose: 'prefetch' } }],
    ['preview', { headers: { 'user-agent': 'WhatsApp/2.24.6.77 A' } }],
    ['bot', { headers: { 'user-agent': 'curl/8.5.0' } }],
    ['bot', { headers: { 'user-agent': '' } }],
  ])('%s', async (why, opening: Opening) => {
    const code = await makeLink();
    const opened = await open(code, opening);
    expect([opened.status, opened.headers.location]).toEqual([302, expect.stringContaining('https://app.kite.example/join?clickId=tch_')]);
    expect(opened.headers['set-cookie']).toBeUndefined();
    expect(await kept(code)).toEqual([why]);
  });

  test('a preview of the link does not take the person\'s click away', async () => {
    const code = await makeLink();
    const address = nextAddress();
    await open(code, { headers: { 'user-agent': 'TelegramBot (like TwitterBot)' } }, address);
    await open(code, { method: 'HEAD' }, address);
    await open(code, {}, address);
    expect(await kept(code)).toEqual(['counted', 'head', 'preview']);
  });
});

describe('a visitor counts once an hour on a link', () => {
  test('known by the cookie, from wherever the next click comes', async () => {
    const code = await makeLink();
    const cookie = cookieOf(await open(code));
    const again = await open(code, { headers: { cookie: `a=b; ${cookie}` } });
    expect(again.status).toBe(302);
    expect(again.headers['set-cookie']).toBeUndefined();
    expect(await kept(code)).toEqual(['counted', 'repeat']);
  });

  test('known by network and class of program where there is no cookie, IPv6 by /64', async () => {
    const code = await makeLink();
    await open(code, {}, '2001:db8:9:9::1');
    await open(code, {}, '2001:db8:9:9:ffff::2');
    await open(code, {}, '2001:db8:9:8::1');
    await open(code, { headers: { 'user-agent': BROWSER.replace('iPhone;', 'iPad;').replace('Safari/', 'FxiOS/') } }, '2001:db8:9:9::1');
    expect((await touchesOf(code)).filter((touch) => touch.counted)).toHaveLength(3);
  });

  test('and again when the hour is over, to the millisecond', async () => {
    const code = await makeLink();
    const address = nextAddress();
    for (const stepMs of [0, 3_599_999, 1, 1]) {
      api.clock.advance(stepMs);
      await open(code, {}, address);
    }
    expect((await touchesOf(code)).map((touch) => touch.counted)).toEqual([true, false, true, false]);
  });

  test('on each link by itself', async () => {
    const [one, two] = [await makeLink(), await makeLink()];
    const cookie = cookieOf(await open(one));
    await open(two, { headers: { cookie } });
    expect(await kept(two)).toEqual(['counted']);
  });

  test('and a made-up cookie makes nobody new', async () => {
    const code = await makeLink();
    const address = nextAddress();
    for (const made of ['bcdfghjkmnpqrstv', '2222222222222222', code, '', '"><script>']) {
      await open(code, { headers: { cookie: `flywheel_visitor=${made}` } }, address);
    }
    expect((await touchesOf(code)).filter((touch) => touch.counted)).toHaveLength(1);
  });

  test('also when twenty identical clicks arrive at the same instant', async () => {
    const code = await makeLink();
    const address = nextAddress();
    const opened = await Promise.all(Array.from({ length: 20 }, () => open(code, {}, address)));
    expect(opened.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 302));
    const touches = await touchesOf(code);
    expect([touches.length, touches.filter((touch) => touch.counted).length]).toEqual([20, 1]);
  });
});

describe('a link that leads nowhere', () => {
  test('is the same plain page, whether forged, unknown, malformed, revoked, on another host or off the list', async () => {
    const [revoked, elsewhere, offList] = [await makeLink(), await makeLink(), await makeLink('https://gone.example/')];
    await api.services.db.asTenant(tenant.tenantId, (tx) => revokeLink(tx, { tenantId: tenant.tenantId, code: revoked, now: api.clock.now(), actor: 'test' }));
    const opened = await Promise.all([
      open(shareCode(openKeyring(Buffer.alloc(32, 1)), randomBytes(16))),
      open(shareCode(api.services.keyring, randomBytes(16))),
      open('x'), open('%00'), open('%E0%A4%A'), open('a'.repeat(2_000)),
      open(revoked), open(offList),
      open(elsewhere, { headers: { host: 'other.example' } }), open(elsewhere, { headers: { host: 'localhost' } }),
    ]);
    for (const { status, text, headers } of opened) {
      expect([status, text]).toEqual([404, opened[0]?.text]);
      expect(headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
      expect(headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/);
    }
    expect(opened[0]?.text).toContain('<h1>This link leads nowhere</h1>');
    for (const code of [revoked, elsewhere, offList]) expect(await touchesOf(code)).toEqual([]);
  });

  test('a method that is none for a link is refused and writes nothing', async () => {
    const code = await makeLink();
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      const opened = await open(code, { method });
      expect([opened.status, opened.headers.allow]).toEqual([405, 'GET, HEAD']);
    }
    expect(await touchesOf(code)).toEqual([]);
  });
});

describe('without a database', () => {
  test('a forged code is refused all the same, and a real one gets a page that says when to come back', async () => {
    const db = openDatabase({ url: `postgres://nobody@127.0.0.1:${String(await findFreePort())}/none`, role: 'flywheel_app' });
    const server = await listen(createApi({ ...api.services, db, requestTimeoutMs: 1_000 }), { port: 0, host: '127.0.0.1' });
    const forged = await openPage(server.url, `/l/${shareCode(openKeyring(Buffer.alloc(32, 1)), randomBytes(16))}`);
    const real = await openPage(server.url, `/l/${shareCode(api.services.keyring, randomBytes(16))}?utm_source="><script>`);
    await server.close(200);
    await db.close();
    expect([forged.status, real.status, real.headers['retry-after']]).toEqual([404, 503, '5']);
    expect(real.text).toContain('Try again');
    expect(real.text).not.toContain('<script');
  });
});
