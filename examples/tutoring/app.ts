import { randomUUID } from 'node:crypto';
import express from 'express';
import type { Express, Request } from 'express';
import { fieldOf, text } from '../support/form-fields.ts';
import { safePages, sayFailure } from '../support/safe-pages.ts';
import type { Flywheel } from './flywheel.ts';
import { failurePage, homePage, signUpPage } from './pages.ts';
import { practiceRouter } from './practice.ts';
import { takeWebhook } from './take-webhook.ts';
import type { User } from './user.ts';

type Wiring = { readonly growth: Flywheel; readonly programId: string; readonly webhookSecret: string };

/**
 * A small tutoring app the way a customer would integrate live loops: users practise, are offered to challenge a friend, share the link; friends
 * play at Flywheel's as guests and sign up here. Users live in memory; questions and scores are the app's own.
 */
export function tutoringApp({ growth, programId, webhookSecret }: Wiring): Express {
  const users = new Map<string, User>();
  const userOf = (request: Pick<Request, 'headers'>): User | undefined => users.get(/(?:^|; )tutoring_user=([\w-]+)/.exec(request.headers.cookie ?? '')?.[1] ?? '');
  const app = express();
  app.disable('x-powered-by');
  app.post('/webhooks/flywheel', express.raw({ type: () => true, limit: '256kb' }), takeWebhook(webhookSecret, users));
  app.use(express.urlencoded({ extended: false, limit: '8kb' }));
  app.use(safePages({ 'referrer-policy': 'no-referrer' }));

  app.get('/', async (request, response) => {
    const user = userOf(request);
    if (user === undefined) return void response.type('html').send(signUpPage({ clickId: text(request.query['clickId']), guestToken: text(request.query['guestToken']) }));
    const [streak, feed] = await Promise.all([growth.streak(user.id), growth.feed(user.id)]);
    response.type('html').send(homePage({ name: user.name, ...streak, feed, told: user.told }));
  });

  // Who came by a link brings `clickId`, who played before brings `guestToken`: so Flywheel knows who brought whom, and whose the answers were.
  app.post('/sign-up', async (request, response) => {
    const field = fieldOf(request);
    const [name, email, clickId, guestToken] = [field('name'), field('email'), field('clickId'), field('guestToken')];
    if (name === '' || !email.includes('@')) return void response.status(400).type('html').send(signUpPage({ clickId, guestToken }));
    const id = `user-${randomUUID()}`;
    const memberId = await growth.upsertMember(id, { name, email });
    users.set(id, { id, memberId, name, results: new Map(), told: [] });
    await growth.tell({ eventId: `sign-up-${id}`, type: 'signed_up', externalId: id, ...(clickId === '' ? {} : { clickId }), ...(guestToken === '' ? {} : { guestToken }) });
    response.cookie('tutoring_user', id, { httpOnly: true, sameSite: 'lax' }).redirect(303, '/');
  });

  app.use(practiceRouter({ growth, programId, userOf }));

  app.post('/rewards', async (request, response) => {
    const user = userOf(request);
    response.redirect(303, user === undefined ? '/' : await growth.referralPage(user.id));
  });
  app.use(sayFailure(failurePage));
  return app;
}
