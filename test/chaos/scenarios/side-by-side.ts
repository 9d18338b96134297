import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lastAttempt } from '../support/attempts.ts';
import { makeChaosTenants, type ChaosTenant } from '../support/chaos-tenant.ts';
import { planRequests, sendAll, type Accepted } from '../support/invite-load.ts';
import type { KillableRole } from '../support/killable-role.ts';
import { operatorOf } from '../support/operator.ts';
import type { Random } from '../support/seeded-random.ts';
import { judge, waitUntilTerminal, type Tally, type Verdict } from '../support/verdict.ts';
import { startVersion, type Version } from '../support/versions.ts';
import { sleep, waitUntil } from '../support/wait-until.ts';
import type { WholeStack } from '../support/whole-stack.ts';

/** The stack without its own worker; `versions` start and die in it. Everything is stopped and removed at the end. */
async function withVersions<T>(stack: WholeStack, work: (start: (version: Version) => Promise<KillableRole>) => Promise<T>): Promise<T> {
  const dir = mkdtempSync(join(tmpdir(), 'flywheel-versions-'));
  const started: KillableRole[] = [];
  if (stack.roles.worker.alive) await stack.roles.worker.stop();
  try {
    return await work(async (version) => {
      const worker = await startVersion(stack, version, dir);
      started.push(worker);
      return worker;
    });
  } finally {
    for (const worker of started) if (worker.alive) await worker.kill();
    await stack.roles.worker.start();
    rmSync(dir, { recursive: true, force: true });
  }
}

/** How a sender's newest run stands: is it the first still, how many of its workflow tasks failed, how often the one under way was tried. */
type Life = { isFirst: boolean; failedTasks: number; tries: number };

async function lifeOf(stack: WholeStack, tenant: ChaosTenant): Promise<Life> {
  const handle = operatorOf(stack, tenant).handle();
  const { raw } = await handle.describe();
  const { events } = await handle.fetchHistory();
  return {
    isFirst: raw.workflowExecutionInfo?.execution?.runId === raw.workflowExecutionInfo?.firstRunId,
    failedTasks: (events ?? []).filter((event) => event.workflowTaskFailedEventAttributes != null).length,
    tries: raw.pendingWorkflowTask?.attempt ?? 0,
  };
}

export type AlternatePlan = { label: string; invitesEach: number; rounds: number; sinkDelayMs: number; versions: readonly [Version, Version] };
export type AlternateReport = { verdict: Verdict; tally: Tally; lives: Life[]; took: string[] };

/**
 * Two versions take turns, each killed in the middle of its work, so that every run's history is continued by the other;
 * at last both run side by side. Of the tenants one sends all the time, one only now and then and sleeps in between.
 */
export async function versionsAlternate(stack: WholeStack, random: Random, plan: AlternatePlan): Promise<AlternateReport> {
  stack.sink.setDelay(plan.sinkDelayMs);
  const tenants = await makeChaosTenants(stack, [`${plan.label}busy`, `${plan.label}idle`]);
  const [busy, idle] = tenants;
  if (busy === undefined || idle === undefined) throw new Error('no tenants');
  return withVersions(stack, async (start) => {
    const accepted: Accepted[] = [];
    const took: string[] = [];
    for (let round = 0; round < plan.rounds; round += 1) {
      const version = plan.versions[round % 2] ?? 'today';
      const worker = await start(version);
      const before = await lastAttempt(stack);
      const startedAtMs = performance.now();
      accepted.push(...(await sendAll(planRequests(random, [busy], plan.invitesEach, `${plan.label}${String(round)}b-`))));
      accepted.push(...(await sendAll(planRequests(random, [idle], 3, `${plan.label}${String(round)}i-`))));
      await waitUntil(`${version} sends`, 90_000, async () => (await lastAttempt(stack)) > before);
      took.push(`${version}: sends after ${((performance.now() - startedAtMs) / 1000).toFixed(1)} s`);
      // Every other time the one sleeps on the timer that this version has set.
      if (round % 2 === 1) await operatorOf(stack, idle).asleep();
      await sleep(random.whole(500, 3_000));
      await worker.kill();
    }
    stack.sink.setDelay(0);
    const both = await Promise.all(plan.versions.map(start));
    accepted.push(...(await sendAll(planRequests(random, tenants, plan.invitesEach, `${plan.label}z-`))));
    await waitUntilTerminal(stack, accepted, 120_000);
    const lives = await Promise.all(tenants.map((tenant) => lifeOf(stack, tenant)));
    for (const worker of both) await worker.stop();
    await stack.roles.worker.start();
    const report = { ...(await judge(stack, accepted, plan.label)), lives, took };
    await stack.roles.worker.stop();
    return report;
  });
}

