import { feedItemsOfNotices } from '../../src/domain/feed/feed-items-of-notices.ts';
import { queueFeedItems } from '../../db/write/feed/queue-feed-items.ts';
import { asId } from '../../src/domain/ids.ts';
import { listIn, NOON, readPages, textIn } from '../support/api.ts';
import { fromPage } from '../support/browser-calls.ts';
import { makeProgram } from '../support/invites-api.ts';
import { useFeed } from '../support/use-feed.ts';

const HOUR_MS = 3_600_000;

const { api, tenant, page, put, titles, mark } = useFeed();

type Item = Record<string, unknown>;
const putOne = async (item: Item = {}): Promise<string> => textIn((await put({ key: `k${String(Math.trunc(performance.now() * 1000))}`, ...item }))[0] ?? {}, 'id');
const feed = async (of = 'ana') => (await api.send(tenant, 'GET', `/v1/feed?externalId=${of}`)).body;

describe('what is shown', () => {
  test('an item is there once, whoever sends it again, and nobody else sees it', async () => {
    await api.send(tenant, 'PUT', '/v1/members/ben', {});
    const item = { key: 'quote-7', title: 'A quote has come in', body: 'Rosa offers 120.00 EUR.', callToAction: 'Look', deepLink: '/quotes/7', topic: 'quotes', kind: 'prompt' };
    expect(await put(item, item, { ...item, externalId: 'ben' }, { ...item, externalId: 'nobody' })).toMatchObject([{ outcome: 'queued', pushAt: null }, { outcome: 'already' }, { outcome: 'queued' }, { outcome: 'unknown_member' }]);
    expect(await put({ ...item, title: 'Other words' })).toEqual([{ outcome: 'already' }]);
    const { body } = await fromPage(api, page, 'GET', '/v1/feed');
    expect(body).toMatchObject({ unread: 1, data: [{ memberId: page.memberId, kind: 'prompt', topic: 'quotes', title: 'A quote has come in', body: 'Rosa offers 120.00 EUR.', callToAction: 'Look', deepLink: '/quotes/7', visibleFrom: '2026-06-10T12:00:00.000Z', readAt: null, push: null }] });
  });

  test('newest first, page by page, from its time to its end', async () => {
    for (const [key, visibleFrom] of [['a', NOON], ['later', NOON + 2 * HOUR_MS], ['b', NOON + 1]] as const) await put({ key, title: key, visibleFrom: new Date(visibleFrom).toISOString(), expiresAt: new Date(visibleFrom + HOUR_MS).toISOString() });
    expect(await put({ key: 'past', expiresAt: new Date(NOON).toISOString() })).toEqual([{ outcome: 'over' }]);
    expect(await titles()).toEqual(['a']);
    api.clock.advance(1);
    expect(await titles()).toEqual(['b', 'a']);
    for (let n = 0; n < 5; n += 1) await put({ key: `page-${String(n)}`, title: String(n) });
    const pages = await Promise.all([1, 3, 100].map((limit) => pagesOf(limit)));
    expect(pages.map((found) => found.join(' '))).toEqual(Array.from({ length: 3 }, () => pages[0]?.join(' ')));
    api.clock.set(NOON + HOUR_MS);
    expect(await titles()).not.toContain('a');
    api.clock.set(NOON + 2 * HOUR_MS);
    expect(await titles()).toContain('later');
  });

  const pagesOf = async (limit: number): Promise<unknown[]> => {
    const found: unknown[] = [];
    for (let cursor = ''; ;) {
      const { body } = await api.send(tenant, 'GET', `/v1/feed?externalId=ana&limit=${String(limit)}${cursor}`);
      found.push(...listIn(body, 'data').map(({ title }) => title));
      if (body['hasMore'] !== true) return found;
      cursor = `&cursor=${textIn(body, 'nextCursor')}`;
    }
  };

  test('what was read, clicked or dismissed counts once, at its first time, and a click is a reading', async () => {
    const [read, clicked, dismissed] = [await putOne(), await putOne(), await putOne()];
    expect(await mark([read, 'read'], [clicked, 'clicked'], [dismissed, 'dismissed'], ['fee_nothing', 'read'])).toEqual({
      results: [{ id: read, outcome: 'marked' }, { id: clicked, outcome: 'marked' }, { id: dismissed, outcome: 'marked' }, { id: 'fee_nothing', outcome: 'unknown' }], unread: 0,
    });
    api.clock.advance(60_000);
    expect((await mark([read, 'read'], [clicked, 'read'], [clicked, 'clicked'], [read, 'clicked']))['results']).toMatchObject([{ outcome: 'already' }, { outcome: 'already' }, { outcome: 'already' }, { outcome: 'marked' }]);
    const [first, second] = ['2026-06-10T12:00:00.000Z', '2026-06-10T12:01:00.000Z'];
    expect((await api.send(tenant, 'GET', `/v1/feed/${read}`)).body).toMatchObject({ readAt: first, clickedAt: second, dismissedAt: null });
    expect((await api.send(tenant, 'GET', `/v1/feed/${clicked}`)).body).toMatchObject({ readAt: first, clickedAt: first });
    expect((await api.send(tenant, 'GET', `/v1/feed/${dismissed}`)).body).toMatchObject({ readAt: null, dismissedAt: first });
    expect(listIn(await feed(), 'data').map(({ id }) => id)).toEqual(expect.not.arrayContaining([dismissed]));
    expect((await fromPage(api, page, 'GET', `/v1/feed/${dismissed}`)).status).toBe(404);
  });

  test('told by many at once, a mark is made once', async () => {
    const id = await putOne();
    const told = await Promise.all(Array.from({ length: 8 }, () => mark([id, 'clicked'])));
    expect(told.flatMap((body) => listIn(body, 'results')).filter(({ outcome }) => outcome === 'marked')).toHaveLength(1);
  });

  test('nobody marks or reads what is another member\'s', async () => {
    await api.send(tenant, 'PUT', '/v1/members/ben', {});
    const theirs = await putOne({ externalId: 'ben' });
    expect((await mark([theirs, 'dismissed']))['results']).toEqual([{ id: theirs, outcome: 'unknown' }]);
    expect((await fromPage(api, page, 'GET', `/v1/feed/${theirs}`)).status).toBe(404);
    expect((await feed('ben'))['unread']).toBe(1);
  });

  test('what is taken back leaves the feed for good', async () => {
    const id = await putOne({ key: 'gone' });
    expect((await api.send(tenant, 'DELETE', `/v1/feed/${id}`)).status).toBe(204);
    expect((await api.send(tenant, 'DELETE', `/v1/feed/${id}`)).status).toBe(204);
    expect([await titles(), await put({ key: 'gone' })]).toEqual([[], [{ outcome: 'already' }]]);
    expect((await api.send(tenant, 'GET', `/v1/feed/${id}`)).body['withdrawnAt']).toBe('2026-06-10T12:00:00.000Z');
  });

  test.each(['javascript:alert(1)', '//evil.example/', '/\\evil.example', 'https://evil.example/', 'http://app.kite.example/', 'data:text/html,x', 'quotes/7', '/a b'])('a link that could lead anywhere is refused: %s', async (deepLink) => {
    const { status, body } = await api.send(tenant, 'POST', '/v1/feed', { items: [{ externalId: 'ana', key: 'x', title: 'T', body: 'B', deepLink }] });
    expect([status, listIn(body, 'errors').map(({ path }) => path)]).toEqual([400, ['/items/0/deepLink']]);
  });

  test('a request that names no member, or two, is told what to name', async () => {
    for (const query of ['', '?externalId=ana&memberId=mbr_x']) expect((await api.send(tenant, 'GET', `/v1/feed${query}`)).body['detail']).toContain('name the member');
    expect((await api.send(tenant, 'GET', '/v1/feed?externalId=nobody')).status).toBe(404);
  });
});

