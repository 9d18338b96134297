import { ApplicationFailure } from '@temporalio/common';
import { isCancellation } from '@temporalio/workflow';
import type { RunEnd, RunStart } from './contract.ts';
import { LIFE_ENDED } from './hear-news.ts';
import { openRun, type Run } from './open-run.ts';
import type { RunDefinition } from './run-definition.ts';

const BY_OPERATOR = 'canceled by an operator';

/**
 * The workflow of a run: its story, and the ends that are every loop's alike. Canceled, by an operator's word or in Temporal, it closes as
 * `canceled`; where another life of the run is the true one it ends as `superseded` and leaves the row alone.
 */
export function lifeOf<const D extends RunDefinition, Input>(definition: D, story: (run: Run<D, Input>) => Promise<RunEnd>) {
  return async (start: RunStart<Input>): Promise<RunEnd> => {
    const run = openRun(definition, start);
    try {
      return await story(run);
    } catch (error) {
      if (error instanceof ApplicationFailure && error.type === LIFE_ENDED) {
        return error.message === 'superseded' ? { outcome: 'superseded', reason: null } : run.close('canceled', BY_OPERATOR);
      }
      // A step of the story's own was cut off in Temporal.
      if (isCancellation(error)) return run.close('canceled', BY_OPERATOR);
      throw error;
    }
  };
}
