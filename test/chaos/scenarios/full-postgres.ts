import { claimedNow, lastAttempt } from '../support/attempts.ts';
import { takeBase } from '../support/after-fault.ts';
import { makeChaosTenants } from '../support/chaos-tenant.ts';
import { exhaustConnections } from '../support/exhaust-connections.ts';
import { batchesOf, replayAll } from '../support/replay-all.ts';
import type { Random } from '../support/seeded-random.ts';
import { callThroughout, planCalls, sumUp } from '../support/steady-calls.ts';
import { judge, waitUntilTerminal, type Tally, type Verdict } from '../support/verdict.ts';
import { sleep, waitUntil } from '../support/wait-until.ts';
import type { WholeStack } from '../support/whole-stack.ts';

const CALLS = 24;

export type FullPlan = { invites: number; label: string; tenants: readonly string[]; sinkDelayMs: number; fullMs: number };
export type FullReport = {
  verdict: Verdict; tally: Tally; held: number;
  meanwhile: ReturnType<typeof sumUp>;
  ready: number;
  acceptsAgainMs: number; claimsAgainMs: number;
  requests: number; batches: number; replayed: number;
};

/** Others take all of PostgreSQL's connections in the middle of sending and accepting; ours are ended and find no place. */
export async function fillPostgres(stack: WholeStack, random: Random, plan: FullPlan): Promise<FullReport> {
  await takeBase(stack);
  stack.sink.setDelay(plan.sinkDelayMs);
  const tenants = await makeChaosTenants(stack, plan.tenants);
  const requests = planCalls(random, tenants, { ...plan, calls: CALLS });
  const before = await lastAttempt(stack);
  const calling = callThroughout(requests, plan.fullMs + 2_000);
  await waitUntil('something is being sent', 60_000, async () => (await claimedNow(stack, before)) > 0);
  await sleep(random.whole(0, 500));
  const hogs = await exhaustConnections(stack, ownerUrlOf(stack));
  const fullAtMs = performance.now();
  let ready: number;
  let freeAtMs: number;
  try {
    ready = (await fetch(`${stack.apiUrl}/readyz`)).status;
    await sleep(plan.fullMs);
  } finally {
    freeAtMs = performance.now();
    await hogs.release();
  }
  const claimed = await lastAttempt(stack);
  await waitUntil('claims go on', 60_000, async () => (await lastAttempt(stack)) > claimed);
  const claimsAgainMs = performance.now() - freeAtMs;
  const { accepted, tries } = await calling;
  stack.sink.setDelay(0);
  await waitUntilTerminal(stack, accepted, 60_000);
  const good = tries.filter(({ status, atMs, tookMs }) => status === 202 && atMs + tookMs > freeAtMs).map(({ atMs, tookMs }) => atMs + tookMs - freeAtMs);
  return {
    ...(await judge(stack, accepted, plan.label)), held: hogs.held, ready,
    meanwhile: sumUp(tries.filter(({ atMs, tookMs }) => atMs + tookMs < freeAtMs), fullAtMs),
    acceptsAgainMs: Math.round(Math.min(...good)), claimsAgainMs: Math.round(claimsAgainMs),
    requests: requests.length, batches: await batchesOf(stack, requests), replayed: await replayAll(requests, accepted),
  };
}

function ownerUrlOf(stack: WholeStack): string {
  const url = stack.env['DATABASE_URL'];
  if (url === undefined) throw new Error('the stack has no database');
  return url;
}