describe('our notices', () => {
  test('stand in the feed in the words of their mail, in the language the member has when reading', async () => {
    const programId = asId('prg', await makeProgram(api, tenant));
    const memberId = asId('mbr', page.memberId);
    const items = feedItemsOfNotices([
      { key: 'rew_a:release:0', kind: 'reward_released', programId, memberId, values: { amount: '1000 EUR' } },
      { key: 'ref_a:signed_up', kind: 'friend_signed_up', programId, memberId, values: {}, expiresAt: NOON + HOUR_MS },
    ]);
    const queue = () => api.database.app.asTenant(tenant.tenantId, (tx) => queueFeedItems(tx, { tenantId: tenant.tenantId, items, now: NOON }));
    expect((await queue()).map(({ outcome }) => outcome)).toEqual(['queued', 'queued']);
    expect((await queue()).map(({ outcome }) => outcome)).toEqual(['already', 'already']);
    expect((await titles()).toSorted()).toEqual(['Somebody joined Kite Club through you', 'Yours now: €10.00 from Kite Club']);
    await api.send(tenant, 'PUT', '/v1/members/ana', { locale: 'de' });
    const [item] = listIn(await feed(), 'data').filter(({ title }) => String(title).includes('10,00'));
    expect(item).toMatchObject({ kind: 'notification', topic: 'referral_updates', expiresAt: null });
  });
});

