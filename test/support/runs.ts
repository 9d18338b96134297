import type { CloseRunInput } from '../../activities/runs/close-run.ts';
import type { MoveRunInput } from '../../activities/runs/move-run.ts';
import type { Activities } from '../../activities/create-activities.ts';
import type { ToldFact } from '../../src/domain/run/fact.ts';
import type { RunStart } from '../../workflows/kit/contract.ts';

export const RUN_TENANT = 'tnt_01ksr49200081040g2081040g2';
export const RUN_ID = 'ref_01ksr49200081040g2081040g2';

/** A run's row and what it was told, in memory: stand-ins for the activities of the kit, and what they were asked. */
export type RunStandIn = {
  readonly activities: Pick<Activities, 'moveRun' | 'closeRun' | 'recallFacts'>;
  readonly moves: Omit<MoveRunInput, 'tenantId' | 'runId'>[];
  readonly closings: Pick<CloseRunInput, 'generation' | 'outcome' | 'reason'>[];
  /** What Postgres holds. A test puts in what the outbox has not handed over. */
  readonly told: ToldFact[];
  recalls(): number;
  /** The row is another life's now. */
  supersede(): void;
};

export function runStandIn(): RunStandIn {
  const moves: RunStandIn['moves'] = [];
  const closings: RunStandIn['closings'] = [];
  const told: ToldFact[] = [];
  let recalls = 0;
  let superseded = false;
  return {
    moves, closings, told,
    recalls: () => recalls,
    supersede: () => { superseded = true; },
    activities: {
      async moveRun({ generation, stage, dueAt }) {
        if (superseded) return { outcome: 'superseded' };
        moves.push({ generation, stage, dueAt });
        return { outcome: 'moved' };
      },
      async closeRun({ generation, outcome, reason, unless }) {
        if (superseded) return { outcome: 'superseded' };
        const facts = unless === null ? [] : told.filter(({ id, kind }) => unless.kinds.includes(kind) && !unless.seen.includes(id));
        if (facts.length > 0) return { outcome: 'goes_on', facts };
        closings.push({ generation, outcome, reason });
        return { outcome: 'closed' };
      },
      async recallFacts({ seen }) {
        recalls += 1;
        return { facts: told.filter(({ id }) => !seen.includes(id)), more: false };
      },
    },
  };
}

/** What the relay starts a run with. */
export function runStart<Input = Record<string, never>>(input: Input, generation = 1): RunStart<Input> {
  return { tenantId: RUN_TENANT, runId: RUN_ID, generation, input };
}
