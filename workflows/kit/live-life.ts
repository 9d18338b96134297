import type { LiveInput, LiveLoopDefinition } from '../../src/domain/program/live-loop.ts';
import type { RunEnd, RunStart } from './contract.ts';
import { deliverer, type Delivered, type Delivery } from './deliver.ts';
import { granter, type Granted } from './grant.ts';
import { withCommonEnds } from './life-of.ts';
import { openLife, type Run } from './open-run.ts';
import { teller, type Telling } from './tell.ts';

/** The part of a live loop's definition that its life is made of. */
export type LifeDefinition<D extends LiveLoopDefinition> = {
  readonly key: D['key'];
  readonly stages: D['stages'];
  readonly facts: D['life']['facts'];
  readonly outcomes: D['life']['outcomes'];
};

/** One life of a live loop's run, as its story sees it: besides waiting it may deliver, tell and grant. A paused run does none of these. */
export type LiveRun<D extends LiveLoopDefinition> = Run<LifeDefinition<D>, LiveInput<D>> & {
  /**
   * Sends a message to those in some roles, or lets the invites of the start leave, and waits for what becomes of it: `handed_off` as soon
   * as one has left. What has not left at `before` (epoch ms) is withdrawn: `not_sent`, with what held it (`window_closed_first`: no hour
   * came in which it was permitted). Once a step, whatever is repeated.
   */
  deliver(message: Delivery<D>, wait: { readonly before: number }): Promise<Delivered>;
  /** Puts an item into the feed of those in some roles. Nobody waits for it to be read. Once a step. */
  tell(message: Telling<D>): Promise<void>;
  /** Gives what the program's rules have for this fact of the loop: once, whatever is repeated. */
  grant(fact: string): Promise<Granted>;
};

/** The workflow of a live loop: its story, and the ends that are every loop's alike (`lifeOf`). */
export function liveLife<const D extends LiveLoopDefinition>(definition: D, story: (run: LiveRun<D>) => Promise<RunEnd>) {
  const { key, stages, life: { facts, outcomes } } = definition;
  const lived: LifeDefinition<D> = { key, stages, facts, outcomes };
  return async (start: RunStart<LiveInput<D>>): Promise<RunEnd> => {
    const { run, parts } = openLife<LifeDefinition<D>, LiveInput<D>>(lived, start);
    const live: LiveRun<D> = { ...run, deliver: deliverer<D>(start, parts), tell: teller<D>(start, run), grant: granter(start, run) };
    return withCommonEnds(run, () => story(live));
  };
}
