import type { Lane } from '../lane.ts';
import type { BenchStack } from '../support/bench-stack.ts';
import { makeBenchTenant, type BenchTenant } from '../support/bench-tenant.ts';
import { residentBytes } from '../support/cpu.ts';
import { openHttpLoad, type HttpLoad } from '../support/http-load.ts';
import { eventCalls, paymentFacts, rewardPayments, signUpFriends } from '../support/referrals.ts';
import { figureRow } from '../support/rows.ts';
import { median } from '../support/statistics.ts';

const HOLD_DAYS = 30;
const SETTLE_MS = 8_000;
/** Time to move the holds before the first of them ends. */
const AHEAD_MS = 20_000;
const WINDOW_MS = 60_000;
const LOOK_EVERY_MS = 250;
const GROWS_BY = 500;
const WITHIN_MS = 20 * 60_000;

/** Referrals under hold: what each takes while it waits, and how holds drain that end within one minute. */
export const hold: Lane = {
  name: 'hold',
  title: 'Referrals under hold',
  async run(stack, { quick, say }) {
    const count = quick ? 200 : 10_000;
    const tenant = await makeBenchTenant(stack, 'holding');
    const load = openHttpLoad(stack.apiUrl, 4);
    await rewardPayments(load, tenant, HOLD_DAYS);
    const idle = await restIdle(stack);
    await signUpFriends(load, tenant, 0, 1);
    const before = await bytes(stack);
    await grow(stack, count, (from, many) => signUpFriends(load, tenant, 1 + from, many));
    await grow(stack, count, async (from, many) => { await load.sendAll(eventCalls(tenant, paymentFacts(1 + from, many)), 200); });
    const eachBytes = (await bytes(stack) - before) / count;
    await untilRunsWait(stack, tenant, count + 1);
    const full = await restIdle(stack);
    say(`${String(Math.round(eachBytes))} bytes each; worker ${String(Math.round(idle / 1e6))} MB idle, ${String(Math.round(full / 1e6))} MB with ${String(count)} of them`);
    const drainedMs = await drain(stack, tenant, load, count);
    say(`${String(count)} holds that ended within a minute were released ${(drainedMs / 1000).toFixed(1)} s after the last`);
    const exactlyOnce = await checkReleased(stack, tenant, count);
    load.close();
    const about = { lane: this.name, exactlyOnce } as const;
    return [
      figureRow({ ...about, what: 'A referral under hold, from the sign-up on, in PostgreSQL, all tables and indexes', unit: 'bytes each', ours: [eachBytes], reference: null, judge: 'ours', goal: { atMost: 2048 } }),
      figureRow({ ...about, what: `${count.toLocaleString('en')} referrals under hold, memory of the worker`, unit: 'MB', ours: [full / 1e6], reference: { name: 'the same worker with none', values: [idle / 1e6] }, judge: 'ratio', goal: { atMost: 1.1 } }),
      figureRow({ ...about, what: `${count.toLocaleString('en')} holds that end within one minute: from the last end to the last release`, unit: 's', ours: [drainedMs / 1000], reference: null, judge: 'ours', goal: null }),
    ];
  },
};

/** In steps, each with the statistics that autovacuum would take some seconds later. */
async function grow(stack: BenchStack, count: number, add: (from: number, many: number) => Promise<void>): Promise<void> {
  for (let from = 0; from < count; from += GROWS_BY) {
    await add(from, Math.min(GROWS_BY, count - from));
    await stack.owner.sql`analyze`;
  }
}

async function restIdle(stack: BenchStack): Promise<number> {
  await stack.worker('no-op');
  const { pid } = await stack.restartWorker();
  await sleep(SETTLE_MS);
  const looks: number[] = [];
  for (let i = 0; i < 10; i += 1) {
    looks.push(residentBytes(pid));
    await sleep(200);
  }
  return median(looks);
}

/** Of all that holds referrals and their money; members and what they answered to are there anyway. */
async function bytes({ superuser }: BenchStack): Promise<number> {
  await superuser.sql`vacuum`;
  const [row] = await superuser.sql<{ bytes: number }[]>`
    select sum(pg_total_relation_size(c.oid))::float8 as bytes from pg_class c join pg_namespace s on s.oid = c.relnamespace
    where s.nspname = 'public' and c.relkind = 'r' and c.relname in ('events', 'referrals', 'credit_claims', 'payments', 'payment_names', 'payment_changes', 'rewards', 'reward_refusals',
      'reward_caps', 'reward_budgets', 'accounts', 'transfers', 'ledger_blocks', 'runs', 'run_facts')`;
  return row?.bytes ?? Number.NaN;
}

async function untilRunsWait(stack: BenchStack, { tenantId }: BenchTenant, count: number): Promise<void> {
  await until(`${String(count)} runs wait`, async () => {
    const [row] = await stack.superuser.sql<{ left: number; waits: number }[]>`
      select (select count(*)::int from outbox where tenant_id = ${tenantId}) as left, (select count(*)::int from runs where tenant_id = ${tenantId} and closed_at is null and due_at is not null) as waits`;
    return row?.left === 0 && row.waits >= count - 1;
  });
}

/** Moves each hold to an instant of one minute by the operator's call, as the product does, and waits until all are released. */
async function drain(stack: BenchStack, tenant: BenchTenant, load: HttpLoad, count: number): Promise<number> {
  const rewards = await stack.superuser.sql<{ id: string }[]>`select id from rewards where tenant_id = ${tenant.tenantId} order by id`;
  const lastMs = AHEAD_MS + WINDOW_MS + rewards.length * 4;
  const endsAt = Date.now() + lastMs;
  const calls = rewards.map(({ id }, n) => ({
    method: 'POST' as const, path: `/v1/rewards/${id}/hold`, secret: tenant.secret, body: JSON.stringify({ until: new Date(endsAt - WINDOW_MS + (n * WINDOW_MS) / rewards.length).toISOString() }),
  }));
  await load.sendAll(calls, 200);
  await until('all are released', async () => {
    const [row] = await stack.superuser.sql<{ released: number }[]>`select count(*)::int as released from rewards where tenant_id = ${tenant.tenantId} and state = 'released'`;
    return row?.released === count;
  });
  return Math.max(0, Date.now() - endsAt);
}

async function checkReleased(stack: BenchStack, { tenantId }: BenchTenant, expected: number): Promise<string> {
  const [row] = await stack.superuser.sql<{ rewards: number; transfers: number; again: number; early: number }[]>`
    select (select count(*)::int from rewards where tenant_id = ${tenantId} and state = 'released') as rewards,
           (select count(*)::int from transfers where tenant_id = ${tenantId} and move = 'release') as transfers,
           (select count(*)::int from runs where tenant_id = ${tenantId} and generation > 1) as again,
           (select count(*)::int from rewards where tenant_id = ${tenantId} and state = 'released' and moved_at < hold_until) as early`;
  if (row?.rewards !== expected || row.transfers !== expected || row.early !== 0 || row.again !== 0) throw new Error(`released not once each: ${JSON.stringify(row)} of ${String(expected)}`);
  return `${String(expected)} released, once each, none early, no run begun again`;
}

async function until(what: string, look: () => Promise<boolean>): Promise<void> {
  for (const giveUpAt = performance.now() + WITHIN_MS; !(await look());) {
    if (performance.now() > giveUpAt) throw new Error(`not within ${String(WITHIN_MS / 60_000)} min: ${what}`);
    await sleep(LOOK_EVERY_MS);
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => { setTimeout(resolve, ms); });
}
