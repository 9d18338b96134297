import type { WorkflowHandle } from '@temporalio/client';
import type { History } from '@temporalio/common/lib/proto-utils';
import { waitUntil } from '../chaos/support/wait-until.ts';

/**
 * Until nothing of a workflow is under way. Who sleeps on the server that skips time moves it, whatever is: on a slow machine an activity would
 * have timed out by then, and be asked for twice.
 */
export async function untilAtRest(handle: Pick<WorkflowHandle, 'fetchHistory'>): Promise<void> {
  await waitUntil('the workflow is at rest', 20_000, async () => isAtRest(await handle.fetchHistory()));
}

function isAtRest({ events }: History): boolean {
  const count = (is: (event: NonNullable<typeof events>[number]) => unknown): number => events?.filter((event) => Boolean(is(event))).length ?? 0;
  const last = events?.at(-1);
  const isWorkAhead = Boolean(last?.workflowExecutionStartedEventAttributes ?? last?.workflowTaskScheduledEventAttributes ?? last?.workflowTaskStartedEventAttributes ?? last?.activityTaskCompletedEventAttributes ?? last?.workflowExecutionSignaledEventAttributes);
  return !isWorkAhead && count((event) => event.activityTaskScheduledEventAttributes) === count((event) => event.activityTaskCompletedEventAttributes);
}
