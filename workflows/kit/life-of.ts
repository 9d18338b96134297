import { isCancellation } from '@temporalio/workflow';
import type { RunEnd, RunStart } from './contract.ts';
import { endingOf } from './hear-news.ts';
import { openRun, type Run } from './open-run.ts';
import type { RunDefinition } from './run-definition.ts';

const BY_OPERATOR = 'canceled by an operator';
const OPTED_OUT = 'all who were asked want no such messages';

/**
 * The workflow of a run: its story, and the ends that are every loop's alike. Canceled, by an operator's word or in Temporal, it closes as
 * `canceled`; where all who were asked want no more of it, as `opted_out`; where another life of the run is the true one it ends as
 * `superseded` and leaves the row alone.
 */
export function lifeOf<const D extends RunDefinition, Input>(definition: D, story: (run: Run<D, Input>) => Promise<RunEnd>) {
  return async (start: RunStart<Input>): Promise<RunEnd> => {
    const run = openRun(definition, start);
    return withCommonEnds(run, () => story(run));
  };
}

/** Lives a story and gives the ends that are not its own. */
export async function withCommonEnds(run: Pick<Run<RunDefinition, unknown>, 'close'>, story: () => Promise<RunEnd>): Promise<RunEnd> {
  try {
    return await story();
  } catch (error) {
    switch (endingOf(error)) {
      case 'superseded': return { outcome: 'superseded', reason: null };
      case 'opted_out': return run.close('opted_out', OPTED_OUT);
      case 'canceled': return run.close('canceled', BY_OPERATOR);
      case null: break;
    }
    // A step of the story's own was cut off in Temporal.
    if (isCancellation(error)) return run.close('canceled', BY_OPERATOR);
    throw error;
  }
}
