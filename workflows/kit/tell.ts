import { CancellationScope, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../../activities/create-activities.ts';
import type { LiveLoopDefinition } from '../../src/domain/program/live-loop.ts';
import type { RunLife } from './contract.ts';
import type { MessageOf } from './deliver.ts';

const { tellMember } = proxyActivities<Pick<Activities, 'tellMember'>>({
  // A row each. Whatever fails, a later try may mend.
  startToCloseTimeout: '30 seconds',
  summary: 'puts items into the feeds of those in the run',
  retry: { initialInterval: '500 milliseconds', backoffCoefficient: 2, maximumInterval: '1 minute' },
});

/** One of the definition's messages, for the feed. `until` (epoch ms): then it is no news any more. `deepLink`: where it leads, inside the app. */
export type Telling<D extends LiveLoopDefinition> = MessageOf<D> & { readonly until?: number; readonly deepLink?: string };

/** `LiveRun.tell`. */
export function teller<D extends LiveLoopDefinition>({ tenantId, runId }: RunLife, run: { mayAct(): Promise<void> }) {
  return async ({ to, step, message, values, until, deepLink }: Telling<D>): Promise<void> => {
    await run.mayAct();
    await CancellationScope.nonCancellable(() => tellMember({
      tenantId, runId, step, message, values, to: typeof to === 'string' ? [to] : to, until: until ?? null, deepLink: deepLink ?? null,
    }));
  };
}
