import type { WorkflowHandle } from '@temporalio/client';
import type { History } from '@temporalio/common/lib/proto-utils';

const LOOK_EVERY_MS = 10;
/** A life whose worker is down stays as it is: longer nobody waits. */
const PATIENCE_MS = 3_000;

/**
 * Until nothing of a workflow is under way. Who sleeps on the server that skips time moves it, whatever is: on a slow machine an activity would
 * have timed out by then, and be asked for twice.
 */
export async function untilAtRest(handle: Pick<WorkflowHandle, 'fetchHistory'>): Promise<void> {
  const untilMs = performance.now() + PATIENCE_MS;
  while (!isAtRest(await handle.fetchHistory()) && performance.now() < untilMs) await new Promise((wake) => { setTimeout(wake, LOOK_EVERY_MS); });
}

function isAtRest({ events }: History): boolean {
  const count = (is: (event: NonNullable<typeof events>[number]) => unknown): number => events?.filter((event) => Boolean(is(event))).length ?? 0;
  const last = events?.at(-1);
  const isWorkAhead = Boolean(last?.workflowExecutionStartedEventAttributes ?? last?.workflowTaskScheduledEventAttributes ?? last?.workflowTaskStartedEventAttributes ?? last?.activityTaskCompletedEventAttributes ?? last?.workflowExecutionSignaledEventAttributes);
  return !isWorkAhead && count((event) => event.activityTaskScheduledEventAttributes) === count((event) => event.activityTaskCompletedEventAttributes);
}
