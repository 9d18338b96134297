import { senderWorkflowId } from '../../../workflows/system/sender/contract.ts';
import { lastAttempt } from '../support/attempts.ts';
import { makeChaosTenants, type ChaosTenant } from '../support/chaos-tenant.ts';
import { acceptedBy, bodyOf, planRequests, type Accepted, type InviteRequest } from '../support/invite-load.ts';
import type { Random } from '../support/seeded-random.ts';
import { judge, readStates, waitUntilTerminal, type Tally, type Verdict } from '../support/verdict.ts';
import { sleep, waitUntil } from '../support/wait-until.ts';
import type { WholeStack } from '../support/whole-stack.ts';

export type OutagePlan = { invites: number; label: string; tenants: readonly string[]; sinkDelayMs: number };
export type OutageReport = { verdict: Verdict; tally: Tally; acceptedMeanwhile: number; doneMsAfter: number };

const DONE_WITHIN_MS = 180_000;

type Load = { tenants: ChaosTenant[]; first: InviteRequest[]; meanwhile: InviteRequest[] };

async function arrange(stack: WholeStack, random: Random, plan: OutagePlan): Promise<Load> {
  stack.sink.setDelay(plan.sinkDelayMs);
  const tenants = await makeChaosTenants(stack, plan.tenants);
  const half = Math.ceil(plan.invites / 2);
  return { tenants, first: planRequests(random, tenants, half, `${plan.label}a`), meanwhile: planRequests(random, tenants, plan.invites - half, `${plan.label}b`) };
}

/** One try each, and it must be a 202: with Temporal away the API accepts as always. */
async function acceptAtOnce(requests: readonly InviteRequest[]): Promise<Accepted[]> {
  const accepted: Accepted[] = [];
  for (const request of requests) accepted.push(...acceptedBy(request, await request.tenant.api.send('POST', '/v1/invites', bodyOf(request), request.key)));
  return accepted;
}

async function conclude(stack: WholeStack, plan: OutagePlan, accepted: readonly Accepted[], acceptedMeanwhile: number): Promise<OutageReport> {
  const backAtMs = performance.now();
  await waitUntilTerminal(stack, accepted, DONE_WITHIN_MS);
  const doneMsAfter = performance.now() - backAtMs;
  return { ...(await judge(stack, accepted, plan.label)), acceptedMeanwhile, doneMsAfter };
}

async function openOf(stack: WholeStack, accepted: readonly Accepted[]): Promise<number> {
  return [...(await readStates(stack, accepted)).values()].filter((row) => row.open).length;
}

async function waitForSending(stack: WholeStack, after: number): Promise<void> {
  await waitUntil('something is being sent', 60_000, async () => (await lastAttempt(stack)) > after);
}

/** Temporal is killed in the middle of sending, stays away, and comes back with what it had on its disk. */
export async function temporalAway(stack: WholeStack, random: Random, plan: OutagePlan & { awayMs: number }): Promise<OutageReport & { waitingMeanwhile: number }> {
  const load = await arrange(stack, random, plan);
  const before = await lastAttempt(stack);
  const accepted = await acceptAtOnce(load.first);
  await waitForSending(stack, before);
  await sleep(random.whole(0, 500));
  await stack.temporal.kill();
  const backAtMs = performance.now() + plan.awayMs;
  const meanwhile: Accepted[] = [];
  for (const [i, request] of load.meanwhile.entries()) {
    meanwhile.push(...(await acceptAtOnce([request])));
    // All along, so that some come when no sender has a turn under way any more.
    await sleep(Math.max(0, (backAtMs - performance.now()) / (load.meanwhile.length - i)));
  }
  const waiting = await openOf(stack, meanwhile);
  await stack.temporal.start();
  return { ...(await conclude(stack, plan, [...accepted, ...meanwhile], meanwhile.length)), waitingMeanwhile: waiting };
}

/** Temporal is killed and its store is gone: no sender, no timer, no search attribute is left. */
export async function temporalForgets(stack: WholeStack, random: Random, plan: OutagePlan): Promise<OutageReport> {
  const load = await arrange(stack, random, plan);
  const before = await lastAttempt(stack);
  const accepted = await acceptAtOnce([...load.first, ...load.meanwhile]);
  await waitForSending(stack, before);
  await sleep(random.whole(0, 500));
  await stack.temporal.kill();
  stack.temporal.forget();
  await stack.temporal.start();
  return conclude(stack, plan, accepted, 0);
}

/** An operator terminates every sender in the middle of its work; nobody asks for anything afterwards. */
export async function sendersTerminated(stack: WholeStack, random: Random, plan: OutagePlan): Promise<OutageReport> {
  const load = await arrange(stack, random, plan);
  const before = await lastAttempt(stack);
  const accepted = await acceptAtOnce([...load.first, ...load.meanwhile]);
  await waitForSending(stack, before);
  await sleep(random.whole(0, 500));
  for (const { tenantId } of load.tenants) {
    await stack.client.workflow.getHandle(senderWorkflowId({ tenantId, lane: 'email-0' })).terminate('an operator did it');
  }
  return conclude(stack, plan, accepted, 0);
}
