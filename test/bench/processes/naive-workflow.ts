import { condition, defineSignal, proxyActivities, setHandler, sleep } from '@temporalio/workflow';
import type { NaiveActivities } from './naive-temporal.ts';

const { plan, send } = proxyActivities<NaiveActivities>({ startToCloseTimeout: '1 minute' });

/** An invite as a workflow of its own: plan, wait for the time, send. */
export async function naiveInvite(inviteId: string): Promise<string> {
  const waitMs = await plan(inviteId);
  await sleep(waitMs);
  return send(inviteId);
}

/** A run as bare as it can be: it waits for one fact, or for its deadline. */
export async function naiveRun(): Promise<string> {
  let told = false;
  setHandler(defineSignal('tell'), () => { told = true; });
  return (await condition(() => told, '14 days')) ? 'told' : 'expired';
}
