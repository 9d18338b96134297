import type { History } from '@temporalio/common/lib/proto-utils';
import type { DeliverReport } from '../../activities/webhooks/deliver-due.ts';
import { DELIVER_WEBHOOKS_WORKFLOW, LOOK_AGAIN_SIGNAL } from '../../workflows/system/deliver-webhooks/contract.ts';
import type { deliverWebhooks } from '../../workflows/system/deliver-webhooks/workflow.ts';
import type { VirtualTime } from '../support/loops.ts';

const INPUT = { tenantId: 'tnt_01ksr49200081040g2081040g2' };
const NOTHING: DeliverReport = { sent: 0, onTheWire: 0, nextInMs: null };

/** Lives of the run that delivers webhooks worth keeping. */
export const WEBHOOK_SCENARIOS: Readonly<Record<string, (time: VirtualTime) => Promise<History>>> = {
  /** An endpoint hangs, then fails and is tried again hours later; a nudge comes while a turn works; a day later it ends. */
  'deliver-webhooks-whole-life': async (time) => {
    const workflowId = time.freshId('webhooks');
    const handle = time.env.client.workflow.getHandle(workflowId);
    const turns: (DeliverReport | 'nudged')[] = [
      { sent: 3, onTheWire: 2, nextInMs: 0 }, { sent: 0, onTheWire: 0, nextInMs: 5_000 }, 'nudged', { sent: 1, onTheWire: 0, nextInMs: 7 * 3_600_000 }, { sent: 0, onTheWire: 0, nextInMs: 3_600_000 },
    ];
    const deliverDue = async (): Promise<DeliverReport> => {
      const turn = turns.shift() ?? NOTHING;
      if (turn !== 'nudged') return turn;
      await handle.signal(LOOK_AGAIN_SIGNAL);
      return { ...NOTHING, nextInMs: 60_000 };
    };
    await time.withWorker({ deliverDue }, (taskQueue) =>
      time.env.client.workflow.execute<typeof deliverWebhooks>(DELIVER_WEBHOOKS_WORKFLOW, { taskQueue, workflowId, args: [INPUT] }));
    return handle.fetchHistory();
  },
};
