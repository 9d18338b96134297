import { z } from 'zod';
import type { BenchTenant } from './bench-tenant.ts';
import type { HttpCall, HttpLoad } from './http-load.ts';

const AT_ONCE = 100;
const REFERRERS = 20;
const withCode = z.object({ personalLink: z.object({ code: z.string() }) });

/** 15 % of the first payment for who brought somebody, held for so many days. */
export async function rewardPayments(load: HttpLoad, { secret, programId }: BenchTenant, holdDays: number): Promise<void> {
  const rewards = { rules: [{ key: 'first', to: 'referrer', on: { kind: 'nth_conversion', n: 1 }, give: { kind: 'percent', basisPoints: 1500 } }], holdDays };
  const answer = await load.send({ method: 'PATCH', path: `/v1/programs/${programId}`, secret, body: JSON.stringify({ terms: { rewards, notices: [] } }) });
  if (answer.status !== 200) throw new Error(`the terms were answered ${String(answer.status)}: ${answer.text.slice(0, 500)}`);
}

/** Friends who signed up by the codes of some referrers: `friend-<from>` and on. */
export async function signUpFriends(load: HttpLoad, tenant: BenchTenant, from: number, count: number): Promise<void> {
  const codes: string[] = [];
  for (let n = 0; n < REFERRERS; n += 1) {
    const answer = await load.send({ method: 'PUT', path: `/v1/members/referrer-${String(n)}`, secret: tenant.secret, body: '{}' });
    codes.push(withCode.parse(JSON.parse(answer.text)).personalLink.code);
  }
  const facts = numbers(from, count).map((n) => ({ eventId: `sign-up-${String(n)}`, type: 'signed_up', externalId: `friend-${String(n)}`, code: codes[n % codes.length] }));
  await load.sendAll(eventCalls(tenant, facts), 200);
}

/** Their payments, each of an order of its own. */
export function paymentFacts(from: number, count: number): Record<string, unknown>[] {
  return numbers(from, count).map((n) => ({ eventId: `paid-${String(n)}`, type: 'converted', externalId: `friend-${String(n)}`, amountMinor: 4900, currency: 'EUR', orderId: `order-${String(n)}` }));
}

/** Facts in requests of so many. */
export function eventCalls({ secret }: BenchTenant, facts: readonly unknown[], atOnce = AT_ONCE): HttpCall[] {
  return numbers(0, Math.ceil(facts.length / atOnce)).map((n) => ({
    method: 'POST', path: '/v1/events', secret, body: JSON.stringify({ events: facts.slice(n * atOnce, (n + 1) * atOnce) }),
  }));
}

function numbers(from: number, count: number): number[] {
  return Array.from({ length: count }, (_, n) => from + n);
}
