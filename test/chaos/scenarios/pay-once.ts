import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { verifyLedger } from '../../../db/read/verify-ledger.ts';
import { openDatabase } from '../../../db/client.ts';
import type { RailFault } from '../../../src/dev/payout-rail/rail-fault.ts';
import { startPayoutRail, type RunningPayoutRail } from '../../../src/dev/payout-rail/stand-in.ts';
import { readPaidFile } from '../../../src/dev/payout-rail/transfer-store.ts';
import { read } from '../support/api-caller.ts';
import { makeChaosTenant, type ChaosTenant } from '../support/chaos-tenant.ts';
import { say } from '../support/chaos-test.ts';
import type { Random } from '../support/seeded-random.ts';
import { sleep, waitUntil } from '../support/wait-until.ts';
import type { WholeStack } from '../support/whole-stack.ts';

/** `referrers`: each is paid once; conversions are spread over them. The stack needs PAY_ENV. */
export type PayPlan = { conversions: number; referrers: number; kills: number };

/** The rail is on loopback, and what it does not show is believed to be absent after seconds. */
export const PAY_ENV = { WEBHOOKS_TO_INTERNAL: 'true', PAYOUT_SETTLE_SECONDS: '5' } as const;

export type PayReport = {
  /** Of conversions: how many rewards, and what is wrong with their sum. */
  rewards: number;
  rewardedMinor: number;
  /** By the rail's own file: payments, how many payouts were paid more than once, and the sum. */
  payments: number;
  paidTwice: number;
  paidMinor: number;
  /** Payouts that are not completed, runs that are open, rows that are still in the outbox. */
  unfinished: { payouts: number; runs: number; outbox: number };
  verdict: string;
  kills: number;
};

const AMOUNT_MINOR = 4_900;
const REWARD_MINOR = 735;
const BATCH = 10;
const FAULTS: readonly (RailFault | undefined)[] = [
  undefined, undefined, { kind: 'loses_answer' }, { kind: 'fails_after' }, { kind: 'garbled' }, { kind: 'repeats' }, { kind: 'busy', retryAfterSeconds: 1 }, { kind: 'hangs_up_before' }, { kind: 'pays_later', afterMs: 500 },
];
const anything = z.unknown();

/**
 * Kills worker and API at random instants while conversions are reported, twice each, and while what they earned is paid by a
 * rail that loses answers, repeats and delays. What was paid is read from the rail's own file.
 */
export async function payOnceWhileKilling(stack: WholeStack, random: Random, plan: PayPlan): Promise<PayReport> {
  const rail = await startPayoutRail({ dir: mkdtempSync(join(tmpdir(), 'flywheel-rail-')) });
  const killing = { over: false, kills: 0 };
  try {
    const tenant = await makeChaosTenant(stack, 'payday');
    const codes = await prepare(tenant, plan, rail);
    const killer = killNowAndThen(stack, random, plan.kills, killing);
    await reportAll(tenant, codes, random, plan);
    await waitUntil('all rewards are released', 180_000, async () => (await count(stack, tenant, `select count(*)::int as count from rewards where tenant_id = $1 and state = 'released'`)) === plan.conversions, () => standing(stack, tenant));
    rail.setFaults(() => random.pick(FAULTS));
    const { id } = read(await tenant.api.sendUntilAnswered('POST', '/v1/payout-batches', { unit: 'EUR' }), 201, z.object({ id: z.string() }));
    read(await tenant.api.sendUntilAnswered('POST', `/v1/payout-batches/${id}/approve`, undefined), 200, anything);
    await killer;
    await waitUntil('every payout is completed', 240_000, () => settle(stack, tenant, rail), () => standing(stack, tenant));
    return await judge(stack, tenant, rail, killing.kills);
  } finally {
    killing.over = true;
    await rail.stop();
  }
}

/** A program that holds nothing, the referrers with their payees, and their codes. */
async function prepare(tenant: ChaosTenant, { referrers }: PayPlan, rail: RunningPayoutRail): Promise<string[]> {
  const rewards = { rules: [{ key: 'first', to: 'referrer', on: { kind: 'nth_conversion', n: 1 }, give: { kind: 'percent', basisPoints: 1500 } }], holdDays: 0 };
  read(await tenant.api.send('PATCH', `/v1/programs/${tenant.programId}`, { terms: { rewards } }), 200, anything);
  read(await tenant.api.send('PUT', '/v1/payout-rail', { kind: 'transfers_api', url: rail.url, secret: rail.secret }), 200, anything);
  const codes: string[] = [];
  for (let n = 0; n < referrers; n += 1) {
    const member = read(await tenant.api.send('PUT', `/v1/members/referrer-${String(n)}`, { name: 'Referrer' }), 201, z.object({ personalLink: z.object({ code: z.string() }) }));
    read(await tenant.api.send('PUT', `/v1/members/referrer-${String(n)}/payee`, { details: `acct_${String(n).padStart(12, '0')}` }), 200, anything);
    codes.push(member.personalLink.code);
  }
  return codes;
}

