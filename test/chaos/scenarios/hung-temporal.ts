import { takeBase } from '../support/after-fault.ts';
import { lastAttempt } from '../support/attempts.ts';
import { makeChaosTenants } from '../support/chaos-tenant.ts';
import { batchesOf, replayAll } from '../support/replay-all.ts';
import type { Random } from '../support/seeded-random.ts';
import { callThroughout, planCalls, sumUp } from '../support/steady-calls.ts';
import { judge, waitUntilTerminal, type Tally, type Verdict } from '../support/verdict.ts';
import { sleep, waitUntil } from '../support/wait-until.ts';
import type { WholeStack } from '../support/whole-stack.ts';

const CALLS = 24;

export type TemporalHangPlan = { invites: number; label: string; tenants: readonly string[]; sinkDelayMs: number; hangMs: number };
export type TemporalHangReport = {
  verdict: Verdict; tally: Tally; hangMs: number;
  meanwhile: ReturnType<typeof sumUp>;
  /** The longest that a transaction of the relay was seen open: it waits for Temporal inside one. */
  longestTransactionMs: number;
  doneMsAfter: number;
  requests: number; batches: number; replayed: number;
};

/** Ten seconds for a call to Temporal, and something to spare. */
export const TRANSACTION_WITHIN_MS = 12_000;

/** Temporal stands still in the middle of sending: it takes connections and answers nothing. Then it goes on. */
export async function hangTemporal(stack: WholeStack, random: Random, plan: TemporalHangPlan): Promise<TemporalHangReport> {
  await takeBase(stack);
  stack.sink.setDelay(plan.sinkDelayMs);
  const tenants = await makeChaosTenants(stack, plan.tenants);
  const requests = planCalls(random, tenants, { ...plan, calls: CALLS });
  const before = await lastAttempt(stack);
  const calling = callThroughout(requests, plan.hangMs + 2_000);
  await waitUntil('something is being sent', 60_000, async () => (await lastAttempt(stack)) > before);
  await sleep(random.whole(0, 500));
  await stack.temporal.freeze();
  const frozenAtMs = performance.now();
  const longestTransactionMs = await watchRelay(stack, frozenAtMs + plan.hangMs);
  stack.temporal.thaw();
  const thawedAtMs = performance.now();
  const { accepted, tries } = await calling;
  await waitUntilTerminal(stack, accepted, 180_000);
  const doneMsAfter = Math.round(performance.now() - thawedAtMs);
  stack.sink.setDelay(0);
  return {
    ...(await judge(stack, accepted, plan.label)), hangMs: plan.hangMs, meanwhile: sumUp(tries, frozenAtMs, thawedAtMs), longestTransactionMs, doneMsAfter,
    requests: requests.length, batches: await batchesOf(stack, requests), replayed: await replayAll(requests, accepted),
  };
}

async function watchRelay(stack: WholeStack, until: number): Promise<number> {
  let longestMs = 0;
  while (performance.now() < until) {
    const [row] = await stack.superuser.sql<{ ms: number | null }[]>`
      select (1000 * extract(epoch from max(clock_timestamp() - xact_start)))::float8 as ms from pg_stat_activity where application_name = 'flywheel relay'`;
    longestMs = Math.max(longestMs, row?.ms ?? 0);
    await sleep(100);
  }
  return Math.round(longestMs);
}
