import type { ServerResponse } from 'node:http';
import type { RateRule } from '../../domain/limits/rate-rule.ts';
import type { Charged, Standing } from './rate-limiter.ts';

const shown = new WeakMap<object, ReadonlyMap<string, Standing>>();

/**
 * Says where the caller stands, in the fields of draft-ietf-httpapi-ratelimit-headers-11: Structured Fields (RFC 9651), a list
 * of policies by name, `q` units in `w` seconds; `r` units left now and `t` seconds until there is one more. A second
 * charge of the same request adds its rules. After a refusal comes `Retry-After`, never sooner than `t`.
 */
export function showStandings(response: ServerResponse, charged: Charged): void {
  const all = new Map([...shown.get(response) ?? [], ...charged.standings.map((standing) => [standing.rule.name, standing] as const)]);
  shown.set(response, all);
  if (all.size > 0) {
    response.setHeader('RateLimit-Policy', policyOf([...all.values()]));
    response.setHeader('RateLimit', [...all.values()].map(limitOf).join(', '));
  }
  if (charged.kind === 'refused') response.setHeader('Retry-After', String(charged.retryAfterSeconds));
}

/** `RateLimit-Policy` alone: a client that reads `RateLimit` may wait before it follows the `Location` of a redirect (the draft, section 5). */
export function policyOf(standings: readonly Standing[]): string {
  return standings.map(({ rule }) => `"${rule.name}";q=${String(rule.quota)};w=${String(rule.windowSeconds)}`).join(', ');
}

function limitOf({ rule, remaining, moreInSeconds }: Standing): string {
  return `"${rule.name}";r=${String(remaining)}${moreInSeconds === null ? '' : `;t=${String(moreInSeconds)}`}`;
}

/** For people: which limits, and what they allow. */
export function sayRefused(rules: readonly RateRule[], retryAfterSeconds: number): string {
  const limits = rules.map(({ name, quota, windowSeconds }) => `\`${name}\` (${String(quota)} in ${String(windowSeconds)} s)`).join(' and ');
  return `The limit ${limits} is used up. Nothing was done; repeat the request, with the same Idempotency-Key, in ${String(retryAfterSeconds)} s.`;
}
