import { claimedNow, lastAttempt, unknownOf } from '../support/attempts.ts';
import { makeChaosTenants } from '../support/chaos-tenant.ts';
import { say } from '../support/chaos-test.ts';
import { planRequests, sendAll } from '../support/invite-load.ts';
import type { Random } from '../support/seeded-random.ts';
import { judge, waitUntilTerminal, type Tally, type Verdict } from '../support/verdict.ts';
import { sleep, waitUntil } from '../support/wait-until.ts';
import type { WholeStack } from '../support/whole-stack.ts';

export type PostgresKillPlan = { invites: number; kills: number; tenants: readonly string[]; sinkDelayMs: number; label: string; longestDownMs: number };
export type PostgresKillReport = { verdict: Verdict; tally: Tally; unknownPerKill: number[]; claimedPerKill: number[]; resumedMs: number[]; survivors: string[] };

/** Kills the database's server and all its processes in the middle of sending, and starts it again; nobody else is touched. */
export async function killPostgresWhileSending(stack: WholeStack, random: Random, plan: PostgresKillPlan): Promise<PostgresKillReport> {
  stack.sink.setDelay(plan.sinkDelayMs);
  const tenants = await makeChaosTenants(stack, plan.tenants);
  const sending = sendAll(planRequests(random, tenants, plan.invites, plan.label));
  const claimedPerKill: number[] = [];
  const resumedMs: number[] = [];
  const longestMs = (0.6 * plan.invites * plan.sinkDelayMs) / (stack.connections * plan.kills);
  let before = await lastAttempt(stack);
  const boundaries = [before];
  while (claimedPerKill.length < plan.kills) {
    await waitUntil('something is being sent', 60_000, async () => (await claimedNow(stack, before)) > 0);
    await sleep(random.whole(0, Math.floor(longestMs)));
    await stack.postgres.kill();
    const killedAtMs = performance.now();
    await sleep(random.whole(0, plan.longestDownMs));
    await stack.postgres.start();
    const upAtMs = performance.now();
    before = await lastAttempt(stack);
    boundaries.push(before);
    claimedPerKill.push(await claimedNow(stack, boundaries.at(-2) ?? 0));
    await waitUntil('sending goes on', 60_000, async () => (await lastAttempt(stack)) > before);
    resumedMs.push(performance.now() - upAtMs);
    say(`PostgreSQL was away for ${seconds(upAtMs - killedAtMs)}; claims went on ${seconds(resumedMs.at(-1) ?? 0)} after it was back`);
  }
  const accepted = await sending;
  stack.sink.setDelay(0);
  await waitUntilTerminal(stack, accepted, 120_000);
  const unknownPerKill: number[] = [];
  for (let i = 0; i + 1 < boundaries.length; i += 1) unknownPerKill.push(await unknownOf(stack, boundaries[i] ?? 0, boundaries[i + 1] ?? 0));
  const { api, relay, worker } = stack.roles;
  const survivors = Object.entries({ api, relay, worker }).flatMap(([name, role]) => (role.alive ? [name] : []));
  return { ...(await judge(stack, accepted, plan.label)), unknownPerKill, claimedPerKill, resumedMs, survivors };
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
