import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { senderWorkflowId } from '../../../workflows/system/sender/contract.ts';
import { makeAheadClock } from '../support/ahead-clock.ts';
import { takeBase } from '../support/after-fault.ts';
import { makeChaosTenant } from '../support/chaos-tenant.ts';
import { planRequests, sendAll } from '../support/invite-load.ts';
import { mailsTo } from '../support/mails.ts';
import type { Random } from '../support/seeded-random.ts';
import { judge, waitUntilTerminal, type Tally, type Verdict } from '../support/verdict.ts';
import { sleep, waitUntil } from '../support/wait-until.ts';
import type { WholeStack } from '../support/whole-stack.ts';

export type ClockPlan = { invites: number; label: string; tenant: string; aheadHours: number; holdsMs: number };
export type ClockReport = {
  verdict: Verdict; tally: Tally; how: string;
  sentMeanwhile: number; details: string; warnings: number; detailsAfterMs: number;
  /** From the clock's being put right to the first mail, and to the last. */
  sendsAgainMs: number; doneMs: number;
};

/** Worker and relay run on a machine whose wall clock is hours off; PostgreSQL's is right. Then the clock is put right. */
export async function workerClockAhead(stack: WholeStack, random: Random, plan: ClockPlan): Promise<ClockReport> {
  await takeBase(stack);
  const tenant = await makeChaosTenant(stack, plan.tenant);
  const clock = makeAheadClock(0);
  await Promise.all([stack.roles.worker.stop(), stack.roles.relay.stop()]);
  const [worker, relay] = await Promise.all((['worker', 'relay'] as const).map((role) => stack.startBeside(role, `ahead-${role}`, clock.env)));
  if (worker === undefined || relay === undefined) throw new Error('the roles did not start');
  try {
    // While they run: what they measured at their start is right.
    clock.setHours(plan.aheadHours);
    const accepted = await sendAll(planRequests(random, [tenant], plan.invites, plan.label));
    const askedAtMs = performance.now();
    const details = await waitUntil('the sender says why it holds', 60_000, async () => {
      const text = await detailsOf(stack, tenant.tenantId);
      return text.includes('clock_skew') ? text : null;
    });
    const detailsAfterMs = performance.now() - askedAtMs;
    await sleep(plan.holdsMs - detailsAfterMs);
    const sentMeanwhile = mailsTo(stack, plan.label);
    clock.setHours(0);
    const rightAtMs = performance.now();
    await waitUntil('sending goes on', 60_000, () => mailsTo(stack, plan.label) > 0);
    const sendsAgainMs = performance.now() - rightAtMs;
    await waitUntilTerminal(stack, accepted, 60_000);
    const doneMs = performance.now() - rightAtMs;
    const warnings = readFileSync(worker.logFile, 'utf8').split('\n').filter((line) => line.includes('"level":"warn"') && line.includes('clock_skew')).length;
    await Promise.all([worker.stop(), relay.stop()]);
    await Promise.all([stack.roles.worker.start(), stack.roles.relay.start()]);
    const round = (ms: number): number => Math.round(ms);
    return {
      ...(await judge(stack, accepted, plan.label)), how: clock.how, sentMeanwhile, details, warnings,
      detailsAfterMs: round(detailsAfterMs), sendsAgainMs: round(sendsAgainMs), doneMs: round(doneMs),
    };
  } finally {
    for (const role of [worker, relay]) if (role.alive) await role.kill();
    for (const name of ['worker', 'relay'] as const) if (!stack.roles[name].alive) await stack.roles[name].start();
    clock.remove();
  }
}

const metadata = z.object({ currentDetails: z.string().optional() });

/** What the Temporal UI shows as the sender's current details; empty while it has none. */
async function detailsOf(stack: WholeStack, tenantId: string): Promise<string> {
  const handle = stack.client.workflow.getHandle(senderWorkflowId({ tenantId, lane: 'email-0' }));
  try {
    return metadata.parse(await handle.query('__temporal_workflow_metadata')).currentDetails ?? '';
  } catch {
    return ''; // not started yet
  }
}
