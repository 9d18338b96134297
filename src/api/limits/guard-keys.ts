import type { Request, Response } from 'express';
import { hashSecret } from '../../config/keyring.ts';
import { limitedNetwork } from '../../domain/limits/limited-network.ts';
import { PUBLIC_RULES } from '../../domain/limits/tiers.ts';
import { credentialsIn } from '../browser-caller.ts';
import { problem } from '../problems.ts';
import type { Problem } from '../problems.ts';
import type { Services } from '../services.ts';
import type { Charged, Charge, RateLimiter } from './rate-limiter.ts';
import { sayRefused, showStandings } from './rate-limit-headers.ts';

/** Keys remembered as good, in two halves: the older is forgotten when the younger is full. */
const MOST_GOOD_KEYS = 5_000;
type GoodKeys = { younger: Set<string>; older: Set<string> };

const goodKeys = new WeakMap<RateLimiter, GoodKeys>();

/**
 * Tells who asks (`identify`), and stops a network that tries keys: once too many of its keys opened nothing, further ones
 * are refused without a look into the database. A key that was good a moment ago passes, whoever else is behind its address. A token that
 * was made here and has ended, or was taken back, is no try.
 */
export async function guardKeys<C extends { kind: 'caller' }>(
  { limiter }: Services, request: Request, response: Response, identify: () => Promise<C | Problem>,
): Promise<C | Problem> {
  const network = limitedNetwork(request.ip ?? '');
  const credentials = credentialsIn(request);
  if (limiter === undefined || network === null || credentials === undefined) return identify();
  const charge: Charge = { rule: PUBLIC_RULES.badKeys, who: `network ${network}`, cost: 1 };
  const good = goodKeysOf(limiter);
  const hash = hashSecret(credentials).toString('base64');
  const known = good.younger.has(hash) || good.older.has(hash) ? null : limiter.knownRefusal(charge);
  if (known !== null) return refuse(response, known);
  const caller = await identify();
  if (caller.kind === 'caller') {
    noteGood(good, hash);
    return caller;
  }
  good.younger.delete(hash);
  good.older.delete(hash);
  const isEnded = caller.code === 'member_token_expired' || caller.code === 'member_token_revoked';
  const charged = await limiter.charge([isEnded ? { ...charge, rule: PUBLIC_RULES.endedTokens } : charge]);
  if (charged.kind === 'refused') return refuse(response, charged);
  showStandings(response, charged);
  return caller;
}

function refuse(response: Response, refused: Extract<Charged, { kind: 'refused' }>): Problem {
  showStandings(response, refused);
  return problem('rate_limited', { detail: sayRefused(refused.refusedBy, refused.retryAfterSeconds) });
}

function goodKeysOf(limiter: RateLimiter): GoodKeys {
  const known = goodKeys.get(limiter) ?? { younger: new Set<string>(), older: new Set<string>() };
  goodKeys.set(limiter, known);
  return known;
}

function noteGood(good: GoodKeys, hash: string): void {
  if (good.younger.has(hash)) return;
  good.younger.add(hash);
  if (good.younger.size <= MOST_GOOD_KEYS / 2) return;
  good.older = good.younger;
  good.younger = new Set();
}
