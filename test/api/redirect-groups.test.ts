import { randomBytes } from 'node:crypto';
import { createShareLink } from '../../db/write/create-link.ts';
import { revokeLink } from '../../db/write/revoke-link.ts';
import { createApi } from '../../src/api/app.ts';
import { listen } from '../../src/api/listen.ts';
import { deferred } from '../../src/dev/deferred.ts';
import { shareCode } from '../../src/domain/link/code.ts';
import { openTestApi } from '../support/api.ts';
import type { TestApi, TestTenant } from '../support/api.ts';
import { openPage } from '../support/open-page.ts';
import type { Opened } from '../support/open-page.ts';

/** Clicks that arrive together, and what is remembered of a link from one to the next. */
let api: TestApi;
let tenant: TestTenant;
let other: TestTenant;
beforeAll(async () => {
  api = await openTestApi({ trustProxy: 1 });
  [tenant, other] = [await api.makeTenant(), await api.makeTenant({ name: 'Other' })];
});
afterAll(() => api.close());

async function makeLink({ tenantId }: TestTenant = tenant): Promise<string> {
  const code = shareCode(api.services.keyring, randomBytes(16));
  await api.services.db.asTenant(tenantId, (tx) =>
    createShareLink(tx, { code, tenantId, memberId: null, resource: null, destination: 'https://app.kite.example/join', utm: {}, now: api.clock.now() }));
  return code;
}

let visitors = 0;
/** From networks that no limit is asked for: when it has come, a click waits for its commit and nothing else. */
const open = (code: string, base = api.url): Promise<Opened> =>
  openPage(base, `/l/${code}`, { headers: { 'x-forwarded-for': `10.0.0.${String((visitors += 1) % 250)}`, 'user-agent': `Mozilla/5.0 Firefox/${String(visitors)}` } });
const touchesOf = (codes: string[]) => api.database.superuser<{ tenantId: string; id: string; tx: string }[]>`
  select tenant_id as "tenantId", id, xmin::text as tx from touches where code in ${api.database.superuser(codes)} order by id`;

/** While `work` runs nobody can write a touch. */
async function withoutTouches(work: (letGo: () => Promise<void>) => Promise<void>): Promise<void> {
  const blocker = await api.database.superuser.reserve();
  let isHeld = true;
  const letGo = async (): Promise<void> => {
    if (isHeld) await blocker`rollback`;
    isHeld = false;
  };
  try {
    await blocker`begin`;
    await blocker`lock table touches in access exclusive mode`;
    await work(letGo);
  } finally {
    await letGo();
    blocker.release();
  }
}

/** A server of its own; `allArrived` when so many requests have come. */
async function serveUntil(requests: number) {
  const [serve, all] = [createApi(api.services), deferred<void>()];
  let arrived = 0;
  const server = await listen((request, response) => {
    serve(request, response);
    arrived += 1;
    if (arrived === requests) all.resolve();
  }, { port: 0, host: '127.0.0.1' });
  return { server, allArrived: all.promise };
}

/** So many statements that write touches wait for the lock. */
async function untilWaiting(statements: number): Promise<void> {
  const waiting = async () => (await api.database.superuser`
    select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%record_touches%'`).length;
  while ((await waiting()) < statements);
}

