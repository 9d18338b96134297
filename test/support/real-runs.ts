import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { closeRun } from '../../activities/runs/close-run.ts';
import { moveRun } from '../../activities/runs/move-run.ts';
import { recallFacts } from '../../activities/runs/recall-facts.ts';
import { readRun, type RunView } from '../../db/read/runs.ts';
import { openRuns } from '../../db/write/open-runs.ts';
import { tellRuns } from '../../db/write/tell-runs.ts';
import { newId } from '../../src/config/new-id.ts';
import { startTemporal } from '../../src/dev/temporal.ts';
import type { ReferralLook } from '../../src/domain/referral/look.ts';
import { ensureSearchAttributes } from '../../src/relay/ensure-search-attributes.ts';
import { handOverRuns, type RunDeps } from '../../src/relay/start-runs.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { runWorkflowId } from '../../workflows/kit/contract.ts';
import { TASK_QUEUE } from '../../workflows/system/sender/contract.ts';
import { waitUntil } from '../chaos/support/wait-until.ts';
import { makeTestTenant, NOON, type TestTenant } from './api.ts';
import { openTestDatabase, type TestDatabase } from './database.ts';
import { workflowBundle } from './workflow-bundle.ts';

/** Runs of referrals between Postgres and a real Temporal, whose looks at their rows a test answers. */
export type RealRuns = {
  readonly database: TestDatabase;
  readonly tenant: TestTenant;
  readonly deps: RunDeps;
  readonly clock: { now(): number; set(at: number): void };
  /** What the referrals' rows would say: how many looks, and what each answered. */
  readonly looks: Map<string, { asked: number; answer: ReferralLook }>;
  openOne(): Promise<string>;
  tell(runId: string, factId: string): Promise<void>;
  rowOf(id: string): Promise<RunView | null>;
  handleOf(runId: string, generation: number): WorkflowHandle;
  looked(id: string, times: number): Promise<void>;
  /** Rows in the outbox. */
  waiting(): Promise<number>;
  /** As the relay does, until nothing is left. */
  drain(): Promise<void>;
  close(): Promise<void>;
};

/** `longHistory`: after so many events Temporal suggests a new history (4,096 in production). */
export async function openRealRuns({ longHistory }: { longHistory: number }): Promise<RealRuns> {
  Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging: { forward: {}, filter: 'OFF' } } });
  const log = createLogger({ level: 'silent' });
  const dir = mkdtempSync(join(tmpdir(), 'flywheel-runs-'));
  let now = NOON;
  const clock = { now: () => now, skewMs: () => 0, close: () => {}, set: (at: number) => { now = at; } };
  const looks: RealRuns['looks'] = new Map();
  const temporalHere = startTemporal({ dir, cacheDir: join(__dirname, '../../.flywheel/cache'), headless: true, dynamicConfig: { 'limit.historyCount.suggestContinueAsNew': longHistory } });
  const [database, temporal] = await Promise.all([openTestDatabase(), temporalHere]);
  const tenant = await makeTestTenant(database, NOON);
  const connection = await Connection.connect({ address: temporal.address });
  await ensureSearchAttributes(connection, 'default', log);
  const native = await NativeConnection.connect({ address: temporal.address });
  const parts = { db: database.app, clock };
  const worker = await Worker.create({
    connection: native, taskQueue: TASK_QUEUE, workflowBundle: workflowBundle(),
    activities: {
      moveRun: (input: Parameters<typeof moveRun>[1]) => moveRun(parts, input),
      closeRun: (input: Parameters<typeof closeRun>[1]) => closeRun(parts, input),
      recallFacts: (input: Parameters<typeof recallFacts>[1]) => recallFacts(parts, input),
      settleReferral: async ({ referralId }: { referralId: string }): Promise<ReferralLook> => {
        const look = looks.get(referralId) ?? { asked: 0, answer: { kind: 'goes_on', stage: 'attributed', nextAt: null } };
        looks.set(referralId, { ...look, asked: look.asked + 1 });
        return look.answer;
      },
    },
  });
  const running = worker.run();
  const deps: RunDeps = { db: database.relay, clock, client: new Client({ connection }), log };
  const handOver = handOverRuns(deps);
  const { tenantId } = tenant;
  return {
    database, tenant, deps, clock, looks,
    async openOne() {
      const id = newId('ref', now);
      await database.app.asTenant(tenantId, (tx) => openRuns(tx, { tenantId, runs: [{ id, loop: 'referral', stage: 'attributed', input: {} }], now }));
      return id;
    },
    tell: (runId, factId) => database.app.asTenant(tenantId, (tx) => tellRuns(tx, { tenantId, facts: [{ runId, factId, kind: 'changed', data: {}, at: now }], now })),
    rowOf: (id) => database.app.asTenant(tenantId, (tx) => readRun(tx, tenantId, id)),
    handleOf: (runId, generation) => deps.client.workflow.getHandle(runWorkflowId({ loop: 'referral', runId, generation })),
    async looked(id, times) { await waitUntil(`${String(times)} looks`, 20_000, async () => looks.get(id)?.asked === times, async () => looks.get(id)); },
    waiting: async () => (await database.superuser`select 1 from outbox`).length,
    async drain() { while (await handOver()); },
    async close() {
      worker.shutdown();
      await running;
      await native.close();
      await connection.close();
      await temporal.stop();
      await database.drop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
