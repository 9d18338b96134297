import { NOON } from '../support/api.ts';
import { titlesIn, useFeedStream } from '../support/use-feed.ts';

const HOUR_MS = 3_600_000;

/* What a feed's stream tells when much happens at once, and when items end. */
const { api, tenant, page, follow, put } = useFeedStream();

test('more than a hundred items within a minute all arrive, and so does what comes after them', async () => {
  const reader = await follow();
  await reader.next();
  const putMany = async (prefix: string, count: number): Promise<void> => {
    api.clock.advance(1_000);
    await api.send(tenant, 'POST', '/v1/feed', { items: Array.from({ length: count }, (_, n) => ({ externalId: 'ana', key: `${prefix}-${String(n)}`, title: `${prefix}-${String(n)}`, body: 'B' })) });
  };
  const heard = new Set<unknown>();
  const hear = async (count: number): Promise<void> => {
    while (heard.size < count) for (const title of titlesIn((await reader.next()).data)) heard.add(title);
  };
  await putMany('first', 100);
  await hear(100);
  await putMany('second', 60);
  await hear(160);
  await putMany('third', 1);
  await hear(161);
  expect(heard.has('third-0')).toBe(true);
});

test('an item whose end comes leaves the feed then, without anything being written', async () => {
  const reader = await follow();
  await reader.next();
  const id = await put('short', { expiresAt: new Date(NOON + 300).toISOString() });
  expect((await reader.next()).data).toMatchObject({ unread: 1, items: [{ id }] });
  api.clock.advance(300);
  expect((await reader.next()).data).toMatchObject({ whole: false, unread: 0, items: [], removed: [id] });
});

test('who comes back hears what ended meanwhile', async () => {
  const id = await put('short', { expiresAt: new Date(NOON + HOUR_MS / 4).toISOString() });
  api.clock.advance(HOUR_MS / 10);
  const first = await follow();
  const { id: seen } = await first.next();
  first.close();
  api.clock.advance(HOUR_MS / 2);
  expect((await (await follow(page, { 'last-event-id': seen })).next()).data).toMatchObject({ whole: false, unread: 0, items: [], removed: [id] });
});
