import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { countFailingRuns, type RunLife } from '../../db/write/run-begin-again.ts';
import { noteAlive, takeRunsToCheck } from '../../db/write/run-checks.ts';
import { runWorkflowId } from '../../workflows/kit/contract.ts';
import { withinDeadline } from './deadline.ts';
import { letBeginAgain, type RunDeps } from './start-runs.ts';

/** A run whose deadline has passed for so long without a sign of life is asked after. */
const LATE_MS = 60_000;
/** Every open run is asked after once in so long, whatever it waits for: what is lost without a deadline is needed by nobody until it is told something. */
const WALK_MS = 24 * 3_600_000;

/**
 * Asks Temporal after open runs that are late, and slowly after all the others: one without a living workflow begins again. So even a
 * lost store loses no promise; one that fails again and again begins ever later, and is counted. Throws when some could not be asked after, once the others were.
 */
export async function reconcileRuns(deps: RunDeps): Promise<void> {
  const now = deps.clock.now();
  const asked = await takeRunsToCheck(deps.db, { lateSince: now - LATE_MS, notSeenSince: now - WALK_MS, now });
  const results = await Promise.allSettled(asked.map((life) => isAlive(deps.client, life)));
  const answered = (alive: boolean): RunLife[] => asked.filter((_life, i) => { const result = results[i]; return result?.status === 'fulfilled' && result.value === alive; });
  await letBeginAgain(deps, answered(false));
  await noteAlive(deps.db, answered(true), now);
  deps.watch?.metrics.runsFailing(await countFailingRuns(deps.db, now));
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

/** Ended counts as dead: a life closes its row first, so that an open row has none that ended well. */
function isAlive(client: Client, life: RunLife): Promise<boolean> {
  return withinDeadline(client.connection, async () => {
    try {
      const { status } = await client.workflow.getHandle(runWorkflowId(life)).describe();
      return status.name === 'RUNNING' || status.name === 'PAUSED';
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return false;
      throw error;
    }
  });
}
