import type { Services } from '../../src/api/services.ts';
import { listIn, textIn } from './api.ts';
import type { TestApi, TestTenant } from './api.ts';
import { fromPage, openPage, pageHeaders } from './browser-calls.ts';
import type { Page } from './browser-calls.ts';
import { readEvents } from './event-stream.ts';
import type { EventReader } from './event-stream.ts';
import { madeByHook, useTenantEach, useTestApi } from './use-test-api.ts';

type Item = Record<string, unknown>;
export type UsedPage = { readonly api: TestApi; readonly tenant: TestTenant; readonly page: Page };

/** For tests of what a page of the app may do: an API, and for each test a tenant, its member ana, and her page. */
export function usePage(changed: Partial<Services> = {}): UsedPage {
  const api = useTestApi(changed);
  const tenant = useTenantEach(api);
  const made = madeByHook<Page>('the page');
  beforeEach(async () => { made.set(await openPage(api, tenant, 'ana')); });
  return {
    api, tenant,
    page: {
      get publishable() { return made.get().publishable; },
      get keyId() { return made.get().keyId; },
      get token() { return made.get().token; },
      get memberId() { return made.get().memberId; },
    },
  };
}

export type UsedFeed = UsedPage & {
  /** Sends ana items; answers what became of each. */
  put(...items: Item[]): Promise<Item[]>;
  /** What her feed shows. */
  titles(): Promise<unknown[]>;
  /** Marks items, by their ids, as her page does. */
  mark(...marks: [string, string][]): Promise<Item>;
};

/** For tests of ana's feed. */
export function useFeed(): UsedFeed {
  const used = usePage();
  const { api, tenant, page } = used;
  return {
    ...used,
    put: async (...items) => listIn((await api.send(tenant, 'POST', '/v1/feed', { items: items.map((item, place) => ({ externalId: 'ana', key: `k${String(place)}`, title: 'T', body: 'B', ...item })) })).body, 'results'),
    titles: async () => listIn((await api.send(tenant, 'GET', '/v1/feed?externalId=ana')).body, 'data').map(({ title }) => title),
    mark: async (...marks) => (await fromPage(api, page, 'PUT', '/v1/feed/marks', { marks: marks.map(([id, as]) => ({ id, as })) })).body,
  };
}

export type UsedFeedStream = UsedPage & {
  /** Opens a stream; it is closed after the test. */
  open(path: string, headers: Record<string, string>): Promise<EventReader>;
  /** The feed's stream as a page opens it. Left out: ana's page. */
  follow(of?: Page, more?: Record<string, string>): Promise<EventReader>;
  /** Sends ana an item of this title and key; answers its id. */
  put(title: string, more?: Item): Promise<string>;
};

/** For tests of the stream of ana's feed, which beats and looks often. */
export function useFeedStream(): UsedFeedStream {
  const used = usePage({ streamTimes: { beatMs: 50, lookMs: 400 } });
  const { api, tenant, page } = used;
  const readers: EventReader[] = [];
  afterEach(async () => {
    for (const reader of readers.splice(0)) {
      reader.close();
      await reader.ended;
    }
  });
  const open: UsedFeedStream['open'] = async (path, headers) => {
    const reader = await readEvents(api.url, path, headers);
    readers.push(reader);
    return reader;
  };
  return {
    ...used, open,
    follow: (of = page, more = {}) => open('/v1/feed/stream', { ...pageHeaders(of), ...more }),
    put: async (title, more = {}) =>
      textIn(listIn((await api.send(tenant, 'POST', '/v1/feed', { items: [{ externalId: 'ana', key: title, title, body: 'B', ...more }] })).body, 'results')[0] ?? {}, 'id'),
  };
}

/** The titles of what a stream told. */
export const titlesIn = (data: Item): unknown[] => listIn(data, 'items').map(({ title }) => title);
