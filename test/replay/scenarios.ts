import type { History } from '@temporalio/common/lib/proto-utils';
import type { SendDueReport } from '../../activities/messages/send-due.ts';
import { NUDGE_SIGNAL, SENDER_WORKFLOW } from '../../workflows/system/sender/contract.ts';
import type { SenderInput } from '../../workflows/system/sender/contract.ts';
import type { sender } from '../../workflows/system/sender/workflow.ts';
import type { VirtualTime } from '../support/loops.ts';

/** Lives worth keeping: name -> how to live it. The file of a recorded one begins with its workflow's name. */
export const SCENARIOS: Readonly<Record<string, (time: VirtualTime) => Promise<History>>> = {
  /** Sends at once, sleeps until the next is due, hears a nudge while it works, ends after an idle day. */
  'sender-whole-life': (time) => {
    const nothing: SendDueReport = { handedOff: 0, refused: 0, unknown: 0, nextInMs: null, openBatches: 0, heldBatches: 0, heldBy: null };
    return liveAsSender(time, [
      { ...nothing, handedOff: 3, refused: 1, nextInMs: 0, openBatches: 1 },
      { ...nothing, unknown: 1, nextInMs: 7_200_000, openBatches: 1 },
      'nudged',
      { ...nothing, openBatches: 1, heldBatches: 1, heldBy: 'hard_stop' },
      nothing,
    ]);
  },
};

async function liveAsSender(time: VirtualTime, turns: readonly (SendDueReport | 'nudged')[]): Promise<History> {
  const input: SenderInput = { tenantId: 'tnt_01ksr49200081040g2081040g2', lane: 'email-0', channel: 'email' };
  const workflowId = time.freshId(SENDER_WORKFLOW);
  const handle = time.env.client.workflow.getHandle(workflowId);
  const last = turns.findLast((turn) => turn !== 'nudged');
  if (last === undefined) throw new Error('a life takes a turn');
  const left = [...turns];
  const sendDue = async (): Promise<SendDueReport> => {
    const turn = left.shift() ?? last;
    if (turn !== 'nudged') return turn;
    await handle.signal(NUDGE_SIGNAL);
    return last;
  };
  await time.withWorker({ sendDue }, (taskQueue) =>
    time.env.client.workflow.execute<typeof sender>(SENDER_WORKFLOW, { taskQueue, workflowId, args: [input] }));
  return handle.fetchHistory();
}
