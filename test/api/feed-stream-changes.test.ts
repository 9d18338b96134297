import { listIn, NOON, openTestApi, textIn } from '../support/api.ts';
import type { TestApi, TestTenant } from '../support/api.ts';
import { openPage, pageHeaders } from '../support/browser-calls.ts';
import type { Page } from '../support/browser-calls.ts';
import { readEvents } from '../support/event-stream.ts';
import type { EventReader } from '../support/event-stream.ts';

const HOUR_MS = 3_600_000;

/* What a feed's stream tells when much happens at once, and when items end. */
let api: TestApi;
let tenant: TestTenant;
let page: Page;
const open: EventReader[] = [];

beforeAll(async () => { api = await openTestApi({ streamTimes: { beatMs: 50, lookMs: 400 } }); });
beforeEach(async () => {
  api.clock.set(NOON);
  tenant = await api.makeTenant();
  page = await openPage(api, tenant, 'ana');
});
afterEach(async () => {
  for (const reader of open.splice(0)) {
    reader.close();
    await reader.ended;
  }
});
afterAll(() => api.close());

async function follow(more: Record<string, string> = {}): Promise<EventReader> {
  const reader = await readEvents(api.url, '/v1/feed/stream', { ...pageHeaders(page), ...more });
  open.push(reader);
  return reader;
}
const put = async (title: string, more: Record<string, unknown>): Promise<string> =>
  textIn(listIn((await api.send(tenant, 'POST', '/v1/feed', { items: [{ externalId: 'ana', key: title, title, body: 'B', ...more }] })).body, 'results')[0] ?? {}, 'id');
const titlesIn = (data: Record<string, unknown>) => listIn(data, 'items').map(({ title }) => title);

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
  expect((await (await follow({ 'last-event-id': seen })).next()).data).toMatchObject({ whole: false, unread: 0, items: [], removed: [id] });
});
