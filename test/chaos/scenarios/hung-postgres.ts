import { claimedNow, lastAttempt } from '../support/attempts.ts';
import { takeBase } from '../support/after-fault.ts';
import { makeChaosTenants } from '../support/chaos-tenant.ts';
import { batchesOf, replayAll } from '../support/replay-all.ts';
import type { Random } from '../support/seeded-random.ts';
import { callThroughout, planCalls, sumUp } from '../support/steady-calls.ts';
import { judge, waitUntilTerminal, type Tally, type Verdict } from '../support/verdict.ts';
import { sleep, waitUntil } from '../support/wait-until.ts';
import type { WholeStack } from '../support/whole-stack.ts';

const CALLS = 24;

export type HangPlan = { invites: number; label: string; tenants: readonly string[]; sinkDelayMs: number; hangMs: number };
export type HangReport = {
  verdict: Verdict; tally: Tally; hangMs: number;
  /** Answers to what was asked while it hung. */
  meanwhile: ReturnType<typeof sumUp>;
  /** /readyz and /healthz while it hung. */
  ready: number; readyMs: number; healthy: number;
  acceptsAgainMs: number; claimsAgainMs: number;
  requests: number; batches: number; replayed: number;
};

/** No answer may take longer: an API that waits for its database gives up after five seconds' look or ten seconds' work. */
export const ANSWERS_WITHIN_MS = 16_000;

/** PostgreSQL stands still with every process it has, in the middle of sending and accepting, and then goes on as if nothing had been. */
export async function hangPostgres(stack: WholeStack, random: Random, plan: HangPlan): Promise<HangReport> {
  await takeBase(stack);
  stack.sink.setDelay(plan.sinkDelayMs);
  const tenants = await makeChaosTenants(stack, plan.tenants);
  const requests = planCalls(random, tenants, { ...plan, calls: CALLS });
  const before = await lastAttempt(stack);
  const calling = callThroughout(requests, plan.hangMs + 3_000);
  await waitUntil('something is being sent', 60_000, async () => (await claimedNow(stack, before)) > 0);
  await sleep(random.whole(0, 800));
  const claimed = await lastAttempt(stack);
  const frozenAtMs = performance.now();
  await stack.postgres.freeze();
  const { ready, readyMs, healthy } = await lookWhileHung(stack, frozenAtMs + plan.hangMs);
  stack.postgres.thaw();
  const thawedAtMs = performance.now();
  await waitUntil('claims go on', 60_000, async () => (await lastAttempt(stack)) > claimed);
  const claimsAgainMs = performance.now() - thawedAtMs;
  const { accepted, tries } = await calling;
  stack.sink.setDelay(0);
  await waitUntilTerminal(stack, accepted, 120_000);
  const good = tries.filter(({ status, atMs, tookMs }) => status === 202 && atMs + tookMs > thawedAtMs).map(({ atMs, tookMs }) => atMs + tookMs - thawedAtMs);
  return {
    ...(await judge(stack, accepted, plan.label)), hangMs: plan.hangMs, ready, readyMs, healthy,
    meanwhile: sumUp(tries, frozenAtMs, thawedAtMs),
    acceptsAgainMs: Math.round(Math.min(...good)), claimsAgainMs: Math.round(claimsAgainMs),
    requests: requests.length, batches: await batchesOf(stack, requests), replayed: await replayAll(requests, accepted),
  };
}

async function lookWhileHung(stack: WholeStack, until: number): Promise<{ ready: number; readyMs: number; healthy: number }> {
  await sleep(500);
  const askedAtMs = performance.now();
  const ready = (await fetch(`${stack.apiUrl}/readyz`)).status;
  const readyMs = Math.round(performance.now() - askedAtMs);
  const healthy = (await fetch(`${stack.apiUrl}/healthz`)).status;
  await sleep(until - performance.now());
  return { ready, readyMs, healthy };
}
