import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError, type Client } from '@temporalio/client';
import { defineSearchAttributeKey, SearchAttributeType, TypedSearchAttributes } from '@temporalio/common';
import type { Clock } from '../../db/clock.ts';
import type { Database } from '../../db/client.ts';
import { beginRunsAgain, type RunLife } from '../../db/write/run-begin-again.ts';
import { takeRunNews, type RunNews } from '../../db/write/run-news.ts';
import type { ToldFact } from '../domain/run/fact.ts';
import { RUN_SEARCH_ATTRIBUTES, runWorkflowId, runWorkflowType, TELL_SIGNAL, type RunStart } from '../../workflows/kit/contract.ts';
import { SEARCH_ATTRIBUTES, TASK_QUEUE } from '../../workflows/system/sender/contract.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { RelayWatch } from '../telemetry/relay-watch.ts';
import { withinDeadline } from './deadline.ts';

const TENANT = defineSearchAttributeKey(SEARCH_ATTRIBUTES.tenant, SearchAttributeType.KEYWORD);
const STAGE = defineSearchAttributeKey(RUN_SEARCH_ATTRIBUTES.stage, SearchAttributeType.KEYWORD);
const LOOP = defineSearchAttributeKey(RUN_SEARCH_ATTRIBUTES.loop, SearchAttributeType.KEYWORD);
/** A run that could not be told is left alone for so long, while the others are told. */
const REST_MS = 5_000;

export type RunDeps = { db: Database; clock: Clock; client: Client; log: Logger; watch?: RelayWatch };

/**
 * Gives what hands over what runs are to be told, from the outbox: each run's start first, then its facts in order, one at a time. What it
 * gives answers whether there may be more, and throws when a run could not be told, after the others were. An open run whose workflow
 * Temporal does not know begins again as its next generation, which recalls from Postgres all it was told; facts of a closed one
 * stay there, and so do those of one that rests because it lost several lives.
 */
export function handOverRuns({ db, clock, client, log, watch }: RunDeps): () => Promise<boolean> {
  const resting = new Map<string, number>();
  return async () => {
    const nowMs = performance.now();
    for (const [runId, untilMs] of resting) if (untilMs <= nowMs) resting.delete(runId);
    const failures: unknown[] = [];
    const lost: RunLife[] = [];
    const more = await takeRunNews(db, [...resting.keys()], async (news) => {
      const results = await Promise.allSettled(news.map((each) => tellRun(client, each, clock.now())));
      return news.filter((each, i) => {
        const result = results[i];
        if (result?.status === 'fulfilled' && result.value !== 'lost') watch?.metrics.runTold(result.value);
        if (result?.status === 'fulfilled' && result.value === 'lost') lost.push(each);
        if (result?.status === 'rejected') {
          failures.push(result.reason);
          watch?.metrics.runTold('failed');
        }
        // One that is lost as soon as it was started would be started in a circle.
        if (result?.status === 'rejected' || (result?.value === 'lost' && each.starts)) resting.set(each.runId, performance.now() + REST_MS);
        return result?.status === 'fulfilled' && result.value !== 'lost';
      });
    });
    const again = await letBeginAgain({ db, clock, log, ...(watch === undefined ? {} : { watch }) }, lost);
    if (failures.length > 0) throw failures[0];
    return more || again > 0;
  };
}

/** Lets lost lives begin again, as the next generation; answers how many did. */
export async function letBeginAgain({ db, clock, log, watch }: Omit<RunDeps, 'client'>, lost: readonly RunLife[]): Promise<number> {
  const begun = await beginRunsAgain(db, lost, clock.now());
  for (const { tenantId, runId, loop, generation } of begun) {
    watch?.metrics.runTold('begun_again');
    log.warn({ tenantId, runId, loop, generation }, 'Temporal lost the life of a run; it begins again');
  }
  return begun.length;
}

type Told = 'told' | 'started' | 'kept';

/** What a run is told that rests after a lost life stays in Postgres: its next life recalls it. */
async function tellRun(client: Client, news: RunNews, now: number): Promise<Told | 'lost'> {
  if (!news.isOpen) return 'kept';
  if (news.starts) await startRun(client, news);
  for (const fact of news.facts) if ((await tellFact(client, news, fact)) === 'not_found') return news.restsUntil !== null && news.restsUntil > now ? 'kept' : 'lost';
  return news.starts ? 'started' : 'told';
}

/** Starts a life of a run, once and for all: "already started" is success, also where it has ended. */
function startRun(client: Client, { tenantId, runId, loop, generation, stage, input }: RunNews): Promise<void> {
  const start: RunStart = { tenantId, runId, generation, input };
  return withinDeadline(client.connection, async () => {
    try {
      await client.workflow.start(runWorkflowType(loop), {
        workflowId: runWorkflowId({ loop, runId, generation }),
        taskQueue: TASK_QUEUE,
        args: [start],
        workflowIdConflictPolicy: 'USE_EXISTING',
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
        typedSearchAttributes: new TypedSearchAttributes([{ key: TENANT, value: tenantId }, { key: LOOP, value: loop }, ...(stage === null ? [] : [{ key: STAGE, value: stage }])]),
        staticSummary: `The ${loop} ${runId} of ${tenantId}`,
      });
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
  });
}

function tellFact(client: Client, { runId, loop, generation }: RunNews, fact: ToldFact): Promise<'told' | 'not_found'> {
  return withinDeadline(client.connection, async () => {
    try {
      await client.workflow.getHandle(runWorkflowId({ loop, runId, generation })).signal<[ToldFact]>(TELL_SIGNAL, fact);
      return 'told';
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return 'not_found';
      throw error;
    }
  });
}
