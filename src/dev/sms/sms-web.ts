import express from 'express';
import type { Express, Request, Response } from 'express';
import { z } from 'zod';
import type { Behaviour } from './account.ts';
import { receiveReply } from './receive-reply.ts';
import type { Received, ReceiveReply } from './receive-reply.ts';
import { callbackPlan, faultRule, planOf } from './sms-fault.ts';
import { notePage, phoneOf, phonesPage, threadPage } from './sms-pages.ts';
import type { SmsStore } from './sms-store.ts';

const POLICY = "default-src 'none'; base-uri 'none'; form-action 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'";
const LOOPBACK_NAMES = new Set(['localhost', '127.0.0.1', '[::1]']);
const MOST_PHONES = 200;

const NOTES: Readonly<Record<Received, string>> = {
  taken: 'The app has taken the answer.',
  no_webhook: 'Kept here; the app has told no address for answers.',
  not_taken: 'The app did not take the answer: it does not run, or refused it.',
};

/** All faults and callbacks at once: what is left out goes back to normal. */
const control = z.strictObject({ rules: z.array(faultRule).max(1000).default([]), callbacks: callbackPlan.prefault({}) });
const answerIn = z.strictObject({ from: z.string().regex(/^\+[1-9]\d{6,14}$/), body: z.string().min(1).max(1600) });

/** The web page of phones and threads, its JSON API, and the control of faults; `api` is the vendor's side of the same port. */
export function createSmsWeb(reply: ReceiveReply, behaviour: Behaviour, api: express.Router): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use(guard);
  app.use(api);
  addControl(app, reply, behaviour);
  addPages(app, reply);
  app.use((_request, response) => { response.status(404).send(notePage('There is no such page.')); });
  app.use((error: unknown, _request: Request, response: Response, _next: express.NextFunction) => {
    const status = typeof error === 'object' && error !== null && 'status' in error && typeof error.status === 'number' ? error.status : 500;
    response.status(status).send(notePage(status < 500 ? 'That request cannot be read.' : 'Something went wrong here.'));
  });
  return app;
}

function guard(request: Request, response: Response, next: express.NextFunction): void {
  const host = request.headers.host ?? '';
  // A page on the internet may give its own name the address of this machine, or post a form to it.
  if (!LOOPBACK_NAMES.has(host.replace(/:\d+$/, '')) || (request.headers.origin !== undefined && request.headers.origin !== `http://${host}`)) {
    response.status(403).send(notePage('The SMS inbox answers only under localhost or 127.0.0.1.'));
    return;
  }
  response.set({ 'content-security-policy': POLICY, 'x-content-type-options': 'nosniff', 'referrer-policy': 'same-origin', 'cache-control': 'no-store' });
  next();
}

function addControl(app: Express, reply: ReceiveReply, behaviour: Behaviour): void {
  app.get('/api/messages', (request, response) => {
    const phone = textOf(request.query['phone']);
    const messages = reply.store.list().filter((sms) => phone === '' || phoneOf(sms) === phone).slice(-1000).toReversed();
    response.json({ messages: messages.map(({ createdAt, sentAt, ...sms }) => ({ ...sms, createdAt: new Date(createdAt).toISOString(), sentAt: sentAt === null ? null : new Date(sentAt).toISOString() })) });
  });
  app.post('/api/replies', express.json(), async (request, response) => {
    const read = answerIn.safeParse(request.body);
    if (!read.success) response.status(400).json({ error: z.prettifyError(read.error) });
    else response.json({ outcome: await receiveReply(reply, read.data.from, read.data.body) });
  });
  app.put('/api/faults', express.json(), (request, response) => {
    const read = control.safeParse(request.body ?? {});
    if (!read.success) {
      response.status(400).json({ error: z.prettifyError(read.error) });
      return;
    }
    behaviour.plan = planOf(read.data.rules);
    behaviour.callbacks = read.data.callbacks;
    response.status(204).end();
  });
}

function addPages(app: Express, reply: ReceiveReply): void {
  const { store } = reply;
  app.get('/', (request, response) => {
    const asked = textOf(request.query['phone']);
    response.send(phonesPage({ phones: phonesOf(store, asked), total: store.list().length, asked }));
  });
  app.get('/phones/:phone', (request, response) => {
    const { phone } = request.params;
    const messages = store.list().filter((sms) => phoneOf(sms) === phone);
    if (messages.length === 0 && !/^\+[1-9]\d{6,14}$/.test(phone)) response.status(404).send(notePage('There is no such phone.'));
    else response.send(threadPage({ phone, messages, blocked: store.isBlocked(phone), note: noteFor(textOf(request.query['reply'])) }));
  });
  app.post('/phones/:phone/reply', express.urlencoded({ extended: false }), async (request, response) => {
    const read = answerIn.safeParse({ from: request.params.phone, ...z.object({ body: z.string() }).catch({ body: '' }).parse(request.body ?? {}) });
    if (!read.success) {
      response.status(400).send(notePage('An answer needs a number in the form +15005550001 and 1 to 1,600 characters.'));
      return;
    }
    const received = await receiveReply(reply, read.data.from, read.data.body);
    response.redirect(303, `/phones/${encodeURIComponent(read.data.from)}?reply=${received}`);
  });
}

function phonesOf(store: SmsStore, asked: string): Parameters<typeof phonesPage>[0]['phones'] {
  const threads = new Map<string, { count: number; last: ReturnType<SmsStore['list']>[number] }>();
  for (const sms of store.list()) {
    const phone = phoneOf(sms);
    const count = (threads.get(phone)?.count ?? 0) + 1;
    threads.set(phone, { count, last: sms });
  }
  return [...threads]
    .filter(([phone]) => phone.includes(asked.replace(/[^+\d]/g, '')))
    .toSorted(([, a], [, b]) => b.last.createdAt - a.last.createdAt)
    .slice(0, MOST_PHONES)
    .map(([phone, thread]) => ({ phone, ...thread, blocked: store.isBlocked(phone) }));
}

function noteFor(outcome: string): string {
  return outcome === 'taken' || outcome === 'no_webhook' || outcome === 'not_taken' ? NOTES[outcome] : '';
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : '';
}
