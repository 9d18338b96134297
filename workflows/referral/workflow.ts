import { proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../../activities/create-activities.ts';
import { lifeOf } from '../kit/life-of.ts';
import { workflowNow } from '../kit/now.ts';
import { referralLife } from './definition.ts';

/** Where the rows call something due that a look just left: clocks differ by a little, and this is not worth a busy loop. */
const LOOK_AGAIN_MS = 10_000;

const { settleReferral } = proxyActivities<Pick<Activities, 'settleReferral'>>({
  // A transaction over one referral's rows. It waits for events of the same referral; whatever fails, a later try may mend.
  startToCloseTimeout: '30 seconds',
  summary: 'releases and expires what is due, and says what is next',
  retry: { initialInterval: '500 milliseconds', backoffCoefficient: 2, maximumInterval: '1 minute' },
});

/**
 * The life of a referral: look at its rows, release what is due, sleep until the next is due or something changed, and end when nothing
 * is to come. The rows carry what is earned and until when it is held; this carries the time. A later fact lets it begin again.
 */
export const referral = lifeOf(referralLife, async (run) => {
  for (;;) {
    await run.turn(); // a paused run releases nothing
    run.takeWaiting(['changed']); // one look sees all of it
    const look = await settleReferral({ tenantId: run.tenantId, referralId: run.runId });
    if (look.kind === 'over') {
      const end = await run.closeUnless(['changed'], look.outcome);
      if (end !== null) return end;
      continue;
    }
    run.stage(look.stage);
    await run.next(['changed'], { until: look.nextAt === null ? null : Math.max(look.nextAt, workflowNow() + LOOK_AGAIN_MS) });
  }
});
