import { claimedNow, lastAttempt } from '../support/attempts.ts';
import { makeChaosTenant } from '../support/chaos-tenant.ts';
import { planRequests, sendAll } from '../support/invite-load.ts';
import type { Random } from '../support/seeded-random.ts';
import { judge, waitUntilTerminal, type Tally, type Verdict } from '../support/verdict.ts';
import { sleep, waitUntil } from '../support/wait-until.ts';
import type { WholeStack } from '../support/whole-stack.ts';

export type StopPlan = { invites: number; stops: number; sinkDelayMs: number; label: string };

/** Stops the worker as a deployment does, by SIGTERM in the middle of sending, and starts it again. */
export async function stopWorkerWhileSending(stack: WholeStack, random: Random, plan: StopPlan): Promise<{ verdict: Verdict; tally: Tally; stopMs: number[]; leftClaimed: number }> {
  stack.sink.setDelay(plan.sinkDelayMs);
  const tenant = await makeChaosTenant(stack, 'rolling');
  const accepted = await sendAll(planRequests(random, [tenant], plan.invites, plan.label));
  const stopMs: number[] = [];
  let leftClaimed = 0;
  let before = 0;
  for (let i = 0; i < plan.stops; i += 1) {
    before = await lastAttempt(stack);
    await waitUntil('something is being sent', 60_000, async () => (await claimedNow(stack, before)) > 0);
    await sleep(random.whole(0, 300));
    const stoppedAtMs = performance.now();
    await stack.roles.worker.stop();
    stopMs.push(performance.now() - stoppedAtMs);
    leftClaimed += await claimedNow(stack, 0);
    await stack.roles.worker.start();
  }
  stack.sink.setDelay(0);
  await waitUntilTerminal(stack, accepted, 60_000);
  return { ...(await judge(stack, accepted, plan.label)), stopMs, leftClaimed };
}
