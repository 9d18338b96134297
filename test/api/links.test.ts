import { randomBytes, randomUUID } from 'node:crypto';
import { newId } from '../../src/config/new-id.ts';
import { insertInviteLinks } from '../../db/write/create-link.ts';
import { inviteId } from '../../src/domain/ids.ts';
import { inviteCode, isAuthentic, shareCode } from '../../src/domain/link/code.ts';
import { arrangeInvites } from '../support/arrange-invites.ts';
import { listIn, openTestApi, textIn } from '../support/api.ts';
import type { Reply, TestApi, TestTenant } from '../support/api.ts';
import { openPage } from '../support/open-page.ts';

let api: TestApi;
let tenant: TestTenant;
let other: TestTenant;

beforeAll(async () => {
  api = await openTestApi({ trustProxy: 1 });
  tenant = await api.makeTenant();
  other = await api.makeTenant({ name: 'Other' });
});
afterAll(() => api.close());

const DESTINATION = 'https://app.kite.example/join';
const NOTHING_ELSE = { head: 0, prefetch: 0, preview: 0, bot: 0, repeat: 0 };
const make = (body: Record<string, unknown> = {}, as = tenant): Promise<Reply> => api.send(as, 'POST', '/v1/links', { destination: DESTINATION, ...body });
const click = (url: string, more: Record<string, string> = {}) => openPage(api.url, new URL(url).pathname, { headers: { 'x-forwarded-for': '203.0.113.9', ...more } });

async function makeMember(externalId: string): Promise<string> {
  const id = newId('mbr', api.clock.now());
  await api.database.superuser`
    insert into members (id, tenant_id, external_id, created_at, updated_at) values (${id}, ${tenant.tenantId}, ${externalId}, ${api.clock.now()}, ${api.clock.now()})`;
  return id;
}

describe('making a link', () => {
  test('answers with what to share, and nothing counted yet', async () => {
    const memberId = await makeMember('user-1');
    const utm = { source: 'share', campaign: 'spring & more' };
    const { status, body } = await make({ externalId: 'user-1', resource: 'project-4', utm });
    expect(status).toBe(201);
    expect(isAuthentic(api.services.keyring, textIn(body, 'code'))).toBe(true);
    expect(body).toEqual({
      code: expect.any(String), url: `https://flywheel.example/l/${textIn(body, 'code')}`, kind: 'share', inviteId: null, memberId, resource: 'project-4', programId: null, destination: DESTINATION,
      utm, clicks: 0, views: 0, notCounted: NOTHING_ELSE, createdAt: '2026-06-10T12:00:00.000Z', revokedAt: null,
    });
    expect((await make({ memberId })).body).toMatchObject({ memberId, resource: null, utm: {} });
  });

  test('a repeated request makes one link, a fresh one another', async () => {
    const idempotencyKey = randomUUID();
    const sent = [1, 2].map(() => api.send(tenant, 'POST', '/v1/links', { destination: DESTINATION }, { idempotencyKey }));
    const codes = new Set((await Promise.all(sent)).filter(({ status }) => status === 201).map(({ body }) => body['code']));
    const [again, fresh] = [await api.send(tenant, 'POST', '/v1/links', { destination: DESTINATION }, { idempotencyKey }), await make()];
    expect([...codes]).toEqual([again.body['code']]);
    expect(codes.has(fresh.body['code'])).toBe(false);
  });

  test.each(['javascript:alert(1)', '//app.kite.example', 'http://app.kite.example/', 'https://evil.example/', 'https://app.kite.example@evil.example/', 'https://app.kite.example\\.evil.example/', 'http://localhost:3000/'])(
    'to %s is refused with words to act on', async (destination) => {
      const { status, body } = await make({ destination });
      expect([status, body['code']]).toEqual([400, 'destination_not_allowed']);
      expect(body['errors']).toEqual([{ path: '/destination', message: expect.stringMatching(/^A |^The /) }]);
    });

  test.each([
    [{ externalId: 'nobody' }, '/externalId'], [{ memberId: newId('mbr', 0) }, '/memberId'], [{ memberId: 'user-1' }, '/memberId'],
    [{ memberId: newId('mbr', 0), externalId: 'user-1' }, '/externalId'], [{ utm: { sauce: 'x' } }, '/utm/sauce'], [{ resource: '' }, '/resource'], [{ color: 'red' }, '/color'],
  ])('with %j is refused, and the place is named', async (body, path) => {
    const reply = await make(body);
    expect([reply.status, reply.body['code'], listIn(reply.body, 'errors').map((error) => error['path'])]).toEqual([400, 'invalid_request', [path]]);
  });

  test('for a member of another tenant is refused', async () => {
    const memberId = await makeMember('user-2');
    expect((await make({ memberId, destination: DESTINATION }, other)).status).toBe(400);
    expect((await make({ externalId: 'user-2' }, other)).status).toBe(400);
  });
});

