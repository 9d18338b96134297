import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { closeRun } from '../../activities/runs/close-run.ts';
import { moveRun } from '../../activities/runs/move-run.ts';
import { recallFacts } from '../../activities/runs/recall-facts.ts';
import { readRun, type RunView } from '../../db/read/runs.ts';
import { openRuns } from '../../db/write/open-runs.ts';
import { cancelRun } from '../../db/write/run-controls.ts';
import { tellRuns } from '../../db/write/tell-runs.ts';
import { newId } from '../../src/config/new-id.ts';
import { startTemporal } from '../../src/dev/temporal.ts';
import type { ReferralLook } from '../../src/domain/referral/look.ts';
import type { ToldFact } from '../../src/domain/run/fact.ts';
import { ensureSearchAttributes } from '../../src/relay/ensure-search-attributes.ts';
import { reconcileRuns } from '../../src/relay/reconcile-runs.ts';
import { handOverRuns, type RunDeps } from '../../src/relay/start-runs.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { runWorkflowId, TELL_SIGNAL } from '../../workflows/kit/contract.ts';
import { TASK_QUEUE } from '../../workflows/system/sender/contract.ts';
import { waitUntil } from '../chaos/support/wait-until.ts';
import { makeTestTenant, NOON, type TestTenant } from '../support/api.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { removeWorkflowBundle, shareWorkflowBundle, workflowBundle } from '../support/workflow-bundle.ts';

/** Runs between Postgres and a real Temporal: handed over, lost, found again. */
jest.setTimeout(60_000);

const [LONG_HISTORY, log] = [150, createLogger({ level: 'silent' })];
const dir = mkdtempSync(join(tmpdir(), 'flywheel-runs-'));
let now = NOON;
/** What the referrals' rows would say: how many looks, and what each answered. */
const looks = new Map<string, { asked: number; answer: ReferralLook }>();
const clock = { now: () => now, skewMs: () => 0, close: () => {} };

let database: TestDatabase;
let tenant: TestTenant;
let temporal: Awaited<ReturnType<typeof startTemporal>>;
let connection: Connection;
let native: NativeConnection;
let worker: Worker;
let running: Promise<void>;
let deps: RunDeps;
let handOver: ReturnType<typeof handOverRuns>;

beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging: { forward: {}, filter: 'OFF' } } });
  // A long history is short here: Temporal would suggest a new one after 4,096 events.
  const dynamicConfig = { 'limit.historyCount.suggestContinueAsNew': LONG_HISTORY };
  const temporalHere = startTemporal({ dir, cacheDir: join(__dirname, '../../.flywheel/cache'), headless: true, dynamicConfig });
  [database, temporal] = await Promise.all([openTestDatabase(), temporalHere, shareWorkflowBundle()]);
  tenant = await makeTestTenant(database, NOON);
  connection = await Connection.connect({ address: temporal.address });
  await ensureSearchAttributes(connection, 'default', log);
  native = await NativeConnection.connect({ address: temporal.address });
  const parts = { db: database.app, clock };
  worker = await Worker.create({
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
  running = worker.run();
  deps = { db: database.relay, clock, client: new Client({ connection }), log };
  handOver = handOverRuns(deps);
}, 120_000);
afterAll(async () => {
  worker.shutdown();
  await running;
  await native.close();
  await connection.close();
  await temporal.stop();
  await database.drop();
  await removeWorkflowBundle();
  rmSync(dir, { recursive: true, force: true });
}, 60_000);

async function openOne(): Promise<string> {
  const id = newId('ref', now);
  await database.app.asTenant(tenant.tenantId, (tx) => openRuns(tx, { tenantId: tenant.tenantId, runs: [{ id, loop: 'referral', stage: 'attributed', input: {} }], now }));
  return id;
}
const tell = (runId: string, factId: string): Promise<void> => database.app.asTenant(tenant.tenantId, (tx) =>
  tellRuns(tx, { tenantId: tenant.tenantId, facts: [{ runId, factId, kind: 'changed', data: {}, at: now }], now }));
const rowOf = (id: string): Promise<RunView | null> => database.app.asTenant(tenant.tenantId, (tx) => readRun(tx, tenant.tenantId, id));
const handleOf = (runId: string, generation: number) => deps.client.workflow.getHandle(runWorkflowId({ loop: 'referral', runId, generation }));
const looked = (id: string, times: number) => waitUntil(`${String(times)} looks`, 20_000, async () => looks.get(id)?.asked === times, async () => looks.get(id));
const waiting = async (): Promise<number> => (await database.superuser`select 1 from outbox`).length;
const drain = async (): Promise<void> => { while (await handOver()); };

test('a run that is opened lives, says where it stands, hears what it is told, and ends with its row', async () => {
  const id = await openOne();
  looks.set(id, { asked: 0, answer: { kind: 'goes_on', stage: 'holding', nextAt: null } });
  await drain();
  await looked(id, 1);
  await waitUntil('the stage is in the row', 10_000, async () => (await rowOf(id))?.stage === 'holding');
  const { typedSearchAttributes, status } = await handleOf(id, 1).describe();
  expect(status.name).toBe('RUNNING');
  expect(JSON.stringify(typedSearchAttributes)).toMatch(/FlywheelLoop/);
  expect(JSON.stringify(typedSearchAttributes)).toContain('holding');
  looks.set(id, { asked: 1, answer: { kind: 'over', outcome: 'rewarded' } });
  await tell(id, 'paid');
  await drain();
  expect(await handleOf(id, 1).result()).toEqual({ outcome: 'rewarded', reason: null });
  expect(await rowOf(id)).toMatchObject({ outcome: 'rewarded', generation: 1 });
});

