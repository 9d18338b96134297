import type { Response } from 'express';
import { sendPage } from './pages/page.ts';
import type { Page } from './pages/page.ts';

/** What a player gets: a page, or another address. */
export type Shown = { readonly kind: 'page'; readonly status: number; readonly page: Page } | { readonly kind: 'on'; readonly status: 302 | 303; readonly to: string };

export function shown(page: Page, status = 200): Shown {
  return { kind: 'page', status, page };
}

export function on(to: string): Shown {
  return { kind: 'on', status: 303, to };
}

export function sendShown(response: Response, made: Shown): void {
  if (made.kind === 'page') sendPage(response, made.status, made.page);
  else response.status(made.status).set({ Location: made.to, 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer', 'X-Robots-Tag': 'noindex, nofollow' }).end();
}
