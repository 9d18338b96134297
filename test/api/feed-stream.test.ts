import { queueFeedItems } from '../../db/write/feed/queue-feed-items.ts';
import { revokeKey } from '../../db/write/revoke-key.ts';
import { asId } from '../../src/domain/ids.ts';
import { MOST_STREAMS } from '../../src/api/stream-hub.ts';
import { NOON, openTestApi } from '../support/api.ts';
import { fromPage, openPage, ORIGIN, pageHeaders } from '../support/browser-calls.ts';
import { readEvents } from '../support/event-stream.ts';
import { titlesIn, useFeedStream } from '../support/use-feed.ts';

const HOUR_MS = 3_600_000;

const { api, tenant, page, open, follow, put } = useFeedStream();

test('two clients hear of what comes, changes and leaves, and another member hears nothing', async () => {
  await put('before');
  const [one, two] = [await follow(), await follow()];
  expect([one.status, one.headers['content-type'], one.headers['cache-control'], one.headers['access-control-allow-origin']]).toEqual([200, 'text/event-stream; charset=utf-8', 'no-store', ORIGIN]);
  const ben = await follow(await openPage(api, tenant, 'ben'));
  for (const reader of [one, two]) expect((await reader.next()).data).toMatchObject({ whole: true, unread: 1, removed: [], items: [{ title: 'before' }] });
  expect((await ben.next()).data).toMatchObject({ whole: true, unread: 0, items: [] });
  api.clock.advance(1_000);
  const id = await put('news');
  for (const reader of [one, two]) expect(await reader.next()).toMatchObject({ event: 'feed', data: { whole: false, unread: 2, items: [{ id, title: 'news' }] } });
  api.clock.advance(1_000);
  await fromPage(api, page, 'PUT', '/v1/feed/marks', { marks: [{ id, as: 'read' }] });
  for (const reader of [one, two]) expect((await reader.next()).data).toMatchObject({ unread: 1, items: [{ id, readAt: '2026-06-10T12:00:02.000Z' }] });
  api.clock.advance(1_000);
  await api.send(tenant, 'DELETE', `/v1/feed/${id}`);
  for (const reader of [one, two]) expect((await reader.next()).data).toMatchObject({ removed: [id], items: [] });
  expect(ben.waiting).toEqual([]);
});

test('what happens faster than ten times a second comes together, and nothing is lost', async () => {
  const reader = await follow();
  await reader.next();
  const heard = new Set<unknown>();
  const memberId = asId('mbr', page.memberId);
  for (let n = 0; n < 60; n += 1) {
    api.clock.advance(1);
    await api.database.app.asTenant(tenant.tenantId, (tx) => queueFeedItems(tx, {
      tenantId: tenant.tenantId, now: api.clock.now(),
      items: [{ key: `fast-${String(n)}`, kind: 'notification', memberId, topic: 'news', content: { kind: 'words', title: String(n), body: 'B', callToAction: null } }],
    }));
  }
  const times: number[] = [];
  while (heard.size < 60) {
    const event = await reader.next();
    times.push(event.atMs);
    for (const title of titlesIn(event.data)) heard.add(title);
  }
  const gaps = times.slice(1).map((at, place) => at - (times[place] ?? 0));
  // Timers fire a little early or late; two events never come at once.
  expect(gaps.filter((gap) => gap < 60)).toEqual([]);
  expect(times.length).toBeLessThan(60);
});

test('who comes back with the last id it had gets what came meanwhile, and nothing of long before', async () => {
  await put('old');
  const first = await follow();
  const { id } = await first.next();
  first.close();
  api.clock.advance(10 * 60_000);
  await put('middle');
  api.clock.advance(10 * 60_000);
  const again = await follow(page, { 'last-event-id': String(Number(id) + 5 * 60_000) });
  const event = await again.next();
  expect([event.data['whole'], titlesIn(event.data)]).toEqual([false, ['middle']]);
  for (const wrong of ['nonsense', '-1', '99999999999999']) expect((await (await follow(page, { 'last-event-id': wrong })).next()).data['whole']).toBe(true);
});

test('an item that waits for its time shows then, without anything being written', async () => {
  const reader = await follow();
  await reader.next();
  await put('later', { visibleFrom: new Date(NOON + 200).toISOString() });
  api.clock.advance(200);
  expect(titlesIn((await reader.next()).data)).toEqual(['later']);
});

test('the line is kept open by comments, and ends with the token, which the client is told', async () => {
  api.clock.set(NOON + HOUR_MS - 300);
  const reader = await follow();
  await reader.next();
  expect(await reader.next()).toMatchObject({ event: 'end', data: { reason: 'expired' } });
  await reader.ended;
  expect(reader.beats()).toBeGreaterThan(1);
});

test('a key that is revoked ends its streams', async () => {
  const reader = await follow();
  await reader.next();
  await revokeKey(api.database.owner, asId('key', page.keyId), NOON);
  expect(await reader.next()).toMatchObject({ event: 'end', data: { reason: 'not_allowed' } });
});

test('a member\'s tokens that are taken back end the member\'s streams, and nobody else\'s', async () => {
  const [own, other] = [await follow(), await follow(await openPage(api, tenant, 'ben'))];
  await Promise.all([own.next(), other.next()]);
  await api.send(tenant, 'DELETE', '/v1/members/ana/tokens');
  expect(await own.next()).toMatchObject({ event: 'end', data: { reason: 'not_allowed' } });
  await api.send(tenant, 'POST', '/v1/feed', { items: [{ externalId: 'ben', key: 'after', title: 'T', body: 'B' }] });
  expect(await other.next()).toMatchObject({ event: 'feed' });
});

test('a member has so many streams at once, and one that was closed makes room', async () => {
  const readers = await Promise.all(Array.from({ length: MOST_STREAMS.who }, () => follow()));
  await Promise.all(readers.map((reader) => reader.next()));
  const refused = await follow();
  expect([refused.status, refused.headers['retry-after']]).toEqual([429, '30']);
  const other = await follow(await openPage(api, tenant, 'ben'));
  expect(other.status).toBe(200);
  readers[0]?.close();
  await readers[0]?.ended;
  let again = await follow();
  for (let tries = 0; again.status === 429 && tries < 50; tries += 1) again = await follow();
  expect(again.status).toBe(200);
});

test('a server follows a member\'s feed by its secret key; a page without a token does not', async () => {
  const reader = await open('/v1/feed/stream?externalId=ana', { authorization: `Bearer ${tenant.secret}` });
  expect((await reader.next()).data['whole']).toBe(true);
  const refused = await open('/v1/feed/stream', { 'x-flywheel-key': page.publishable, origin: ORIGIN });
  expect([refused.status, refused.headers['content-type']]).toEqual([401, 'application/problem+json']);
});

test('the process drains: every stream ends and says so', async () => {
  const draining = new AbortController();
  const own = await openTestApi({ draining: draining.signal });
  try {
    const ownTenant = await own.makeTenant();
    const reader = await readEvents(own.url, '/v1/feed/stream', pageHeaders(await openPage(own, ownTenant, 'ana')));
    await reader.next();
    draining.abort();
    expect(await reader.next()).toMatchObject({ event: 'end', data: { reason: 'draining' } });
    await reader.ended;
  } finally {
    await own.close();
  }
});

test('a stream holds no connection between two looks', async () => {
  const reader = await follow();
  await reader.next();
  const [row] = await api.database.superuser<{ busy: number }[]>`
    select count(*)::int as busy from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'`;
  expect(row?.busy).toBe(0);
});
