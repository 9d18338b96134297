import { catchInTransaction, claimedNow, lastAttempt } from '../support/attempts.ts';
import { makeChaosTenant } from '../support/chaos-tenant.ts';
import { say } from '../support/chaos-test.ts';
import { planRequests, sendAll } from '../support/invite-load.ts';
import type { Random } from '../support/seeded-random.ts';
import { judge, readStates, waitUntilTerminal, type Tally, type Verdict } from '../support/verdict.ts';
import { sleep, waitUntil } from '../support/wait-until.ts';
import type { WholeStack } from '../support/whole-stack.ts';

export type FreezePlan = {
  invites: number;
  sinkDelayMs: number;
  label: string;
  /** Freeze it with a transaction open, whose locks everybody else then waits for. */
  inTransaction?: boolean;
};
export type FreezeReport = { verdict: Verdict; tally: Tally; claimed: number; unknownWhileFrozen: number; stayedUnknown: number };

/** Temporal hands tasks to the frozen one's open polls, too; each costs a heartbeat's time before it is given to somebody else. */
const FENCED_WITHIN_MS = 120_000;

/**
 * Freezes a worker in the middle of sending until another has fenced it off and sent the rest; then lets it go on. It
 * finds its answers in its sockets, and records late.
 */
export async function freezeWorkerWhileSending(stack: WholeStack, random: Random, plan: FreezePlan): Promise<FreezeReport> {
  stack.sink.setDelay(plan.sinkDelayMs);
  const tenant = await makeChaosTenant(stack, `tenant${plan.label.replaceAll(/\W/g, '')}`);
  const before = await lastAttempt(stack);
  const accepted = await sendAll(planRequests(random, [tenant], plan.invites, plan.label));
  await waitUntil('the first worker sends', 30_000, async () => (await claimedNow(stack, before)) > 0);
  await sleep(random.whole(0, 300));
  if (plan.inTransaction === true) await freezeInTransaction(stack);
  else stack.roles.worker.freeze();
  const claimed = await claimedNow(stack, before);
  const frozenAfter = await lastAttempt(stack);
  const other = await stack.startWorker();
  try {
    stack.sink.setDelay(0);
    await waitUntil('the other worker has fenced the first off', FENCED_WITHIN_MS, async () => (await lastAttempt(stack)) > frozenAfter);
    await waitUntilTerminal(stack, accepted, 60_000);
    const unknown = [...(await readStates(stack, accepted))].filter(([, row]) => row.state === 'unknown').map(([id]) => id);
    say(`${String(claimed)} claimed by the frozen worker, ${String(unknown.length)} unknown to the other`);
    stack.roles.worker.thaw();
    let stayedUnknown = unknown.length;
    await waitUntil('late records turn unknown into the truth', 60_000, async () => {
      const states = await readStates(stack, accepted);
      stayedUnknown = unknown.filter((id) => states.get(id)?.state === 'unknown').length;
      return stayedUnknown === 0;
    }, () => ({ stayedUnknown }));
    await waitUntilTerminal(stack, accepted, 60_000);
    return { ...(await judge(stack, accepted, plan.label)), claimed, unknownWhileFrozen: unknown.length, stayedUnknown };
  } finally {
    if (stack.roles.worker.alive) stack.roles.worker.thaw();
    await other.stop();
  }
}

const WORKER = 'flywheel worker';
const HOLDS_STILL_MS = 200;

/** Freezes the worker where it has a transaction open and the database waits for its next word: tries until it is hit. */
async function freezeInTransaction(stack: WholeStack): Promise<void> {
  await waitUntil('the worker is frozen with a transaction open', 30_000, async () => {
    if (!(await catchInTransaction(stack, WORKER, 1_000))) return false;
    stack.roles.worker.freeze();
    await sleep(HOLDS_STILL_MS);
    const held = await stack.superuser.sql`select 1 from pg_stat_activity where application_name = ${WORKER} and state = 'idle in transaction'`;
    if (held.length > 0) return true;
    stack.roles.worker.thaw();
    return false;
  });
}
