import { resolve } from 'node:path';
import { Connection } from '@temporalio/client';
import { DefaultLogger, makeTelemetryFilterString, NativeConnection, Runtime, Worker, type LogLevel, type WorkflowBundleOption } from '@temporalio/worker';
import { TASK_QUEUE } from '../../workflows/system/sender/contract.ts';
import type { Env } from '../config/env.ts';
import { temporalConnection } from '../config/temporal.ts';
import { ensureSchedules } from '../relay/ensure-schedules.ts';
import { ensureSearchAttributes } from '../relay/ensure-search-attributes.ts';
import { serveHealth } from '../telemetry/health-port.ts';
import type { Logger } from '../telemetry/logger.ts';
import { activityMetrics } from '../telemetry/metrics/activity-metrics.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { bundleWorkflows } from './bundle-workflows.ts';
import { openParts, type PartsSettings } from './open-parts.ts';

export type WorkerSettings = PartsSettings & Pick<Env, 'TEMPORAL_ADDRESS' | 'TEMPORAL_NAMESPACE' | 'TEMPORAL_TLS' | 'TEMPORAL_API_KEY' | 'WORKFLOW_BUNDLE' | 'HEALTH_PORT'>;

export type RunningWorker = {
  /** Finishes what is claimed, claims no more, then closes everything. */
  stop(): Promise<void>;
  /** Rejects when the worker fails of its own accord. */
  finished: Promise<void>;
};

/** While draining, a turn ends after its claimed group; this long at most is waited for it. */
const DRAIN_MS = 8_000;

/** Composition root: opens what activities need and runs a worker on the task queue. */
export async function startWorker(env: WorkerSettings, telemetry: Omit<Telemetry, 'close'>): Promise<RunningWorker> {
  const { log, registry } = telemetry;
  quietSdk(log);
  const draining = new AbortController();
  const { activities, health, close } = await openParts(env, telemetry, draining.signal);
  const watchActivity = activityMetrics(registry, { slots: env.WORKER_SLOTS, activities: Object.keys(activities) });
  const connection = await NativeConnection.connect(temporalConnection(env));
  await withClient(env, async (client) => {
    await ensureSearchAttributes(client, env.TEMPORAL_NAMESPACE, log);
    await ensureSchedules(client, env.TEMPORAL_NAMESPACE, log);
  });
  const worker = await Worker.create({
    connection,
    namespace: env.TEMPORAL_NAMESPACE,
    taskQueue: TASK_QUEUE,
    workflowBundle: await workflowBundle(env.WORKFLOW_BUNDLE),
    activities: { ...activities, sendDue: (input) => health.watch(() => activities.sendDue(input)) } satisfies typeof activities,
    interceptors: { activity: [({ info }) => ({ inbound: { execute: (input, next) => watchActivity(info.activityType, () => next(input)) } })] },
    maxConcurrentActivityTaskExecutions: env.WORKER_SLOTS,
    maxConcurrentWorkflowTaskExecutions: 20,
    maxCachedWorkflows: 500,
    shutdownGraceTime: DRAIN_MS,
  });
  const healthPort = await serveHealth(env.HEALTH_PORT, health.findTrouble);
  const runUntilEnd = async (): Promise<void> => {
    try {
      await worker.run();
    } finally {
      await connection.close();
      await close();
      await healthPort.close();
    }
  };
  const finished = runUntilEnd();
  return {
    finished,
    async stop() {
      draining.abort();
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await finished.catch(() => {});
    },
  };
}

/** A file that was built before, or the workflows as they lie here. */
async function workflowBundle(codePath: string | undefined): Promise<WorkflowBundleOption> {
  return codePath === undefined ? { code: await bundleWorkflows() } : { codePath: resolve(codePath) };
}

async function withClient(env: WorkerSettings, work: (connection: Connection) => Promise<void>): Promise<void> {
  const connection = await Connection.connect(temporalConnection(env));
  try {
    await work(connection);
  } finally {
    await connection.close();
  }
}

/** The SDK's lines become ours; what it says at INFO is of no use to an operator. */
function quietSdk(log: Logger): void {
  const write = (level: LogLevel, message: string, meta: unknown): void => {
    if (level === 'ERROR') log.error({ sdk: meta === undefined ? undefined : 'temporal' }, message);
    else log.warn({ sdk: 'temporal' }, message);
  };
  Runtime.install({
    logger: new DefaultLogger('WARN', ({ level, message, meta }) => write(level, message, meta)),
    // The native core would print lines of its own, in colour.
    telemetryOptions: { logging: { forward: {}, filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }) } },
  });
}
