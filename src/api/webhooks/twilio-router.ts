import { Router } from 'express';
import type { RequestHandler, Response } from 'express';
import { SMS_INBOUND_PATH, SMS_STATUS_PATH } from '../../config/sms-settings.ts';
import { TooLate } from '../deadline.ts';
import { byNetwork } from '../limits/limit-page.ts';
import { PUBLIC_RULES } from '../../domain/limits/tiers.ts';
import { problem } from '../problems.ts';
import { contextOf } from '../request-context.ts';
import { sendProblem } from '../send-answer.ts';
import { sendFailure } from '../serve-route.ts';
import type { Services } from '../services.ts';
import { takeInbound } from './twilio-inbound.ts';
import { takeStatus } from './twilio-status.ts';
import { twiml } from './twiml.ts';

/** Where Twilio tells what became of messages, and what people answered. Without SMS there are no such addresses. */
export function twilioRouter(services: Services): Router {
  const router = Router();
  const { sms = { kind: 'off' } } = services;
  if (sms.kind === 'off') return router;
  const status = `${SMS_STATUS_PATH}/{token}`;
  router.route(`${SMS_STATUS_PATH}/:token`)
    .post(serve(services, status, async (request, response) => {
      const refused = await takeStatus(services, sms, request, response);
      if (refused !== null) await refuse(services, request, response, refused);
      else response.status(204).end();
    }))
    .all(onlyPost(status));
  router.route(SMS_INBOUND_PATH)
    .post(serve(services, SMS_INBOUND_PATH, async (request, response) => {
      const heard = await takeInbound(services, sms, request, response);
      if (heard.kind === 'problem') await refuse(services, request, response, heard);
      else response.status(200).set({ 'Content-Type': 'text/xml; charset=utf-8', 'Cache-Control': 'no-store' }).end(twiml(heard.reply));
    }))
    .all(onlyPost(SMS_INBOUND_PATH));
  return router;
}

type Serve = (request: Parameters<RequestHandler>[0], response: Response) => Promise<void>;

/** With the database away it says so (503): the vendor's log then shows what was not heard. */
function serve(services: Services, route: string, work: Serve): RequestHandler {
  return async (request, response) => {
    contextOf(response).route = route;
    try {
      await work(request, response);
    } catch (error) {
      if (error instanceof TooLate) sendProblem(response, problem('unavailable'));
      else sendFailure(response, services, error);
    }
  };
}

/** The vendor is not limited; whoever sends what it did not sign is, like any caller without a key. */
async function refuse(services: Services, request: Parameters<RequestHandler>[0], response: Response, refused: Parameters<typeof sendProblem>[1]): Promise<void> {
  const charged = refused.code === 'signature_invalid' ? await services.limiter?.charge(byNetwork(PUBLIC_RULES.badKeys, request)) : undefined;
  if (charged?.kind === 'refused') {
    response.setHeader('Retry-After', String(charged.retryAfterSeconds));
    sendProblem(response, problem('rate_limited'));
  } else sendProblem(response, refused);
}

function onlyPost(route: string): RequestHandler {
  return (_request, response) => {
    contextOf(response).route = route;
    response.setHeader('Allow', 'POST');
    sendProblem(response, problem('method_not_allowed', { detail: 'Use POST.' }));
  };
}
