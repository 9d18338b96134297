import { proxyActivities, sleep } from '@temporalio/workflow';
import type { NaiveActivities } from './naive-temporal.ts';

const { plan, send } = proxyActivities<NaiveActivities>({ startToCloseTimeout: '1 minute' });

/** An invite as a workflow of its own: plan, wait for the time, send. */
export async function naiveInvite(inviteId: string): Promise<string> {
  const waitMs = await plan(inviteId);
  await sleep(waitMs);
  return send(inviteId);
}
