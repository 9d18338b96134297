import type { Client } from '@temporalio/client';
import type { Clock } from '../../db/clock.ts';
import type { Database } from '../../db/client.ts';
import { lateLanes, type LaneName } from '../../db/read/late-lanes.ts';
import { outboxAge } from '../../db/read/outbox-age.ts';
import { purgeExpired } from '../../db/write/purge-expired.ts';
import { takeOutbox } from '../../db/write/take-outbox.ts';
import { LANE_SIGNAL } from '../../db/write/lane.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { RelayWatch } from '../telemetry/relay-watch.ts';
import { isWebhooksLane } from '../../workflows/system/deliver-webhooks/contract.ts';
import { keepReportSchedules, reportSchedules } from './keep-report-schedules.ts';
import { newsOfBreakers } from './news-of-breakers.ts';
import { tracesOf, watchedNudge, type NudgeCause } from './watched-nudge.ts';
import { reconcileRuns } from './reconcile-runs.ts';
import { startQueuedImports, startStillImports } from './start-imports.ts';
import { reportStarts, startDueReports } from './start-reports.ts';
import { handOverRuns } from './start-runs.ts';

/** Looks of its own accord this often, whatever LISTEN says. */
const POLL_MS = 1_000;
/** At most one nudge per lane in this time. */
const COALESCE_MS = 100;
/** How often late lanes are looked for, and how late is late. */
const SWEEP_MS = 15_000;
/** How often it is looked how much waits: for the metrics, which ask nobody. */
const COUNT_MS = 5_000;
/** How often what has expired is removed. */
const PURGE_MS = 3_600_000;
const AFTER_TROUBLE_MS = 1_000;

export type Relay = { stop(): Promise<void> };
export type RelayDeps = {
  db: Database;
  clock: Clock;
  client: Client;
  log: Logger;
  /** Sees to it that Temporal has what a sender's start needs. Called at the start and after trouble: a lost store has forgotten it. */
  prepareTemporal(): Promise<void>;
  /** Told whenever a piece of work has ended, well or badly: silence for long means that the loop is stuck. */
  onProgress?(): void;
  /** Counts and traces what is handed over. Left out: nobody does. */
  watch?: RelayWatch;
};

/**
 * Hands what Postgres holds to Temporal: outbox rows as they commit, and every 15 s each lane that something is late in,
 * so that a lost store, a terminated sender or a race costs seconds and no message. A row is deleted in the transaction
 * in which its nudge succeeded: killed in between, the nudge is repeated, which does no harm. Any number may run at once.
 */
export async function startRelay(deps: RelayDeps): Promise<Relay> {
  const loop = new AbortController();
  let wake: () => void = () => {};
  let called = false;
  const call = (): void => { called = true; wake(); };
  const subscription = await deps.db.sql.listen(LANE_SIGNAL, call);
  const pause = (ms: number): Promise<void> => called || loop.signal.aborted
    ? Promise.resolve()
    : new Promise((resolve) => {
        const timer = setTimeout(resolve, ms);
        wake = () => { clearTimeout(timer); resolve(); };
      });

  const hasBreakerClosed = newsOfBreakers(deps.db.sql);
  const tellRuns = handOverRuns(deps);
  /** Each task by itself: trouble with one holds up no other. */
  const tasks = [
    every(0, async () => { while ((await drainOutbox(deps)) && !loop.signal.aborted) deps.onProgress?.(); }),
    every(0, async () => { while ((await startQueuedImports(deps)) && !loop.signal.aborted) deps.onProgress?.(); }),
    every(0, async () => { while ((await tellRuns()) && !loop.signal.aborted) deps.onProgress?.(); }),
    every(SWEEP_MS, () => sweepLateLanes(deps, SWEEP_MS)),
    every(SWEEP_MS, () => reconcileRuns(deps)),
    every(0, async () => { if (await hasBreakerClosed()) await sweepLateLanes(deps, 0); }),
    every(SWEEP_MS, () => startStillImports(deps)),
    every(SWEEP_MS, () => keepReportSchedules({ ...deps, schedules: reportSchedules(deps.client) })),
    every(SWEEP_MS, () => startDueReports({ ...deps, temporal: reportStarts(deps.client) })),
    ...(deps.watch === undefined ? [] : [every(COUNT_MS, countOutbox(deps, deps.watch))]),
    every(PURGE_MS, async () => { await purgeExpired(deps.db, deps.clock.now()); }),
  ];
  const run = async (): Promise<void> => {
    let isPrepared = false;
    while (!loop.signal.aborted) {
      called = false;
      if (!isPrepared) await prepare(deps);
      isPrepared = true;
      for (const task of tasks) {
        await task().catch(async (error: unknown) => {
          deps.log.warn({ err: error }, 'the relay could not hand over; it goes on trying');
          isPrepared = false;
          await new Promise((resolve) => { setTimeout(resolve, AFTER_TROUBLE_MS); });
        });
        deps.onProgress?.();
      }
      await new Promise((resolve) => { setTimeout(resolve, COALESCE_MS); });
      await pause(POLL_MS);
    }
  };
  const running = run();
  return {
    async stop() {
      loop.abort();
      call();
      await running;
      await subscription.unlisten();
    },
  };
}

