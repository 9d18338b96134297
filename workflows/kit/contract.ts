import type { ToldFact } from '../../src/domain/run/fact.ts';

/** What relay, API and ops need to know of runs without loading their code. */

/** A fact for a run: handlers only put it into the inbox. */
export const TELL_SIGNAL = 'tell';

/** Search attributes of every run, besides the tenant. */
export const RUN_SEARCH_ATTRIBUTES = { loop: 'FlywheelLoop', stage: 'FlywheelStage' } as const;

/** Which life of which run. */
export type RunLife = { readonly tenantId: string; readonly runId: string; readonly generation: number };

/** What a run's workflow starts with. `input`: ids, terms, instants. `carried`: where a long life goes on. */
export type RunStart<Input = Readonly<Record<string, unknown>>> = RunLife & { readonly input: Input; readonly carried?: Carried };

/** What goes on from one workflow of a life to the next. */
export type Carried = {
  /** Facts that nothing has taken yet. */
  readonly waiting: readonly ToldFact[];
  /** Ids of all that was heard: each counts once. */
  readonly seen: readonly string[];
  readonly capAt: number | null;
  readonly paused: { readonly isSo: boolean; readonly at: number };
  readonly stage: string | null;
};

/** How every run ends: by an outcome of its own, `canceled`, or `superseded` where another life of it is the true one. */
export type RunEnd = { readonly outcome: string; readonly reason: string | null };

/** One workflow id a life: `referral/ref_…/1`. It names nobody. */
export function runWorkflowId({ loop, runId, generation }: { loop: string; runId: string; generation: number }): string {
  return `${loop}/${runId}/${String(generation)}`;
}

/** A loop's workflow type: its key in camel case, `streak-rescue` -> `streakRescue`. */
export function runWorkflowType(loop: string): string {
  return loop.replaceAll(/[-_]([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase());
}