test('clicks of two tenants that wait are committed in one transaction, and each goes its way', async () => {
  const [mine, theirs] = [await makeLink(), await makeLink(other)];
  const { server, allArrived } = await serveUntil(8); // two that make the links known, six that wait
  for (const code of [mine, theirs]) expect((await open(code, server.url)).status).toBe(302);
  const before = new Set((await touchesOf([mine, theirs])).map(({ id }) => id));
  await withoutTouches(async (letGo) => {
    const underWay = [open(mine, server.url)];
    await untilWaiting(1);
    underWay.push(open(mine, server.url));
    await untilWaiting(2);
    const together = [mine, theirs, mine, theirs].map((code) => open(code, server.url));
    let isAnswered = false;
    void Promise.race(together).then(() => { isAnswered = true; });
    await allArrived;
    expect(isAnswered).toBe(false);
    await letGo();
    const opened = await Promise.all([...underWay, ...together]);
    expect(opened.map(({ status }) => status)).toEqual(Array.from({ length: 6 }, () => 302));
  });
  await server.close();
  const written = (await touchesOf([mine, theirs])).filter(({ id }) => !before.has(id));
  expect(written).toHaveLength(6);
  expect(written.filter(({ tenantId }) => tenantId === other.tenantId)).toHaveLength(2);
  const mixed = written.filter(({ tx, tenantId }) => written.some((beside) => beside.tx === tx && beside.tenantId !== tenantId));
  expect(mixed).toHaveLength(4);
});

test('told to stop, what waits for its commit is finished and answered', async () => {
  const code = await makeLink();
  const { server, allArrived } = await serveUntil(12);
  await withoutTouches(async (letGo) => {
    const clicks = Array.from({ length: 12 }, () => open(code, server.url));
    await allArrived;
    await untilWaiting(1);
    const closed = server.close();
    await letGo();
    const opened = await Promise.all(clicks);
    await closed;
    expect(opened.map(({ status, headers }) => [status, headers.connection])).toEqual(Array.from({ length: 12 }, () => [302, 'close']));
  });
  expect(await touchesOf([code])).toHaveLength(12);
});

test('a link that many follow ends with the click after it was revoked, and after its tenant\'s list or host changed', async () => {
  const [revoked, code] = [await makeLink(), await makeLink()];
  for (let i = 0; i < 3; i += 1) expect([(await open(revoked)).status, (await open(code)).status]).toEqual([302, 302]);
  await api.services.db.asTenant(tenant.tenantId, (tx) => revokeLink(tx, { tenantId: tenant.tenantId, code: revoked, now: api.clock.now(), actor: 'test' }));
  expect((await open(revoked)).status).toBe(404);
  const change = (values: { public_url?: string; allowed_destinations?: string[] }) => api.database.superuser`update tenants set ${api.database.superuser(values)} where id = ${tenant.tenantId}`;
  await change({ allowed_destinations: ['elsewhere.example'] });
  expect((await open(code)).status).toBe(404);
  await change({ allowed_destinations: ['app.kite.example'], public_url: 'https://other.example' });
  expect((await open(code)).status).toBe(404);
  await change({ public_url: 'https://flywheel.example' });
  expect((await open(code)).status).toBe(302);
  expect([(await touchesOf([revoked])).length, (await touchesOf([code])).length]).toEqual([3, 4]);
});

test('a redirect and its pages carry the headers of every other answer', async () => {
  const shared = ({ headers }: Opened) => Object.fromEntries(Object.entries(headers).filter(([name]) => /^(cross-origin|origin-agent|referrer|strict-transport|x-(?!request-id|robots)|vary)/.test(name)));
  const code = await makeLink();
  const [plain, followed, nowhere, head] = [await openPage(api.url, '/healthz'), await open(code), await open('x'), await openPage(api.url, `/l/${code}`, { method: 'HEAD' })];
  expect(Object.keys(shared(plain)).length).toBeGreaterThan(8);
  for (const opened of [followed, nowhere, head]) {
    expect(shared(opened)).toEqual(shared(plain));
    expect(opened.headers['x-request-id']).toMatch(/^req_/);
  }
  expect([followed.headers['content-length'], followed.headers['content-security-policy']]).toEqual(['0', plain.headers['content-security-policy']]);
});

test('a link asked for in whole or with an escape is read all the same', async () => {
  const code = await makeLink();
  expect((await openPage(api.url, `http://flywheel.example/l/${code}`)).status).toBe(302);
  expect((await openPage(api.url, `/l/${code.slice(0, 4)}%2D${code.slice(4)}`)).status).toBe(302);
  expect((await openPage(api.url, `/l/${code}/more`)).status).toBe(404);
});