/** Runs `work` when so long has passed since it last succeeded. */
function every(periodMs: number, work: () => Promise<void>): () => Promise<void> {
  let doneAtMs = Number.NEGATIVE_INFINITY;
  return async () => {
    if (performance.now() - doneAtMs < periodMs) return;
    await work();
    doneAtMs = performance.now();
  };
}

/** A cluster that lets us neither look nor register has been prepared by its operator; where it has not, the hand-over says so. */
async function prepare({ prepareTemporal, log }: RelayDeps): Promise<void> {
  await prepareTemporal().catch((error: unknown) => { log.warn({ err: error }, 'the search attributes could not be looked at'); });
}

/** Nudges the lanes of the outbox, each once; answers whether there may be more. Throws when a lane could not be told, after the others were. */
async function drainOutbox(deps: RelayDeps): Promise<boolean> {
  const failures: unknown[] = [];
  const more = await takeOutbox(deps.db, async (lanes) => {
    const told = await nudgeAll(deps, lanes, 'outbox');
    failures.push(...told.failures);
    return told.lanes;
  });
  if (failures.length > 0) throw failures[0];
  return more;
}

/** Calls each lane in which something has been due for so long that nothing holds. */
async function sweepLateLanes(deps: RelayDeps, lateMs: number): Promise<void> {
  const { db, clock, log, watch } = deps;
  const late: LaneName[] = await lateLanes(db, clock.now() - lateMs);
  // What waits for an endpoint that hangs is its tenant's trouble, not ours.
  watch?.metrics.lateLanes(late.filter(({ lane }) => !isWebhooksLane(lane)).length);
  if (late.length === 0) return;
  log.info({ lanes: late.length }, 'lanes with something late are nudged');
  const { failures } = await nudgeAll(deps, late, 'sweep');
  if (failures.length > 0) throw failures[0];
}

function countOutbox({ db, clock }: RelayDeps, { metrics }: RelayWatch): () => Promise<void> {
  return async () => {
    const { waiting, oldestAt } = await outboxAge(db.sql);
    metrics.outbox(waiting, oldestAt === null ? 0 : Math.max(0, clock.now() - oldestAt));
  };
}

/** One lane that cannot be told holds up no other. */
async function nudgeAll(deps: RelayDeps, lanes: readonly LaneName[], cause: NudgeCause): Promise<{ lanes: LaneName[]; failures: unknown[] }> {
  const traces = await tracesOf(deps, lanes, cause);
  const results = await Promise.allSettled(lanes.map((lane) => watchedNudge(deps, lane, cause, traces(lane))));
  return {
    lanes: lanes.filter((_lane, i) => results[i]?.status === 'fulfilled'),
    failures: results.filter((result) => result.status === 'rejected').map((result): unknown => result.reason),
  };
}