export type RollbackPlan = { label: string; invites: number };
export type RollbackReport = {
  verdict: Verdict;
  tally: Tally;
  /** Mails that left while only the old version ran and the run had been continued by the new one: none can. */
  leftStuck: number;
  stuck: Life;
  /** From the new version's start beside the old one until all had left; the tries it took. */
  sideBySideMs: number;
  /** With the old version alone again: from the operator's `terminate` until all had left. */
  terminatedMs: number;
};

/**
 * What happens to a run that the new version has marked when only the old one is there: its workflow task fails and is
 * tried again. Beside the new one it goes on by itself; where the new one stays away an operator terminates the sender,
 * and the sweep starts it anew, under the old version.
 */
export async function oldMeetsPatch(stack: WholeStack, random: Random, plan: RollbackPlan): Promise<RollbackReport> {
  stack.sink.setDelay(0);
  const [tenant] = await makeChaosTenants(stack, [`${plan.label}one`]);
  if (tenant === undefined) throw new Error('no tenant');
  const operator = operatorOf(stack, tenant);
  const accept = (part: string): Promise<Accepted[]> => sendAll(planRequests(random, [tenant], plan.invites, `${plan.label}${part}-`));
  const sendAndSleep = async (part: string): Promise<Accepted[]> => {
    const accepted = await accept(part);
    await waitUntilTerminal(stack, accepted, 60_000);
    await operator.asleep();
    return accepted;
  };
  return withVersions(stack, async (start) => {
    const old = await start('released');
    const accepted = await sendAndSleep('a');
    await old.kill();
    const patched = await start('patched');
    accepted.push(...(await sendAndSleep('b')));
    await patched.kill();

    // The same version finds its own mark in the middle of a life that began without it.
    const patchedAgain = await start('patched');
    accepted.push(...(await sendAndSleep('c')));
    const marked = await lifeOf(stack, tenant);
    if (marked.failedTasks > 0 || !marked.isFirst) throw new Error(`the patched version did not continue the run: ${JSON.stringify(marked)}`);
    await patchedAgain.kill();

    const rolledBack = await start('released');
    const mails = stack.sink.deliveries().length;
    accepted.push(...(await accept('d')));
    const stuck = await waitUntil('the old version fails', 60_000, async () => {
      const life = await lifeOf(stack, tenant);
      return life.tries > 1 || life.failedTasks > 0 ? life : null;
    });
    await sleep(15_000);
    const leftStuck = stack.sink.deliveries().length - mails;
    const sideBySideAtMs = performance.now();
    const beside = await start('patched');
    await waitUntilTerminal(stack, accepted, 240_000);
    const sideBySideMs = Math.round(performance.now() - sideBySideAtMs);
    await operator.asleep();
    await beside.kill();

    accepted.push(...(await accept('e')));
    await waitUntil('the old version fails again', 90_000, async () => (await lifeOf(stack, tenant)).tries > 2);
    const terminatedAtMs = performance.now();
    await operator.handle().terminate('rolled back');
    await waitUntilTerminal(stack, accepted, 60_000);
    const terminatedMs = Math.round(performance.now() - terminatedAtMs);
    await rolledBack.stop();
    await stack.roles.worker.start();
    const report = { ...(await judge(stack, accepted, plan.label)), leftStuck, stuck, sideBySideMs, terminatedMs };
    await stack.roles.worker.stop();
    return report;
  });
}
