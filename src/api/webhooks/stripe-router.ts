import { Router } from 'express';
import type { Request, RequestHandler, Response } from 'express';
import { PUBLIC_RULES } from '../../domain/limits/tiers.ts';
import { TooLate } from '../deadline.ts';
import { byNetwork } from '../limits/limit-page.ts';
import { problem } from '../problems.ts';
import type { Problem } from '../problems.ts';
import { contextOf } from '../request-context.ts';
import { sendProblem } from '../send-answer.ts';
import { sendFailure } from '../serve-route.ts';
import type { Services } from '../services.ts';
import { takeStripeEvent } from './stripe.ts';

const ROUTE = '/webhooks/stripe/{account}';

/** Where Stripe tells what was paid, refunded and disputed. With the database away it says so (503), and is told again. */
export function stripeRouter(services: Services): Router {
  const router = Router();
  router.route('/webhooks/stripe/:token')
    .post(async (request, response) => {
      contextOf(response).route = ROUTE;
      try {
        const heard = await takeStripeEvent(services, request, response);
        if (heard.kind === 'problem') await refuse(services, request, response, heard);
        else {
          const { kind: _kind, ...taken } = heard;
          response.status(200).set('Cache-Control', 'no-store').json(taken);
        }
      } catch (error) {
        if (error instanceof TooLate) sendProblem(response, problem('unavailable'));
        else sendFailure(response, services, error);
      }
    })
    .all(onlyPost);
  return router;
}

/** Stripe is not limited; whoever sends what it did not sign is, like any caller without a key. */
async function refuse(services: Services, request: Request, response: Response, refused: Problem): Promise<void> {
  const charged = await services.limiter?.charge(byNetwork(PUBLIC_RULES.badKeys, request));
  if (charged?.kind === 'refused') {
    response.setHeader('Retry-After', String(charged.retryAfterSeconds));
    sendProblem(response, problem('rate_limited'));
  } else sendProblem(response, refused);
}

const onlyPost: RequestHandler = (_request, response) => {
  contextOf(response).route = ROUTE;
  response.setHeader('Allow', 'POST');
  sendProblem(response, problem('method_not_allowed', { detail: 'Use POST.' }));
};
