import { allHandlersFinished, CancellationScope, condition, continueAsNew, workflowInfo } from '@temporalio/workflow';
import type { ToldFact } from '../../src/domain/run/fact.ts';
import type { RunEnd, RunStart } from './contract.ts';
import { endRun } from './end-run.ts';
import { hearNews } from './hear-news.ts';
import { openInbox } from './inbox.ts';
import { keepRow } from './keep-row.ts';
import { workflowNow } from './now.ts';
import { isFactOf, type FactKind, type FactOf, type OutcomeOf, type RunDefinition, type StageOf } from './run-definition.ts';

export type Deadline = { readonly kind: 'deadline'; readonly at: number };
type Wait = { /** Epoch ms; null: there is no deadline. */ readonly until: number | null };

/** One life of a run, as its story sees it. Waits end at the earlier of their deadline and the cap; what happened at it or later came too late. */
export type Run<D extends RunDefinition, Input> = {
  readonly tenantId: string;
  readonly runId: string;
  readonly input: Input;
  /** Says where the life stands; nobody waits for the row. */
  stage(name: StageOf<D>): void;
  /** The next fact of these kinds, or the deadline. Before that counts, a last look at Postgres finds what the outbox still holds. */
  next<Kind extends FactKind<D>>(kinds: readonly Kind[], wait: Wait): Promise<FactOf<D, Kind> | Deadline>;
  /** One fact of each kind, in the kinds' order; null when the deadline came first, and then none is taken. */
  all<Kind extends FactKind<D>>(kinds: readonly Kind[], wait: Wait): Promise<readonly FactOf<D, Kind>[] | null>;
  /** Takes all facts of these kinds that wait: what follows sees them together. */
  takeWaiting<Kind extends FactKind<D>>(kinds: readonly Kind[]): readonly FactOf<D, Kind>[];
  /** Waits while the run is paused. Call it before an effect. */
  mayAct(): Promise<void>;
  /** The top of a loop: as `mayAct`, and a long history goes on as a new one. Nothing but what the kit keeps is carried over. */
  turn(): Promise<void>;
  close(outcome: OutcomeOf<D> | 'canceled' | 'opted_out', reason?: string): Promise<RunEnd>;
  /** Closes unless a fact of these kinds was told that nothing has taken: null, and it waits. */
  closeUnless(kinds: readonly FactKind<D>[], outcome: OutcomeOf<D>, reason?: string): Promise<RunEnd | null>;
};

/** Opens the life that a workflow was started for. Call it first, before anything is awaited; `lifeOf` does. No wait of it is cut off by a cancellation in Temporal. */
export function openRun<const D extends RunDefinition, Input>(definition: D, start: RunStart<Input>): Run<D, Input> {
  return openLife(definition, start).run;
}

/** What the kit's own moves stand on, beside the run as its story sees it. */
export type LifeParts = {
  /** The next fact of the kit's own for which `isWanted` holds; null when the deadline came first. */
  hear(isWanted: (fact: ToldFact) => boolean, until: number | null): Promise<ToldFact | null>;
  /** Waits while the run is paused; false: it still was at `until`. */
  mayActBy(until: number): Promise<boolean>;
  /** The earlier of a deadline and the cap. */
  capped(until: number): number;
};

export function openLife<const D extends RunDefinition, Input>(definition: D, start: RunStart<Input>): { readonly run: Run<D, Input>; readonly parts: LifeParts } {
  const { tenantId, runId, input, carried } = start;
  const inbox = openInbox(carried);
  const row = keepRow(definition, start, () => { inbox.end('superseded'); });
  const news = hearNews(start, inbox, () => { row.paused(inbox.isPaused()); });
  const shielded = <T>(work: () => Promise<T>): Promise<T> => CancellationScope.nonCancellable(work);
  const wanted = <Kind extends FactKind<D>>(kinds: readonly Kind[]) => (fact: ToldFact): fact is FactOf<D, Kind> => isFactOf(definition, kinds, fact);
  const end = (outcome: string, reason: string | null, unless: readonly string[] | null): Promise<RunEnd | null> => shielded(async () => {
    await news.begun();
    await row.flush();
    return endRun(definition, start, inbox, { outcome, reason, unless });
  });

  const parts: LifeParts = {
    hear: (isWanted, until) => shielded(() => news.wait((before) => inbox.take((fact): fact is ToldFact => isWanted(fact), before), until, row.waits)),
    mayActBy: (until) => shielded(() => news.mayAct(inbox.capped(until))),
    capped: (until) => inbox.capped(until) ?? until,
  };
  const run: Run<D, Input> = {
    tenantId, runId, input,
    stage: (name) => { row.stage(name); },
    next: (kinds, { until }) => shielded(async () =>
      (await news.wait((before) => inbox.take(wanted(kinds), before), until, row.waits)) ?? { kind: 'deadline', at: inbox.capped(until) ?? workflowNow() }),
    all: (kinds, { until }) => shielded(() => news.wait((before) => {
      if (!kinds.every((kind) => inbox.has(wanted([kind]), before))) return null;
      return kinds.flatMap((kind) => inbox.take(wanted([kind]), before) ?? []);
    }, until, row.waits)),
    takeWaiting: (kinds) => inbox.takeAll(wanted(kinds)),
    mayAct: () => shielded(async () => { await news.mayAct(null); }),
    turn: () => shielded(async () => {
      await news.mayAct(null);
      if (!workflowInfo().continueAsNewSuggested) return;
      await row.flush();
      await condition(allHandlersFinished);
      // What ends or pauses it may have come meanwhile: an end is not carried over, and its fact is known as heard.
      await news.mayAct(null);
      await continueAsNew<(next: RunStart<Input>) => Promise<RunEnd>>({ ...start, carried: { ...inbox.carry(), stage: row.current() } });
    }),
    async close(outcome, reason) {
      const ended = await end(outcome, reason ?? null, null);
      if (ended === null) throw new Error('a run that nothing keeps open was not closed');
      return ended;
    },
    closeUnless: (kinds, outcome, reason) => end(outcome, reason ?? null, kinds),
  };
  return { run, parts };
}
