import { lastAttempt } from '../support/attempts.ts';
import { makeChaosTenant, type ChaosTenant } from '../support/chaos-tenant.ts';
import { planRequests, sendAll, type Accepted } from '../support/invite-load.ts';
import { operatorOf, type Operator } from '../support/operator.ts';
import type { Random } from '../support/seeded-random.ts';
import { judge, readStates, waitUntilTerminal, type Tally, type Verdict } from '../support/verdict.ts';
import { sleep, waitUntil } from '../support/wait-until.ts';
import type { WholeStack } from '../support/whole-stack.ts';
import { NUDGE_SIGNAL } from '../../../workflows/system/sender/contract.ts';

export type MeddlePlan = { label: string; invites: number; sinkDelayMs: number; times: number };
export type MeddleReport = { verdict: Verdict; tally: Tally; doneMs: number; done: string[] };

/** What an operator does, once; says what it was. */
type Meddling = (operator: Operator, random: Random) => Promise<string>;

export const MEDDLINGS = {
  reset: async (operator, random) => {
    const { event, of } = await operator.reset(random);
    return `reset to event ${String(event)} of ${String(of)}`;
  },
  cancel: async (operator) => {
    await operator.handle().cancel();
    return 'canceled';
  },
  terminate_and_start: async (operator) => {
    await operator.handle().terminate('an operator did it');
    await operator.startAgain();
    return 'terminated, and started by hand';
  },
  terminate_and_reset: async (operator, random) => {
    await operator.handle().terminate('an operator did it');
    const { event, of } = await operator.reset(random);
    return `terminated, and reset to event ${String(event)} of ${String(of)}`;
  },
  stray_signals: async (operator) => {
    await operator.handle().signal(NUDGE_SIGNAL, { with: 'data that nobody asked for' });
    await operator.handle().signal('no_such_signal', 1, 'two');
    for (let i = 0; i < 50; i += 1) await operator.handle().signal(NUDGE_SIGNAL);
    return '52 signals';
  },
} satisfies Record<string, Meddling>;

export type MeddlingName = keyof typeof MEDDLINGS;

/** Somebody meddles with a sender again and again while it sends. */
export async function meddleWhileSending(stack: WholeStack, random: Random, name: MeddlingName, plan: MeddlePlan): Promise<MeddleReport> {
  const tenant = await makeChaosTenant(stack, `${plan.label.replaceAll('_', '-')}x`);
  const operator = operatorOf(stack, tenant);
  const meddle: Meddling = MEDDLINGS[name];
  stack.sink.setDelay(plan.sinkDelayMs);
  const accepted = await sendAll(planRequests(random, [tenant], plan.invites, plan.label));
  const done: string[] = [];
  for (let i = 0; i < plan.times && (await openOf(stack, accepted)) > 0; i += 1) {
    const before = await lastAttempt(stack);
    await waitUntil('something is being sent', 60_000, async () => (await lastAttempt(stack)) > before || (await openOf(stack, accepted)) === 0);
    await sleep(random.whole(0, 1_000));
    // A sender that is gone for now, canceled the time before, cannot be meddled with: its next nudge brings it back.
    done.push(await meddle(operator, random).catch((error: unknown) => `could not: ${error instanceof Error ? error.message : String(error)}`));
  }
  return conclude(stack, plan, accepted, done);
}

/** Somebody meddles with a sender that sleeps. Nothing may leave again, and what comes after must. */
export async function meddleWhileIdle(stack: WholeStack, random: Random, name: MeddlingName, plan: MeddlePlan): Promise<MeddleReport & { leftAgain: number }> {
  const tenant = await makeChaosTenant(stack, `${plan.label.replaceAll('_', '-')}x`);
  const operator = operatorOf(stack, tenant);
  stack.sink.setDelay(0);
  const first = await sendAll(planRequests(random, [tenant], plan.invites, `${plan.label}a`));
  await waitUntilTerminal(stack, first, 60_000);
  await operator.asleep();
  const mails = stack.sink.deliveries().length;
  const done: string[] = [];
  for (let i = 0; i < plan.times; i += 1) {
    const meddle: Meddling = MEDDLINGS[name];
    done.push(await meddle(operator, random));
    await sleep(random.whole(500, 3_000));
  }
  const leftAgain = stack.sink.deliveries().length - mails;
  const second = await sendAll(planRequests(random, [tenant], plan.invites, `${plan.label}b`));
  return { ...(await conclude(stack, plan, [...first, ...second], done)), leftAgain };
}

/** Senders started by hand for one lane, each under an id of its own: every one takes the lane from the others. */
export async function manySendersForOneLane(stack: WholeStack, random: Random, plan: MeddlePlan): Promise<MeddleReport> {
  const tenant: ChaosTenant = await makeChaosTenant(stack, `${plan.label}many`);
  const operator = operatorOf(stack, tenant);
  stack.sink.setDelay(plan.sinkDelayMs);
  const accepting = sendAll(planRequests(random, [tenant], plan.invites, plan.label));
  const others = await Promise.all(Array.from({ length: plan.times }, async () => {
    await sleep(random.whole(0, 2_000));
    return operator.startAnother();
  }));
  try {
    return await conclude(stack, plan, await accepting, others.map(({ workflowId }) => workflowId.replace(/\/tnt_.*/, '')));
  } finally {
    for (const other of others) await other.terminate('the test is over').catch(() => {});
  }
}

async function conclude(stack: WholeStack, plan: MeddlePlan, accepted: readonly Accepted[], done: string[]): Promise<MeddleReport> {
  const startedAtMs = performance.now();
  await waitUntilTerminal(stack, accepted, 120_000);
  const doneMs = Math.round(performance.now() - startedAtMs);
  // No process died: the late records of those that were fenced off tell the truth.
  await waitUntil('nothing is unknown', 20_000, async () => ![...(await readStates(stack, accepted)).values()].some(({ state }) => state === 'unknown'));
  return { ...(await judge(stack, accepted, plan.label)), doneMs, done };
}

async function openOf(stack: WholeStack, accepted: readonly Accepted[]): Promise<number> {
  return [...(await readStates(stack, accepted)).values()].filter(({ open }) => open).length;
}