test('handing a start over twice starts one', async () => {
  const id = await openOne();
  const rows = await database.superuser<{ payload: unknown }[]>`select payload from outbox where lane = ${id}`;
  await drain();
  await database.superuser`insert into outbox (tenant_id, kind, lane, created_at, payload) values (${tenant.tenantId}, 'start_run', ${id}, ${now}, ${JSON.stringify(rows[0]?.payload)}::jsonb)`;
  await drain();
  await looked(id, 1);
  expect([await waiting(), (await rowOf(id))?.generation]).toEqual([0, 1]);
});

test('a run that Temporal lost begins again when it is told something, and knows all it was told before', async () => {
  const id = await openOne();
  await drain();
  await looked(id, 1);
  await handleOf(id, 1).terminate();
  await tell(id, 'one');
  await tell(id, 'two');
  await drain();
  expect((await rowOf(id))?.generation).toBe(2);
  await looked(id, 2);
  expect((await handleOf(id, 2).describe()).status.name).toBe('RUNNING');
  expect(await waiting()).toBe(0);
});

test('a run whose deadline passed without a sign of life is asked after, and begins again where it is lost', async () => {
  const [lost, alive] = [await openOne(), await openOne()];
  const dueAt = now + 3_600_000;
  for (const id of [lost, alive]) looks.set(id, { asked: 0, answer: { kind: 'goes_on', stage: 'holding', nextAt: Date.now() + 3_600_000 } });
  await drain();
  await looked(lost, 1);
  await waitUntil('both say what they wait for', 10_000, async () => (await rowOf(lost))?.dueAt != null && (await rowOf(alive))?.dueAt != null);
  await database.superuser`update runs set due_at = ${dueAt} where id in (${lost}, ${alive})`;
  await handleOf(lost, 1).terminate();
  now = dueAt + 30_000;
  await reconcileRuns(deps);
  expect((await rowOf(lost))?.generation).toBe(1);
  now = dueAt + 61_000;
  await reconcileRuns(deps);
  await drain();
  expect([(await rowOf(lost))?.generation, (await rowOf(alive))?.generation]).toEqual([2, 1]);
  await looked(lost, 2);
});

test('what a closed run is told stays in Postgres, and keeps nobody waiting', async () => {
  const id = await openOne();
  looks.set(id, { asked: 0, answer: { kind: 'over', outcome: 'nothing_earned' } });
  await drain();
  await waitUntil('it has ended', 20_000, async () => (await rowOf(id))?.closedAt !== null);
  await database.superuser`
    insert into outbox (tenant_id, kind, lane, created_at, payload) values (${tenant.tenantId}, 'tell_run', ${id}, ${now}, ${JSON.stringify({ id: 'late', kind: 'changed', data: {}, at: now })}::jsonb)`;
  await drain();
  expect([await waiting(), (await rowOf(id))?.generation]).toEqual([0, 1]);
});

test('a run that is canceled before Temporal ever heard of it starts and ends by that name', async () => {
  const id = await openOne();
  await database.app.asTenant(tenant.tenantId, (tx) => cancelRun(tx, { tenantId: tenant.tenantId, runId: id, reason: 'not meant', actor: 'key_test', now }));
  await drain();
  expect(await handleOf(id, 1).result()).toMatchObject({ outcome: 'canceled' });
  expect(await rowOf(id)).toMatchObject({ outcome: 'canceled' });
});

test('a life whose history has grown long goes on as a new one: what it heard is heard, what it waits for is waited for', async () => {
  const id = await openOne();
  looks.set(id, { asked: 0, answer: { kind: 'goes_on', stage: 'holding', nextAt: null } });
  await drain();
  await looked(id, 1);
  const handle = handleOf(id, 1);
  const { runId: first } = await handle.describe();
  let sent = 0;
  for (; (await handle.describe()).runId === first && sent < LONG_HISTORY; sent += 1) {
    await handle.signal<[ToldFact]>(TELL_SIGNAL, { id: `c${String(sent)}`, kind: 'changed', data: {}, at: now });
    await waitUntil('it has looked', 20_000, async () => (looks.get(id)?.asked ?? 0) > sent + 1);
  }
  expect(sent).toBeLessThan(LONG_HISTORY);
  // One look for its beginning and one for each fact: the last by the new one.
  const asked = looks.get(id)?.asked ?? 0;
  expect(asked).toBe(sent + 1);
  await handle.signal<[ToldFact]>(TELL_SIGNAL, { id: 'c1', kind: 'changed', data: {}, at: now });
  looks.set(id, { asked, answer: { kind: 'over', outcome: 'rewarded' } });
  await handle.signal<[ToldFact]>(TELL_SIGNAL, { id: 'new', kind: 'changed', data: {}, at: now });
  expect(await handle.result()).toEqual({ outcome: 'rewarded', reason: null });
  expect([looks.get(id)?.asked, (await rowOf(id))?.generation]).toEqual([asked + 1, 1]);
});
