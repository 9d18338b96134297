import { randomUUID } from 'node:crypto';
import { SENDER_WORKFLOW, senderWorkflowId, TASK_QUEUE, type SenderInput } from '../../../workflows/system/sender/contract.ts';
import type { ChaosTenant } from './chaos-tenant.ts';
import type { Random } from './seeded-random.ts';
import { waitUntil } from './wait-until.ts';
import type { WholeStack } from './whole-stack.ts';

/** What an operator can do to a tenant's sender, in the Temporal UI or by its command line. */
export function operatorOf(stack: WholeStack, { tenantId }: Pick<ChaosTenant, 'tenantId'>) {
  const input: SenderInput = { tenantId, lane: 'email-0', channel: 'email' };
  const workflowId = senderWorkflowId(input);
  const handle = () => stack.client.workflow.getHandle(workflowId);
  const start = (id: string) => stack.client.workflow.start(SENDER_WORKFLOW, { workflowId: id, taskQueue: TASK_QUEUE, args: [input] });
  return {
    workflowId,
    handle,
    /** Resets its newest run to the end of one of its earlier workflow tasks, chosen by chance; answers which event that was, and of how many. */
    async reset(random: Random): Promise<{ event: number; of: number }> {
      const { runId } = await handle().describe();
      const history = await stack.client.workflow.getHandle(workflowId, runId).fetchHistory();
      const events = history.events ?? [];
      const completed = events.filter(({ workflowTaskCompletedEventAttributes }) => workflowTaskCompletedEventAttributes != null);
      if (completed.length === 0) return { event: 0, of: events.length };
      const chosen = random.pick(completed);
      await stack.client.workflowService.resetWorkflowExecution({
        namespace: stack.client.options.namespace,
        workflowExecution: { workflowId, runId },
        reason: 'an operator did it',
        requestId: randomUUID(),
        ...(chosen.eventId == null ? {} : { workflowTaskFinishEventId: chosen.eventId }),
      });
      return { event: Number(chosen.eventId), of: events.length };
    },
    /** Waits until it has nothing under way: it sleeps on its timer. */
    asleep: () => waitUntil('the sender sleeps', 60_000, async () => {
      const { raw } = await handle().describe();
      return (raw.pendingActivities ?? []).length === 0 && raw.pendingWorkflowTask == null;
    }),
    /** Starts it by hand, under its own id. */
    startAgain: () => start(workflowId),
    /** A second sender for the same lane, under an id of its own. */
    startAnother: () => start(`by-hand/${tenantId}/${randomUUID()}`),
  };
}

export type Operator = ReturnType<typeof operatorOf>;