/** Sign-ups and payments in batches, each batch told twice by requests of their own, in any order. */
async function reportAll(tenant: ChaosTenant, codes: readonly string[], random: Random, { conversions }: PayPlan): Promise<void> {
  const facts = Array.from({ length: conversions }, (_, n) => ({
    signUp: { eventId: `sign-up-${String(n)}`, type: 'signed_up', externalId: `friend-${String(n)}`, code: codes[n % codes.length] },
    paid: { eventId: `paid-${String(n)}`, type: 'converted', externalId: `friend-${String(n)}`, amountMinor: AMOUNT_MINOR, currency: 'EUR', orderId: `order-${String(n)}` },
  }));
  for (let from = 0; from < facts.length; from += BATCH) {
    const part = facts.slice(from, from + BATCH);
    const told = [part.map(({ signUp }) => signUp), part.map(({ paid }) => paid)];
    if (random.whole(0, 1) === 1) told.reverse();
    const sent = [...told, ...told].map((events) => tenant.api.sendUntilAnswered('POST', '/v1/events', { events }));
    for (const reply of await Promise.all(sent)) read(reply, 200, anything);
  }
}

async function killNowAndThen(stack: WholeStack, random: Random, kills: number, state: { over: boolean; kills: number }): Promise<void> {
  while (!state.over && state.kills < kills) {
    await sleep(random.whole(200, 2_500));
    const role = stack.roles[random.pick(['api', 'worker'] as const)];
    await role.kill();
    await role.start();
    state.kills += 1;
    say(`kill ${String(state.kills)}`);
  }
}

/** True when all is paid. An unknown payout is looked for at once instead of in a while; one that has ended meanwhile refuses, and the next look sees it. */
async function settle(stack: WholeStack, tenant: ChaosTenant, rail: RunningPayoutRail): Promise<boolean> {
  rail.workOff();
  const open = await stack.superuser.sql<{ id: string; state: string }[]>`select id, state from payouts where tenant_id = ${tenant.tenantId} and state not in ('completed', 'canceled', 'failed')`;
  for (const { id } of open) await tenant.api.send('POST', `/v1/payouts/${id}/reconcile`, undefined).catch(() => null);
  if (open.length > 0) await sleep(1_000);
  return open.length === 0;
}

async function judge(stack: WholeStack, tenant: ChaosTenant, rail: RunningPayoutRail, kills: number): Promise<PayReport> {
  const runsEnd = async (): Promise<boolean> => (await count(stack, tenant, 'select count(*)::int as count from runs where tenant_id = $1 and loop = \'payout\' and closed_at is null')) === 0;
  await waitUntil('the runs of payouts have ended', 90_000, runsEnd, () => standing(stack, tenant));
  const paid = readPaidFile(rail.dir);
  const [rewards] = await stack.superuser.sql<{ count: number; sum: number }[]>`
    select count(*)::int as count, coalesce(sum(granted_minor - taken_back_minor), 0)::float8 as sum from rewards where tenant_id = ${tenant.tenantId} and state = 'paid'`;
  const verdict = await verdictOf(stack, tenant);
  return {
    rewards: rewards?.count ?? 0,
    rewardedMinor: rewards?.sum ?? 0,
    payments: paid.length,
    paidTwice: paid.length - new Set(paid.map(({ payoutId }) => payoutId)).size,
    paidMinor: paid.reduce((sum, { amount }) => sum + amount, 0),
    unfinished: await standing(stack, tenant),
    verdict: verdict.fault === null ? verdict.outcome : JSON.stringify(verdict.fault),
    kills,
  };
}

async function verdictOf(stack: WholeStack, { tenantId }: ChaosTenant) {
  const app = openDatabase({ url: stack.env['DATABASE_URL'] ?? '', role: 'flywheel_app', max: 1, name: 'chaos books' });
  try {
    return await app.asTenant(tenantId, (tx) => verifyLedger(tx, tenantId));
  } finally {
    await app.close();
  }
}

async function standing(stack: WholeStack, tenant: ChaosTenant): Promise<PayReport['unfinished']> {
  return {
    payouts: await count(stack, tenant, 'select count(*)::int as count from payouts where tenant_id = $1 and state <> \'completed\''),
    runs: await count(stack, tenant, 'select count(*)::int as count from runs where tenant_id = $1 and loop = \'payout\' and closed_at is null'),
    outbox: await count(stack, tenant, 'select count(*)::int as count from outbox where tenant_id = $1 and kind in (\'start_run\', \'tell_run\')'),
  };
}

async function count(stack: WholeStack, { tenantId }: ChaosTenant, query: string): Promise<number> {
  const [row] = await stack.superuser.sql.unsafe<{ count: number }[]>(query, [tenantId]);
  return row?.count ?? 0;
}

/** What must come out, whatever was killed. */
export function paidOnce({ conversions, referrers, kills }: PayPlan): PayReport {
  return {
    rewards: conversions, rewardedMinor: conversions * REWARD_MINOR, payments: referrers, paidTwice: 0, paidMinor: conversions * REWARD_MINOR,
    unfinished: { payouts: 0, runs: 0, outbox: 0 }, verdict: 'sound', kills,
  };
}