describe('reading a link', () => {
  test('tells clicks from views, and by reason what does not count', async () => {
    const { body } = await make();
    const [code, url] = [textIn(body, 'code'), textIn(body, 'url')];
    await click(url);
    await click(url);
    await click(url, { 'user-agent': 'Slackbot-LinkExpanding 1.0' });
    await click(url, { 'user-agent': 'curl/8' });
    await click(url, { 'x-forwarded-for': '203.0.113.10' });
    await api.database.superuser`
      insert into touches (id, tenant_id, code, kind, counted, agent_class, at, recorded_at) values (${newId('tch', 0)}, ${tenant.tenantId}, ${code}, 'view', true, 'app', ${api.clock.now()}, ${api.clock.now()})`;
    const read = await api.send(tenant, 'GET', `/v1/links/${code.toUpperCase()}`);
    expect(read.body).toMatchObject({ code, clicks: 2, views: 1, notCounted: { ...NOTHING_ELSE, repeat: 1, preview: 1, bot: 1 } });
  });

  test('works for the link of an invite, too', async () => {
    const { batchId } = await arrangeInvites(api.database, tenant.tenantId, api.clock.now());
    const code = inviteCode(api.services.keyring, { batchId, n: 0 });
    await api.services.db.asTenant(tenant.tenantId, (tx) =>
      insertInviteLinks(tx, [{ code, batchId, n: 0, memberId: null, leadsTo: { destination: DESTINATION, utm: {} } }], tenant.tenantId, api.clock.now()));
    expect((await api.send(tenant, 'GET', `/v1/links/${code}`)).body).toMatchObject({ kind: 'invite', inviteId: inviteId({ batchId, n: 0 }) });
  });

  test.each(['x', 'bcdfghjkmnpqrstv', '..%2f..%2fx', '%00'])('under %s there is nothing', async (code) => {
    const { status, body } = await api.send(tenant, 'GET', `/v1/links/${code}`);
    expect([status, body['code']]).toEqual(code === '%00' ? [400, 'invalid_request'] : [404, 'not_found']);
  });

  test('of another tenant finds nothing, nor can it be revoked', async () => {
    const code = textIn((await make()).body, 'code');
    expect((await api.send(other, 'GET', `/v1/links/${code}`)).status).toBe(404);
    expect((await api.send(other, 'POST', `/v1/links/${code}/revoke`, {})).status).toBe(404);
    expect((await api.send(tenant, 'GET', `/v1/links/${code}`)).body['revokedAt']).toBeNull();
  });
});

describe('revoking a link', () => {
  test('leads nowhere from that moment, keeps its clicks, and says who did it', async () => {
    const made = (await make()).body;
    const [code, url] = [textIn(made, 'code'), textIn(made, 'url')];
    expect((await click(url)).status).toBe(302);
    const revoked = await api.send(tenant, 'POST', `/v1/links/${code}/revoke`, {});
    expect([revoked.status, revoked.body['revokedAt'], revoked.body['clicks']]).toEqual([200, new Date(api.clock.now()).toISOString(), 1]);
    expect((await click(url)).status).toBe(404);
    expect(await api.database.superuser`select kind, actor from decisions where subject_id = ${code}`).toEqual([{ kind: 'link_revoked', actor: tenant.keyId }]);
  });

  test('twice keeps the first instant', async () => {
    const code = textIn((await make()).body, 'code');
    const first = await api.send(tenant, 'POST', `/v1/links/${code}/revoke`, {});
    api.clock.advance(1_000);
    const second = await api.send(tenant, 'POST', `/v1/links/${code}/revoke`, {});
    expect([second.status, second.body['revokedAt']]).toEqual([200, first.body['revokedAt']]);
    expect(await api.database.superuser`select kind from decisions where subject_id = ${code}`).toHaveLength(1);
  });
});

describe('listing links', () => {
  async function pages(as: TestTenant, query: string): Promise<string[][]> {
    const found: string[][] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body }: Reply = await api.send(as, 'GET', `/v1/links?${query}${cursor === '' ? '' : `&cursor=${cursor}`}`);
      found.push(listIn(body, 'data').map((link) => textIn(link, 'code')));
      cursor = body['hasMore'] === true ? textIn(body, 'nextCursor') : null;
    }
    return found;
  }

  test('goes through all of them once, newest first, also those made at one instant', async () => {
    const lister = await api.makeTenant({ name: 'Lister' });
    const made: string[] = [];
    for (let i = 0; i < 7; i += 1) {
      if (i % 3 === 0) api.clock.advance(1);
      made.push(textIn((await make({}, lister)).body, 'code'));
    }
    const found = await pages(lister, 'limit=3');
    expect(found.map((page) => page.length)).toEqual([3, 3, 1]);
    expect(found.flat().toSorted()).toEqual(made.toSorted());
    expect(found[0]?.[0]).toBe(made[6]);
    expect(made.slice(0, 3)).toContain(found[2]?.[0]);
  });

  test('by member or resource shows only theirs', async () => {
    const memberId = await makeMember('user-9');
    const codes = [await make({ memberId }), await make({ memberId, resource: 'tile-1' }), await make({ resource: 'tile-1' })].map(({ body }) => textIn(body, 'code'));
    expect((await pages(tenant, `memberId=${memberId}`)).flat().toSorted()).toEqual(codes.slice(0, 2).toSorted());
    expect((await pages(tenant, 'resource=tile-1')).flat().toSorted()).toEqual(codes.slice(1).toSorted());
    expect((await pages(tenant, `resource=tile-1&memberId=${memberId}`)).flat()).toEqual([codes[1]]);
  });

  test.each(['x', Buffer.from(JSON.stringify(['invites', '1', 'x'])).toString('base64url'), Buffer.from(JSON.stringify(['links', 'x', shareCodeText()])).toString('base64url'), Buffer.from(JSON.stringify(['links', '1'])).toString('base64url')])(
    'with the cursor %s is refused', async (cursor) => {
      const { status, body } = await api.send(tenant, 'GET', `/v1/links?cursor=${cursor}`);
      expect([status, body['code']]).toEqual([400, 'invalid_cursor']);
    });
});

function shareCodeText(): string {
  return shareCode({ sign: () => randomBytes(32) }, Buffer.alloc(16, 3));
}
