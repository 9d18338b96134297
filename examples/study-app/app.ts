import { randomUUID } from 'node:crypto';
import express from 'express';
import type { Express, Request } from 'express';
import { fieldOf, text } from '../support/form-fields.ts';
import { safePages, sayFailure } from '../support/safe-pages.ts';
import { flywheel } from './flywheel.ts';
import { failurePage, homePage, landingPage } from './pages.ts';

type User = { id: string; name: string; email: string; solved: boolean; paid: boolean };

/**
 * A small app the way a customer would integrate Flywheel: people land on a link, sign up, reach first value, pay, and
 * see their referral page. Its users live in memory; what Flywheel has to know goes out as four calls.
 */
export function studyApp({ flywheelUrl, secretKey }: { flywheelUrl: string; secretKey: string }): Express {
  const growth = flywheel(flywheelUrl, secretKey);
  const users = new Map<string, User>();
  const userOf = (request: Request): User | undefined => users.get(/(?:^|; )user=([\w-]+)/.exec(request.headers.cookie ?? '')?.[1] ?? '');
  const app = express();
  app.disable('x-powered-by');
  app.use(express.urlencoded({ extended: false, limit: '8kb' }));
  app.use(safePages());

  app.get('/', (request, response) => {
    const user = userOf(request);
    response.type('html').send(user === undefined ? landingPage(text(request.query['clickId'])) : homePage(user));
  });

  // The sign-up names the visit (clickId) or the code somebody typed: so Flywheel knows who brought whom.
  app.post('/sign-up', async (request, response) => {
    const field = fieldOf(request);
    const [name, email, clickId, code] = [field('name'), field('email'), field('clickId'), field('code')];
    if (name === '' || !email.includes('@')) {
      response.status(400).type('html').send(landingPage(clickId));
      return;
    }
    const user = { id: `user-${randomUUID()}`, name, email, solved: false, paid: false };
    users.set(user.id, user);
    await growth.upsertMember(user.id, user);
    await growth.tell({ eventId: `sign-up-${user.id}`, type: 'signed_up', externalId: user.id, ...(clickId === '' ? {} : { clickId }), ...(code === '' ? {} : { code }) });
    response.cookie('user', user.id, { httpOnly: true, sameSite: 'lax' }).redirect(303, '/');
  });

  // The moment that proves value, by your own measure.
  app.post('/first-exercise', async (request, response) => {
    const user = userOf(request);
    if (user !== undefined) {
      await growth.tell({ eventId: `first-exercise-${user.id}`, type: 'first_value', externalId: user.id });
      user.solved = true;
    }
    response.redirect(303, '/');
  });

  // A payment, in minor units. Reported twice by the same order it is still one payment.
  app.post('/buy', async (request, response) => {
    const user = userOf(request);
    if (user !== undefined) {
      const orderId = `order-${user.id}`;
      await growth.tell({ eventId: `paid-${orderId}`, type: 'converted', externalId: user.id, amountMinor: 4900, currency: 'EUR', orderId });
      user.paid = true;
    }
    response.redirect(303, '/');
  });

  // Flywheel's hosted page, opened by a token that lives an hour.
  app.post('/invite-friends', async (request, response) => {
    const user = userOf(request);
    response.redirect(303, user === undefined ? '/' : await growth.referralPage(user.id));
  });
  app.use(sayFailure(failurePage));
  return app;
}
