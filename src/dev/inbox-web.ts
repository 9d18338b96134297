import express from 'express';
import type { Express, Request, Response } from 'express';
import { listPage, mailPage, messagePage } from './inbox-pages.ts';
import type { MailStore, StoredMail } from './mail-store.ts';
import { readMail } from './read-mail.ts';

const PAGE_SIZE = 100;
const LARGEST_PAGE_SIZE = 1000;

const BASE_POLICY = "default-src 'none'; base-uri 'none'; form-action 'self'";
const PAGE_POLICY = `${BASE_POLICY}; style-src 'unsafe-inline'; frame-src 'self'; frame-ancestors 'none'`;
/** A mail's own HTML: styles and embedded pictures, nothing from the network, no script, and no origin even when opened by itself. */
const MAIL_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox";
const LOOPBACK_NAMES = new Set(['localhost', '127.0.0.1', '[::1]']);

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : '';
}

function sizeOf(value: unknown): number {
  const asked = Number(textOf(value));
  return Number.isInteger(asked) && asked > 0 ? Math.min(asked, LARGEST_PAGE_SIZE) : PAGE_SIZE;
}

type Selection = { readonly mails: readonly StoredMail[]; readonly total: number; readonly olderThan: string | undefined };

/** Newest first, for one recipient (any case) or for all, those before the given one. */
function select(store: MailStore, query: Request['query']): Selection {
  const to = textOf(query['to']).toLowerCase();
  const all = to === '' ? store.list() : store.list().filter((mail) => mail.to.some((address) => address.toLowerCase() === to));
  const before = Number(textOf(query['before']));
  const candidates = before > 0 ? all.filter((mail) => Number(mail.id) < before) : all;
  const mails = candidates.slice(-sizeOf(query['limit'])).reverse();
  return { mails, total: all.length, olderThan: mails.length < candidates.length ? mails.at(-1)?.id : undefined };
}

function summary({ id, receivedAt, from, to, messageId, subject }: StoredMail): Record<string, unknown> {
  return { id, receivedAt: new Date(receivedAt).toISOString(), from, to, messageId, subject };
}

function addApi(app: Express, store: MailStore): void {
  app.get('/api/mails', (request, response) => {
    const { mails, total, olderThan } = select(store, request.query);
    response.json({ mails: mails.map(summary), total, before: olderThan ?? null });
  });
  app.get('/api/mails/:id', async (request, response) => {
    const mail = store.find(request.params.id);
    if (mail === undefined) {
      response.status(404).json({ error: `There is no mail ${request.params.id}.` });
      return;
    }
    const { headers, text, html, links } = await readMail(await store.raw(mail));
    response.json({ ...summary(mail), headers, text, html: html ?? null, links });
  });
}

function addPages(app: Express, store: MailStore): void {
  const show = async (request: Request<{ id: string }>, response: Response, send: (mail: StoredMail) => Promise<void>): Promise<void> => {
    const mail = store.find(request.params.id);
    if (mail === undefined) response.status(404).send(messagePage('There is no such mail.'));
    else await send(mail);
  };
  app.get('/', (request, response) => {
    response.send(listPage({ ...select(store, request.query), to: textOf(request.query['to']) }));
  });
  app.get('/mails/:id', (request, response) =>
    show(request, response, async (mail) => {
      response.send(mailPage(mail, await readMail(await store.raw(mail))));
    }),
  );
  app.get('/mails/:id/html', (request, response) =>
    show(request, response, async (mail) => {
      const { html } = await readMail(await store.raw(mail));
      // Links open beside the inbox, not inside the frame.
      response.set('content-security-policy', MAIL_POLICY).send(`<!doctype html><base target="_blank">${html ?? ''}`);
    }),
  );
  app.get('/mails/:id/raw', (request, response) =>
    show(request, response, async (mail) => {
      response.set('content-disposition', `attachment; filename="mail-${mail.id}.eml"`).type('message/rfc822').send(await store.raw(mail));
    }),
  );
}

/** The inbox's web page and its JSON API over a store of messages. */
export function createInboxWeb(store: MailStore): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use((request, response, next) => {
    // A page on the internet may give its own name the address of this machine; its requests carry that name.
    if (!LOOPBACK_NAMES.has((request.headers.host ?? '').replace(/:\d+$/, ''))) {
      response.status(403).send(messagePage('The inbox answers only under localhost or 127.0.0.1.'));
      return;
    }
    response.set({
      'content-security-policy': PAGE_POLICY,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    });
    next();
  });
  addApi(app, store);
  addPages(app, store);
  app.use((_request, response) => {
    response.status(404).send(messagePage('There is no such page.'));
  });
  return app;
}
