import { proxyActivities, sleep } from '@temporalio/workflow';
import type { Activities } from '../../../activities/create-activities.ts';
import { lifeOf } from '../../kit/life-of.ts';
import { workflowNow } from '../../kit/now.ts';
import { payoutRun } from './contract.ts';

const { handOverPayout, reconcilePayout } = proxyActivities<Pick<Activities, 'handOverPayout' | 'reconcilePayout'>>({
  // A claim, a call of 15 seconds, a record. What was claimed and not recorded is found by the next try, and never paid again.
  startToCloseTimeout: '1 minute',
  summary: 'hands the payout to its rail, or looks for it there',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '2 minutes' },
});

/** After a deadline that an operator moved into the past. */
const LEAST_PAUSE_MS = 60_000;

/** A payout from its approval to its end: handed over, then confirmed or found. The row decides; the run moves time. */
export const payout = lifeOf(payoutRun, async (run) => {
  const which = { tenantId: run.tenantId, payoutId: run.runId };
  await run.mayAct();
  let look = await handOverPayout({ ...which, again: false });
  while (look.kind === 'goes_on') {
    run.stage(look.stage);
    const heard = await run.next(['payout_moved', 'look', 'resend'], { until: look.nextAt });
    if (heard.kind === 'deadline' && (look.nextAt === null || workflowNow() < look.nextAt)) await sleep(LEAST_PAUSE_MS);
    await run.turn();
    const isToHandOver = heard.kind === 'resend' || look.next === 'hand_over';
    look = isToHandOver ? await handOverPayout({ ...which, again: heard.kind === 'resend' }) : await reconcilePayout(which);
  }
  return run.close(look.outcome);
});
