import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { proxyActivities, setCurrentDetails, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../../activities/create-activities.ts';
import { RUN_SEARCH_ATTRIBUTES, type RunStart } from './contract.ts';
import type { RunDefinition, StageOf } from './run-definition.ts';
import { runDetails } from './details.ts';

const STAGE = defineSearchAttributeKey(RUN_SEARCH_ATTRIBUTES.stage, SearchAttributeType.KEYWORD);

const { moveRun } = proxyActivities<Pick<Activities, 'moveRun'>>({
  // One row. Whatever fails, a later try may mend.
  startToCloseTimeout: '10 seconds',
  summary: 'writes the stage and the next deadline into the run\'s row',
  retry: { initialInterval: '500 milliseconds', backoffCoefficient: 2, maximumInterval: '1 minute' },
});

/** A run's row, kept in step with its life; ops see the same in the Temporal UI. */
export type KeptRow<D extends RunDefinition> = {
  stage(name: StageOf<D>): void;
  /** The deadline that is waited for (epoch ms); null: facts alone. */
  waits(dueAt: number | null): void;
  paused(isSo: boolean): void;
  current(): string | null;
  /** Resolves when the row is what was said last. */
  flush(): Promise<void>;
};

/** Nobody awaits a row: its writes go one after the other beside the story, the latest word only. `onSuperseded`: another life of the run is the true one. */
export function keepRow<D extends RunDefinition>(definition: D, { tenantId, runId, generation, carried }: RunStart<unknown>, onSuperseded: () => void): KeptRow<D> {
  let now: { stage: string | null; dueAt: number | null; isPaused: boolean } = { stage: carried?.stage ?? null, dueAt: null, isPaused: carried?.paused.isSo ?? false };
  let written: { stage: string | null; dueAt: number | null | undefined } = { stage: now.stage, dueAt: undefined };
  let writing: Promise<void> | null = null;

  const write = async (): Promise<void> => {
    // What the story says in one breath is one write.
    await Promise.resolve();
    while (now.stage !== null && (now.stage !== written.stage || now.dueAt !== written.dueAt)) {
      const { stage, dueAt } = now;
      written = { stage, dueAt };
      const moved = await moveRun({ tenantId, runId, generation, stage, dueAt });
      if (moved.outcome === 'superseded') onSuperseded();
    }
    writing = null;
  };
  const change = (to: Partial<typeof now>): void => {
    const before = now;
    now = { ...now, ...to };
    // What it was started with stands there already.
    if (now.stage !== null && now.stage !== workflowInfo().typedSearchAttributes.get(STAGE)) upsertSearchAttributes([{ key: STAGE, value: now.stage }]);
    if (now.stage !== before.stage || now.dueAt !== before.dueAt || now.isPaused !== before.isPaused) setCurrentDetails(runDetails(definition, { runId, generation, ...now }));
    writing ??= write();
  };
  return {
    stage: (name) => { change({ stage: name }); },
    waits: (dueAt) => { if (dueAt !== now.dueAt || written.dueAt === undefined) change({ dueAt }); },
    // Asked with each piece of news: a promise for each would be dear in a workflow.
    paused: (isPaused) => { if (isPaused !== now.isPaused) change({ isPaused }); },
    current: () => now.stage,
    async flush() {
      while (writing !== null) await writing;
    },
  };
}
