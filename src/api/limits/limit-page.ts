import type { ServerResponse } from 'node:http';
import type { Request, RequestHandler } from 'express';
import { limitedNetwork } from '../../domain/limits/limited-network.ts';
import type { RateRule } from '../../domain/limits/rate-rule.ts';
import { tooManyPage } from '../pages/common-pages.ts';
import { sendPage } from '../pages/page.ts';
import { contextOf } from '../request-context.ts';
import type { Services } from '../services.ts';
import type { Charge, Charged } from './rate-limiter.ts';
import { showStandings } from './rate-limit-headers.ts';

/** Stands before a page that needs no key: who comes too often gets a page that says when to come again (429), and nothing else is done. */
export function limitPage({ limiter }: Services, route: string, chargesOf: (request: Request) => readonly Charge[]): RequestHandler {
  return async (request, response, next) => {
    const charges = limiter === undefined ? [] : chargesOf(request);
    if (limiter === undefined || charges.length === 0) {
      next();
      return;
    }
    const charged = await limiter.charge(charges);
    if (charged.kind === 'passed') {
      showStandings(response, charged);
      next();
      return;
    }
    contextOf(response).route = route;
    sendTooMany(response, charged, request.originalUrl);
  };
}

/** The page for who comes too often; `again`: the address to open once more. */
export function sendTooMany(response: ServerResponse, refused: Extract<Charged, { kind: 'refused' }>, again: string): void {
  showStandings(response, refused);
  contextOf(response).problem = 'rate_limited';
  sendPage(response, 429, tooManyPage(again, refused.retryAfterSeconds));
}

/** One request of the network it comes from; nothing for addresses that no visitor from outside has. */
export function byNetwork(rule: RateRule, request: Request): Charge[] {
  return byAddress(rule, request.ip ?? '');
}

export function byAddress(rule: RateRule, address: string): Charge[] {
  const network = limitedNetwork(address);
  return network === null ? [] : [{ rule, who: `network ${network}`, cost: 1 }];
}
