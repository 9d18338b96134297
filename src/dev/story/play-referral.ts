import { z } from 'zod';
import { amountText } from '../../domain/money/amount-text.ts';
import type { ApiClient } from './api-client.ts';

type Telling = { api: ApiClient; say(line: string): void };

const listOf = <T extends z.ZodType>(item: T) => z.object({ data: z.array(item) });
const referral = z.object({ id: z.string() });
const reward = z.object({ id: z.string(), side: z.string(), rule: z.string(), unit: z.string(), leftMinor: z.number(), state: z.string(), holdUntil: z.string() });
const payout = z.object({ id: z.string(), state: z.string(), paidMinor: z.number(), nettedMinor: z.number(), unit: z.string() });
const batch = z.object({ id: z.string() });
const anything = z.unknown();

const SETTLES_WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 100;

/** What the program of the story gives: points for both at first value, and 15 % of the first payment, held for 30 days. */
export const STORY_REWARDS = {
  rules: [
    { key: 'welcome', to: 'both', on: { kind: 'first_value' }, give: { kind: 'fixed', unit: 'points', amountMinor: 500 } },
    { key: 'first_payment', to: 'referrer', on: { kind: 'nth_conversion', n: 1 }, give: { kind: 'percent', basisPoints: 1500 } },
  ],
  holdDays: 30,
};

/**
 * The story's second half, by real calls: Ben reaches first value and pays; what both earned is held for the refund
 * window, released by an operator, and paid out; a refund takes exactly its part back. Returns the referral's id.
 */
export async function playReferral({ api, say }: Telling): Promise<string> {
  await api.call('POST', '/v1/events', { events: [{ eventId: 'first-value-ben', type: 'first_value', externalId: 'ben' }] }, anything);
  say('Ben solves his first exercise                     POST /v1/events first_value');
  await api.call('POST', '/v1/events', { events: [{ eventId: 'paid-ben', type: 'converted', externalId: 'ben', amountMinor: 4900, currency: 'EUR', orderId: 'order-1' }] }, anything);
  say('Ben pays 49.00 EUR                                POST /v1/events converted');
  const { data: [found] } = await api.call('GET', '/v1/referrals', undefined, listOf(referral));
  if (found === undefined) throw new Error('Ben came by Ana\'s invite, and there is no referral');

  for (const { side, unit, leftMinor, state, holdUntil } of await rewardsOf(api, found.id)) {
    say(`  the ${side} earned ${amountText(leftMinor, unit)}: ${state} until ${holdUntil.slice(0, 10)}`);
  }
  say('  Ana hears of each step by mail, at a good hour of hers');
  await releaseNow({ api, say }, found.id);
  await payOut({ api, say });
  await refundHalf({ api, say }, found.id);
  return found.id;
}

async function rewardsOf(api: ApiClient, referralId: string): Promise<z.output<typeof reward>[]> {
  return (await api.call('GET', `/v1/rewards?referralId=${referralId}`, undefined, listOf(reward))).data;
}

async function releaseNow({ api, say }: Telling, referralId: string): Promise<void> {
  for (const { id } of await rewardsOf(api, referralId)) await api.call('POST', `/v1/rewards/${id}/approve`, undefined, anything);
  say('Somebody at Lumen does not want to wait 30 days   POST /v1/rewards/{id}/approve');
  const rewards = await rewardsOf(api, referralId);
  if (rewards.some(({ state }) => state !== 'released')) throw new Error(`rewards should be released and are ${rewards.map(({ state }) => state).join(', ')}`);
  say('  all three are released');
}

async function payOut({ api, say }: Telling): Promise<void> {
  await api.call('PUT', '/v1/payout-rail', { kind: 'manual' }, anything);
  await api.call('PUT', '/v1/members/ana/payee', { details: 'DE89 3704 0044 0532 0130 00' }, anything);
  const made = await api.call('POST', '/v1/payout-batches', { unit: 'EUR' }, batch);
  await api.call('POST', `/v1/payout-batches/${made.id}/approve`, undefined, anything);
  say('Lumen approves this month\'s payouts               POST /v1/payout-batches/{id}/approve');
  const sent = await untilSent(api, made.id);
  await api.call('POST', `/v1/payouts/${sent.id}/mark`, { as: 'paid', reference: 'transfer-1' }, payout);
  say(`  ${amountText(sent.paidMinor, sent.unit)} are paid to Ana                       POST /v1/payouts/{id}/mark`);
}

/** A payout is a run of its own: it hands itself to the rail. */
async function untilSent(api: ApiClient, batchId: string): Promise<z.output<typeof payout>> {
  for (const giveUpAt = performance.now() + SETTLES_WITHIN_MS; ;) {
    const { data: [one] } = await api.call('GET', `/v1/payouts?batchId=${batchId}`, undefined, listOf(payout));
    if (one?.state === 'sent') return one;
    if (performance.now() > giveUpAt) throw new Error(`Ana's payout should be on its way and is ${one?.state ?? 'not there'}`);
    await new Promise((resolve) => { setTimeout(resolve, LOOK_EVERY_MS); });
  }
}

async function refundHalf({ api, say }: Telling, referralId: string): Promise<void> {
  await api.call('POST', '/v1/events', { events: [{ eventId: 'refund-ben', type: 'refunded', externalId: 'ben', orderId: 'order-1', refundedMinor: 2450, currency: 'EUR' }] }, anything);
  say('Ben gets half of his money back                   POST /v1/events refunded');
  const paid = (await rewardsOf(api, referralId)).find(({ rule }) => rule === 'first_payment');
  if (paid?.leftMinor !== 367) throw new Error(`15 % of 24.50 EUR should be left of the reward, and it is ${JSON.stringify(paid)}`);
  say(`  of Ana's reward ${amountText(paid.leftMinor, paid.unit)} are left; the rest is kept back at her next payout`);
}
