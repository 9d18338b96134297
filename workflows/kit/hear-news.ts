import { ApplicationFailure } from '@temporalio/common';
import { CancellationScope, condition, defineSignal, proxyActivities, setHandler } from '@temporalio/workflow';
import type { Activities } from '../../activities/create-activities.ts';
import type { ToldFact } from '../../src/domain/run/fact.ts';
import { TELL_SIGNAL, type RunStart } from './contract.ts';
import type { Inbox, LifeEnding } from './inbox.ts';
import { workflowNow } from './now.ts';

const { recallFacts } = proxyActivities<Pick<Activities, 'recallFacts'>>({
  // What was told of one run. Whatever fails, a later try may mend.
  startToCloseTimeout: '10 seconds',
  summary: 'looks in Postgres for facts that the outbox still holds',
  retry: { initialInterval: '500 milliseconds', backoffCoefficient: 2, maximumInterval: '1 minute' },
});

/** The failure by which a wait ends a life; `lifeOf` turns it into its named end. */
const LIFE_ENDED = 'RunLifeEnded';
const ENDINGS: readonly LifeEnding[] = ['canceled', 'opted_out', 'superseded'];

/** How a wait's failure ends the life; null: it is another failure. */
export function endingOf(error: unknown): LifeEnding | null {
  if (!(error instanceof ApplicationFailure) || error.type !== LIFE_ENDED) return null;
  return ENDINGS.find((ending) => ending === error.message) ?? null;
}

/** How a life hears of what happens, and waits for it. */
export type News = {
  /** Null: nothing has to be recalled before the life goes on. */
  begun(): Promise<void> | null;
  /** Asks `answer` again with each piece of news until it gives something; null when the deadline counts before it does. */
  wait<Answer>(answer: (before: number | null) => Answer | null, until: number | null, onWait: (deadline: number | null) => void): Promise<Answer | null>;
  /** Waits while the run is paused; false: it still was at `until` (epoch ms; null: it waits for as long as that takes). */
  mayAct(until: number | null): Promise<boolean>;
};

/**
 * Handlers only put facts into the inbox. A run that begins again recalls first what it was told before; and before a deadline counts,
 * Postgres is asked for what the outbox still holds. `onHeard` is told after each piece of news.
 */
export function hearNews({ tenantId, runId, generation, carried }: RunStart<unknown>, inbox: Inbox, onHeard: () => void): News {
  setHandler(defineSignal<[ToldFact]>(TELL_SIGNAL), (fact) => {
    inbox.put(fact);
    onHeard();
  });
  CancellationScope.current().cancelRequested.catch(() => { inbox.end('canceled'); });

  const recall = async (): Promise<void> => {
    for (let more = true; more;) {
      const recalled = await recallFacts({ tenantId, runId, generation, seen: inbox.seen() });
      for (const fact of recalled.facts) inbox.put(fact);
      more = recalled.more;
    }
    onHeard();
  };
  let recalling = generation > 1 && carried === undefined ? CancellationScope.nonCancellable(recall) : null;
  void recalling?.then(() => { recalling = null; });

  const throwIfEnded = (): void => {
    const ending = inbox.ending();
    if (ending !== null) throw ApplicationFailure.create({ type: LIFE_ENDED, message: ending, nonRetryable: true });
  };
  return {
    begun: () => recalling,
    async wait(answer, until, onWait) {
      if (recalling !== null) await recalling;
      for (let lookedAfter = false; ;) {
        throwIfEnded();
        const deadline = inbox.capped(until);
        const found = answer(deadline);
        if (found !== null) return found;
        onWait(deadline);
        const version = inbox.version();
        const isNews = (): boolean => inbox.version() !== version;
        const leftMs = deadline === null ? null : deadline - workflowNow();
        if (leftMs === null) await condition(isNews);
        else if (leftMs <= 0 || !(await condition(isNews, leftMs))) {
          if (lookedAfter) return null;
          lookedAfter = true;
          await recall();
        }
      }
    },
    async mayAct(until) {
      await recalling;
      const mayGoOn = (): boolean => !inbox.isPaused() || inbox.ending() !== null;
      const leftMs = until === null ? null : until - workflowNow();
      if (leftMs === null) await condition(mayGoOn);
      else if (!mayGoOn() && (leftMs <= 0 || !(await condition(mayGoOn, leftMs)))) return false;
      throwIfEnded();
      return true;
    },
  };
}
