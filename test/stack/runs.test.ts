import { cancelRun } from '../../db/write/run-controls.ts';
import type { ToldFact } from '../../src/domain/run/fact.ts';
import { reconcileRuns } from '../../src/relay/reconcile-runs.ts';
import { TELL_SIGNAL } from '../../workflows/kit/contract.ts';
import { waitUntil } from '../chaos/support/wait-until.ts';
import { openRealRuns, type RealRuns } from '../support/real-runs.ts';

/** Runs between Postgres and a real Temporal: handed over, lost, found again. */
jest.setTimeout(60_000);

// A long history is short here: Temporal would suggest a new one after 4,096 events.
const LONG_HISTORY = 150;
let runs: RealRuns;
beforeAll(async () => { runs = await openRealRuns({ longHistory: LONG_HISTORY }); }, 120_000);
afterAll(() => runs.close(), 60_000);

test('a run that is opened lives, says where it stands, hears what it is told, and ends with its row', async () => {
  const id = await runs.openOne();
  runs.looks.set(id, { asked: 0, answer: { kind: 'goes_on', stage: 'holding', nextAt: null } });
  await runs.drain();
  await runs.looked(id, 1);
  await waitUntil('the stage is in the row', 10_000, async () => (await runs.rowOf(id))?.stage === 'holding');
  const { typedSearchAttributes, status } = await runs.handleOf(id, 1).describe();
  expect(status.name).toBe('RUNNING');
  expect(JSON.stringify(typedSearchAttributes)).toMatch(/FlywheelLoop/);
  expect(JSON.stringify(typedSearchAttributes)).toContain('holding');
  runs.looks.set(id, { asked: 1, answer: { kind: 'over', outcome: 'rewarded' } });
  await runs.tell(id, 'paid');
  await runs.drain();
  expect(await runs.handleOf(id, 1).result()).toEqual({ outcome: 'rewarded', reason: null });
  expect(await runs.rowOf(id)).toMatchObject({ outcome: 'rewarded', generation: 1 });
});

test('handing a start over twice starts one', async () => {
  const id = await runs.openOne();
  const rows = await runs.database.superuser<{ payload: unknown }[]>`select payload from outbox where lane = ${id}`;
  await runs.drain();
  await runs.database.superuser`insert into outbox (tenant_id, kind, lane, created_at, payload) values (${runs.tenant.tenantId}, 'start_run', ${id}, ${runs.clock.now()}, ${JSON.stringify(rows[0]?.payload)}::jsonb)`;
  await runs.drain();
  await runs.looked(id, 1);
  expect([await runs.waiting(), (await runs.rowOf(id))?.generation]).toEqual([0, 1]);
});

test('a run that Temporal lost begins again when it is told something, and knows all it was told before', async () => {
  const id = await runs.openOne();
  await runs.drain();
  await runs.looked(id, 1);
  await runs.handleOf(id, 1).terminate();
  await runs.tell(id, 'one');
  await runs.tell(id, 'two');
  await runs.drain();
  expect((await runs.rowOf(id))?.generation).toBe(2);
  await runs.looked(id, 2);
  expect((await runs.handleOf(id, 2).describe()).status.name).toBe('RUNNING');
  expect(await runs.waiting()).toBe(0);
});

test('a run whose deadline passed without a sign of life is asked after, and begins again where it is lost', async () => {
  const [lost, alive] = [await runs.openOne(), await runs.openOne()];
  const dueAt = runs.clock.now() + 3_600_000;
  for (const id of [lost, alive]) runs.looks.set(id, { asked: 0, answer: { kind: 'goes_on', stage: 'holding', nextAt: Date.now() + 3_600_000 } });
  await runs.drain();
  await runs.looked(lost, 1);
  await waitUntil('both say what they wait for', 10_000, async () => (await runs.rowOf(lost))?.dueAt != null && (await runs.rowOf(alive))?.dueAt != null);
  await runs.database.superuser`update runs set due_at = ${dueAt} where id in (${lost}, ${alive})`;
  await runs.handleOf(lost, 1).terminate();
  runs.clock.set(dueAt + 30_000);
  await reconcileRuns(runs.deps);
  expect((await runs.rowOf(lost))?.generation).toBe(1);
  runs.clock.set(dueAt + 61_000);
  await reconcileRuns(runs.deps);
  await runs.drain();
  expect([(await runs.rowOf(lost))?.generation, (await runs.rowOf(alive))?.generation]).toEqual([2, 1]);
  await runs.looked(lost, 2);
});

