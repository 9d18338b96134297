import { textIn } from './api.ts';
import type { TestApi, TestTenant } from './api.ts';
import { openPage } from './open-page.ts';
import type { Opened, Opening } from './open-page.ts';

/** What an app and a member's browser do with the page that is opened by a token. */
export type EmbeddedPage = {
  /** The path of a fresh token; left out: for ana, of the tenant at hand. */
  makeToken(of?: string, as?: TestTenant): Promise<string>;
  open(path: string, opening?: Opening): Promise<Opened>;
};

export function embeddedPage(api: TestApi, tenant: TestTenant): EmbeddedPage {
  return {
    makeToken: async (of = 'ana', as = tenant) => new URL(textIn((await api.send(as, 'POST', `/v1/members/${of}/embed-tokens`)).body, 'url')).pathname,
    open: (path, opening) => openPage(api.url, path, opening),
  };
}

/** The cookie that a page set, as a browser sends it back. */
export const cookieOf = ({ headers }: Opened): string => headers['set-cookie']?.[0]?.split(';')[0] ?? '';