describe('what a member switched off', () => {
  const choose = (...choices: [string, string, boolean][]) => fromPage(api, page, 'PUT', '/v1/feed/choices', { choices: choices.map(([topic, channel, on]) => ({ topic, channel, on })) });

  test('is not shown any more, by topic or altogether, until it is switched on again', async () => {
    expect((await choose(['quotes', 'in_app', false])).body).toEqual({ choices: [{ topic: 'quotes', channel: 'in_app', on: false, decidedAt: '2026-06-10T12:00:00.000Z' }] });
    expect(await put({ key: 'a', topic: 'quotes' }, { key: 'b', topic: 'news' })).toMatchObject([{ outcome: 'opted_out' }, { outcome: 'queued' }]);
    await choose(['*', 'in_app', false], ['quotes', 'in_app', true]);
    expect(await put({ key: 'c', topic: 'quotes' })).toEqual([{ outcome: 'opted_out' }]);
    await choose(['*', 'in_app', true]);
    expect(await put({ key: 'a', topic: 'quotes' })).toMatchObject([{ outcome: 'queued' }]);
    expect((await api.send(tenant, 'GET', '/v1/feed/choices?externalId=ana')).body).toEqual((await fromPage(api, page, 'GET', '/v1/feed/choices')).body);
  });

  test('each change is on record with who made it, and a repeat is none', async () => {
    await choose(['quotes', 'push', false]);
    await choose(['quotes', 'push', false]);
    api.clock.advance(1);
    await api.send(tenant, 'PUT', '/v1/feed/choices', { externalId: 'ana', choices: [{ topic: 'quotes', channel: 'push', on: true }] });
    const rows = await api.database.superuser<{ kind: string; actor: string }[]>`select kind, actor from decisions where subject_id = ${page.memberId} order by id`;
    expect(rows.map((row) => ({ ...row }))).toEqual([{ kind: 'feed_switched_off', actor: 'recipient' }, { kind: 'feed_switched_on', actor: tenant.keyId }]);
  });
});

test('lists of another tenant have nothing of it', async () => {
  const other = await api.makeTenant({ name: 'Other' });
  await putOne();
  await api.send(other, 'PUT', '/v1/members/ana', {});
  expect((await api.send(other, 'GET', '/v1/feed?externalId=ana')).body['data']).toEqual([]);
  expect((await api.send(other, 'GET', `/v1/feed?memberId=${page.memberId}`)).status).toBe(404);
  expect(await readPages(api, other, '/v1/members', 10)).toHaveLength(1);
});
