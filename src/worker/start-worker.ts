import { resolve } from 'node:path';
import { Connection } from '@temporalio/client';
import { DefaultLogger, makeTelemetryFilterString, NativeConnection, Runtime, Worker, type LogLevel, type WorkflowBundleOption } from '@temporalio/worker';
import { createActivities } from '../../activities/create-activities.ts';
import { listenToLanes } from '../../activities/lanes/lane-listener.ts';
import { shareFairly } from '../../activities/messages/share-fairly.ts';
import { openDatabaseClock } from '../../db/clock.ts';
import { openDatabase } from '../../db/client.ts';
import { watched } from '../../db/watched.ts';
import { requireSecret } from '../../db/write/check-secret.ts';
import { TASK_QUEUE } from '../../workflows/system/sender/contract.ts';
import type { Env } from '../config/env.ts';
import { openKeyring } from '../config/keyring.ts';
import { smsSettings, type SmsEnv } from '../config/sms-settings.ts';
import { temporalConnection } from '../config/temporal.ts';
import { smtpTransport } from '../providers/email/smtp.ts';
import { openSms } from '../providers/sms/open-sms.ts';
import { watchedTransport } from '../providers/watched-transport.ts';
import { ensureSchedules } from '../relay/ensure-schedules.ts';
import { ensureSearchAttributes } from '../relay/ensure-search-attributes.ts';
import { serveHealth } from '../telemetry/health-port.ts';
import type { Logger } from '../telemetry/logger.ts';
import { activityMetrics } from '../telemetry/metrics/activity-metrics.ts';
import { clockMetrics } from '../telemetry/metrics/clock-metrics.ts';
import { databaseMetrics } from '../telemetry/metrics/database-metrics.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { watchSending } from '../telemetry/sending-watch.ts';
import { bundleWorkflows } from './bundle-workflows.ts';
import { watchWorker } from './worker-health.ts';

export type WorkerSettings = Pick<Env, 'DATABASE_APP_URL' | 'TEMPORAL_ADDRESS' | 'TEMPORAL_NAMESPACE' | 'TEMPORAL_TLS'
  | 'TEMPORAL_API_KEY' | 'SMTP_URL' | 'SMTP_CONNECTIONS' | 'SMTP_MESSAGES_PER_SECOND' | 'SMS_MESSAGES_PER_SECOND' | 'FLYWHEEL_SECRET' | 'WORKER_SLOTS' | 'WORKFLOW_BUNDLE' | 'HEALTH_PORT'> & Partial<SmsEnv>;

export type RunningWorker = {
  /** Finishes what is claimed, claims no more, then closes everything. */
  stop(): Promise<void>;
  /** Rejects when the worker fails of its own accord. */
  finished: Promise<void>;
};

/** While draining, a turn ends after its claimed group; this long at most is waited for it. */
const DRAIN_MS = 8_000;
const POOL = 20;

/** Composition root: builds what activities need and runs a worker on the task queue. */
export async function startWorker(env: WorkerSettings, telemetry: Omit<Telemetry, 'close'>): Promise<RunningWorker> {
  const { log, registry } = telemetry;
  const watch = watchSending(telemetry);
  quietSdk(log);
  const db = watched(openDatabase({ url: env.DATABASE_APP_URL, role: 'flywheel_app', max: POOL, name: 'flywheel worker' }), databaseMetrics(registry, POOL));
  // The worker's login may act as both; connects when retention first runs.
  const retention = openDatabase({ url: env.DATABASE_APP_URL, role: 'flywheel_retention', max: 1, name: 'flywheel retention' });
  const clock = await openDatabaseClock(db.sql);
  clockMetrics(registry, clock);
  const keyring = openKeyring(Buffer.from(env.FLYWHEEL_SECRET, 'base64'));
  await requireSecret(db.sql, keyring.fingerprint);
  const listener = await listenToLanes(db);
  const smsVendor = openSms(smsSettings(env));
  const sms = watchedTransport(smsVendor, watch.metrics);
  const email = watchedTransport(smtpTransport({ url: env.SMTP_URL, connections: env.SMTP_CONNECTIONS }), watch.metrics);
  const draining = new AbortController();
  const health = watchWorker(() => db.sql`select 1`);
  const hasFreeSlots = (): boolean => health.busy() <= env.WORKER_SLOTS / 2;
  const transports = { email, sms };
  const perSecond = { email: env.SMTP_MESSAGES_PER_SECOND, sms: env.SMS_MESSAGES_PER_SECOND };
  const activities = createActivities({
    db, clock, listener, log, retention, keyring, transports, hasFreeSlots, watch,
    findSentSms: smsVendor.findSent,
    ...shareFairly({ db, clock, keyring, log, transports, hasFreeSlots, perSecond, slots: env.WORKER_SLOTS }),
    draining: draining.signal,
  });
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
      await listener.close().catch(() => {});
      await email.close();
      await sms.close();
      clock.close();
      await connection.close();
      await retention.close();
      await db.close();
      health.close();
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