test('a run that loses its second life rests: what it is told meanwhile waits in Postgres, not in the outbox, and its next life knows it', async () => {
  const id = await runs.openOne();
  await runs.drain();
  await runs.looked(id, 1);
  await runs.handleOf(id, 1).terminate();
  await runs.tell(id, 'one');
  await runs.drain();
  await runs.looked(id, 2);
  await runs.handleOf(id, 2).terminate();
  await runs.tell(id, 'two');
  await runs.drain();
  expect([await runs.waiting(), (await runs.rowOf(id))?.generation]).toEqual([0, 2]);
  await reconcileRuns(runs.deps);
  expect((await runs.rowOf(id))?.generation).toBe(2);
  runs.clock.set(runs.clock.now() + 60_000);
  await reconcileRuns(runs.deps);
  await runs.drain();
  expect([await runs.waiting(), (await runs.rowOf(id))?.generation]).toEqual([0, 3]);
  await runs.looked(id, 3);
});

test('what a closed run is told stays in Postgres, and keeps nobody waiting', async () => {
  const id = await runs.openOne();
  runs.looks.set(id, { asked: 0, answer: { kind: 'over', outcome: 'nothing_earned' } });
  await runs.drain();
  await waitUntil('it has ended', 20_000, async () => (await runs.rowOf(id))?.closedAt !== null);
  await runs.database.superuser`
    insert into outbox (tenant_id, kind, lane, created_at, payload) values (${runs.tenant.tenantId}, 'tell_run', ${id}, ${runs.clock.now()}, ${JSON.stringify({ id: 'late', kind: 'changed', data: {}, at: runs.clock.now() })}::jsonb)`;
  await runs.drain();
  expect([await runs.waiting(), (await runs.rowOf(id))?.generation]).toEqual([0, 1]);
});

test('a run that is canceled before Temporal ever heard of it starts and ends by that name', async () => {
  const id = await runs.openOne();
  await runs.database.app.asTenant(runs.tenant.tenantId, (tx) => cancelRun(tx, { tenantId: runs.tenant.tenantId, runId: id, reason: 'not meant', actor: 'key_test', now: runs.clock.now() }));
  await runs.drain();
  expect(await runs.handleOf(id, 1).result()).toMatchObject({ outcome: 'canceled' });
  expect(await runs.rowOf(id)).toMatchObject({ outcome: 'canceled' });
});

test('a life whose history has grown long goes on as a new one: what it heard is heard, what it waits for is waited for', async () => {
  const id = await runs.openOne();
  runs.looks.set(id, { asked: 0, answer: { kind: 'goes_on', stage: 'holding', nextAt: null } });
  await runs.drain();
  await runs.looked(id, 1);
  const handle = runs.handleOf(id, 1);
  const { runId: first } = await handle.describe();
  let sent = 0;
  for (; (await handle.describe()).runId === first && sent < LONG_HISTORY; sent += 1) {
    await handle.signal<[ToldFact]>(TELL_SIGNAL, { id: `c${String(sent)}`, kind: 'changed', data: {}, at: runs.clock.now() });
    await waitUntil('it has looked', 20_000, async () => (runs.looks.get(id)?.asked ?? 0) > sent + 1);
  }
  expect(sent).toBeLessThan(LONG_HISTORY);
  // One look for its beginning and one for each fact: the last by the new one.
  const asked = runs.looks.get(id)?.asked ?? 0;
  expect(asked).toBe(sent + 1);
  await handle.signal<[ToldFact]>(TELL_SIGNAL, { id: 'c1', kind: 'changed', data: {}, at: runs.clock.now() });
  runs.looks.set(id, { asked, answer: { kind: 'over', outcome: 'rewarded' } });
  await handle.signal<[ToldFact]>(TELL_SIGNAL, { id: 'new', kind: 'changed', data: {}, at: runs.clock.now() });
  expect(await handle.result()).toEqual({ outcome: 'rewarded', reason: null });
  expect([runs.looks.get(id)?.asked, (await runs.rowOf(id))?.generation]).toEqual([asked + 1, 1]);
});
