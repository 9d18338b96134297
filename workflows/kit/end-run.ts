import { allHandlersFinished, condition, proxyActivities, setCurrentDetails } from '@temporalio/workflow';
import type { Activities } from '../../activities/create-activities.ts';
import type { RunEnd, RunLife } from './contract.ts';
import { endDetails } from './details.ts';
import type { Inbox } from './inbox.ts';
import type { RunDefinition } from './run-definition.ts';

const { closeRun } = proxyActivities<Pick<Activities, 'closeRun'>>({
  // One row. Whatever fails, a later try may mend.
  startToCloseTimeout: '10 seconds',
  summary: 'closes the run\'s row',
  retry: { initialInterval: '500 milliseconds', backoffCoefficient: 2, maximumInterval: '1 minute' },
});

export type Ending = { readonly outcome: string; readonly reason: string | null; readonly unless: readonly string[] | null };

/** Ends a life: its row first, then what is being handled; facts that nothing waited for are noted. Null: a fact of the kinds `unless` was told, and it goes on. */
export async function endRun(definition: RunDefinition, { tenantId, runId, generation }: RunLife, inbox: Inbox, { outcome, reason, unless }: Ending): Promise<RunEnd | null> {
  if (unless !== null && inbox.has(({ kind }) => unless.includes(kind), null)) return null;
  const closed = await closeRun({ tenantId, runId, generation, outcome, reason, unless: unless === null ? null : { kinds: unless, seen: inbox.seen() } });
  if (closed.outcome === 'goes_on') {
    for (const fact of closed.facts) inbox.put(fact);
    return null;
  }
  const end: RunEnd = closed.outcome === 'superseded' ? { outcome: 'superseded', reason: null } : { outcome, reason };
  setCurrentDetails(endDetails(definition, end, inbox.waiting()));
  await condition(allHandlersFinished);
  return end;
}
