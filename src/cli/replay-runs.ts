import type { HistoryAndWorkflowId } from '@temporalio/client';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { reasonOf } from './say-failure.ts';
import { grpcCode, NOT_FOUND, soon } from './temporal.ts';
import type { Temporal } from './temporal.ts';

/** How many runs were replayed, how many were gone before they could be read, and which this code would not live. */
export type Replayed = { replayed: number; gone: number; broken: { workflowId: string; runId: string; why: string }[] };

export type ReplayOptions = {
  /** A list filter of Temporal's visibility. */
  readonly filter: string;
  readonly limit: number;
  readonly workflowBundle: { readonly code: string };
  say(line: string): void;
};

const SAY_EVERY = 50;

/** Replays the newest runs of each kind, those that run before those that closed, one download after the other. */
export async function replayRuns(temporal: Temporal, { filter, limit, workflowBundle, say }: ReplayOptions): Promise<Replayed> {
  Runtime.install({ logger: new DefaultLogger('ERROR', () => {}), telemetryOptions: { logging: { forward: {}, filter: 'OFF' } } });
  const report: Replayed = { replayed: 0, gone: 0, broken: [] };
  const histories = downloadRuns(temporal, { filter, limit, gone: () => { report.gone += 1; } });
  for await (const { workflowId, runId, error } of Worker.runReplayHistories({ workflowBundle }, histories)) {
    report.replayed += 1;
    if (error !== undefined) report.broken.push({ workflowId, runId, why: reasonOf(error) });
    if (report.replayed % SAY_EVERY === 0) say(`${String(report.replayed)} replayed`);
  }
  return report;
}

async function* downloadRuns({ client, connection }: Temporal, { filter, limit, gone }: { filter: string; limit: number; gone(): void }): AsyncGenerator<HistoryAndWorkflowId> {
  let left = limit;
  for (const status of ["ExecutionStatus = 'Running'", "ExecutionStatus != 'Running'"]) {
    if (left === 0) return;
    for await (const { workflowId, runId } of client.workflow.list({ query: `${filter} AND ${status}` })) {
      try {
        yield { workflowId, history: await soon(connection, () => client.workflow.getHandle(workflowId, runId).fetchHistory()) };
        left -= 1;
      } catch (error) {
        // Between list and download its retention ended.
        if (grpcCode(error) !== NOT_FOUND) throw error;
        gone();
      }
      if (left === 0) break;
    }
  }
}
