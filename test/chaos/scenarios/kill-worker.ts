import { claimedNow, firstMailAfter, lastAttempt, unknownOf, waitUntilDisconnected } from '../support/attempts.ts';
import { say } from '../support/chaos-test.ts';
import { makeChaosTenants } from '../support/chaos-tenant.ts';
import { planRequests, sendAll, type Accepted } from '../support/invite-load.ts';
import type { Random } from '../support/seeded-random.ts';
import { judge, waitUntilTerminal, type Tally, type Verdict } from '../support/verdict.ts';
import { sleep, waitUntil } from '../support/wait-until.ts';
import type { WholeStack } from '../support/whole-stack.ts';

export type KillPlan = { invites: number; kills: number; tenants: readonly string[]; sinkDelayMs: number; label: string };

/** One `kill -9` and what followed; times in ms. */
export type Kill = {
  /** Claimed at that instant: what may become unknown. */
  claimed: number;
  unknown: number;
  resumedAfterKillMs: number;
  resumedAfterReadyMs: number;
};

export type KillReport = { verdict: Verdict; tally: Tally; kills: Kill[] };

const RESUMES_WITHIN_MS = 60_000;

/**
 * Kills the worker again and again while invites go out, and starts it again each time. Every kill falls inside the
 * sending: something is claimed at that instant, or it does not count.
 */
export async function killWorkerWhileSending(stack: WholeStack, random: Random, plan: KillPlan): Promise<KillReport> {
  stack.sink.setDelay(plan.sinkDelayMs);
  const tenants = await makeChaosTenants(stack, plan.tenants);
  const requests = planRequests(random, tenants, plan.invites, plan.label);
  const sending = sendAll(requests);
  const cuts: Cut[] = [];
  const kills: Kill[] = [];
  let boundary = 0;
  // Sending time between two kills: together less than all the mail takes, so that none of the kills comes too late.
  const longestMs = (0.8 * plan.invites * plan.sinkDelayMs) / (stack.connections * plan.kills) - 200;
  await waitForSending(stack, 0);
  while (cuts.length < plan.kills) {
    await sleep(random.whole(0, Math.max(200, Math.floor(longestMs))));
    const cut = await killOnce(stack, boundary);
    const resumed = await restart(stack, cut);
    if (cut.claimed > 0) {
      cuts.push(cut);
      kills.push({ claimed: cut.claimed, unknown: 0, ...resumed });
      say(`kill ${String(kills.length)}: ${String(cut.claimed)} claimed; sending again ${seconds(resumed.resumedAfterKillMs)} after the kill, ${seconds(resumed.resumedAfterReadyMs)} after ready`);
    }
    boundary = cut.lastAttempt;
  }
  const accepted: Accepted[] = await sending;
  stack.sink.setDelay(0);
  await waitUntilTerminal(stack, accepted, 120_000);
  for (const [i, cut] of cuts.entries()) {
    const kill = kills[i];
    if (kill !== undefined) kill.unknown = await unknownOf(stack, cut.firstAttempt, cut.lastAttempt);
  }
  return { ...(await judge(stack, accepted, plan.label)), kills };
}

type Cut = { firstAttempt: number; lastAttempt: number; claimed: number; killedAt: number };

async function killOnce(stack: WholeStack, firstAttempt: number): Promise<Cut> {
  const killedAt = Date.now();
  await stack.roles.worker.kill();
  await waitUntilDisconnected(stack, 'flywheel worker');
  return { firstAttempt, lastAttempt: await lastAttempt(stack), claimed: await claimedNow(stack, firstAttempt), killedAt };
}

async function restart(stack: WholeStack, cut: Cut): Promise<Pick<Kill, 'resumedAfterKillMs' | 'resumedAfterReadyMs'>> {
  await stack.roles.worker.start();
  const readyAt = Date.now();
  const mailAt = await waitForSending(stack, cut.lastAttempt);
  return { resumedAfterKillMs: mailAt - cut.killedAt, resumedAfterReadyMs: mailAt - readyAt };
}

function waitForSending(stack: WholeStack, after: number): Promise<number> {
  return waitUntil('mail goes out', RESUMES_WITHIN_MS, () => firstMailAfter(stack, after));
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
