import { readRun, type RunView } from '../../db/read/runs.ts';
import { factsNotSeen } from '../../db/read/run-facts.ts';
import type { Tx } from '../../db/client.ts';
import { closeRun } from '../../db/write/close-run.ts';
import { openRuns } from '../../db/write/open-runs.ts';
import { beginRunsAgain } from '../../db/write/run-begin-again.ts';
import { takeRunsToCheck } from '../../db/write/run-checks.ts';
import { cancelRun, pauseRun, resumeRun, shortenRun } from '../../db/write/run-controls.ts';
import { moveRun } from '../../db/write/run-move.ts';
import { tellRuns } from '../../db/write/tell-runs.ts';
import { newId } from '../../src/config/new-id.ts';
import { makeTestTenant, NOON, type TestTenant } from '../support/api.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';

const MINUTE_MS = 60_000;
let database: TestDatabase;
let tenant: TestTenant;
beforeAll(async () => {
  database = await openTestDatabase();
  tenant = await makeTestTenant(database, NOON);
});
beforeEach(() => database.superuser`delete from outbox`);
afterAll(() => database.drop());

const work = <T>(of: (tx: Tx) => Promise<T>): Promise<T> => database.app.asTenant(tenant.tenantId, of);
const newRunId = (): string => newId('ref', NOON);
const open = (ids: readonly string[], now = NOON): Promise<void> => work((tx) =>
  openRuns(tx, { tenantId: tenant.tenantId, runs: ids.map((id) => ({ id, loop: 'referral', stage: 'attributed', input: { first: now } })), now }));
const tell = (runId: string, factIds: readonly string[], now = NOON): Promise<void> => work((tx) =>
  tellRuns(tx, { tenantId: tenant.tenantId, facts: factIds.map((factId) => ({ runId, factId, kind: 'changed', data: { moves: 1, state: null }, at: now - 1 })), now }));
const close = (runId: string, more: { generation?: number; unless?: readonly string[]; seen?: readonly string[]; now?: number } = {}) => work((tx) =>
  closeRun(tx, { tenantId: tenant.tenantId, runId, generation: more.generation ?? 1, outcome: 'rewarded', reason: null, unless: more.unless === undefined ? null : { kinds: more.unless, seen: more.seen ?? [] }, now: more.now ?? NOON + 1 }));
const outbox = async (): Promise<unknown[]> => [...await database.superuser`select kind, lane, payload from outbox order by id`];
const rowOf = async (id: string): Promise<RunView | null> => work((tx) => readRun(tx, tenant.tenantId, id));
const order = (runId: string, now = NOON + MINUTE_MS) => ({ tenantId: tenant.tenantId, runId, reason: 'looked into', actor: 'key_test', now });

test('opening a run writes its row and its start, once, however often it is opened', async () => {
  const [a, b] = [newRunId(), newRunId()];
  await open([b, a, b]);
  await open([a, b], NOON + 5);
  expect(await rowOf(a)).toMatchObject({ generation: 1, stage: 'attributed', input: { first: NOON }, openedAt: NOON, closedAt: null });
  expect(await outbox()).toEqual([a, b].toSorted().map((lane) => ({ kind: 'start_run', lane, payload: { loop: 'referral', generation: 1, input: { first: NOON } } })));
});

test('two that open the same run at once make one', async () => {
  const id = newRunId();
  await Promise.all([open([id]), open([id]), open([id])]);
  expect((await outbox()).length).toBe(1);
});

test('a closed run that is opened begins again as its next generation, free of what it was before', async () => {
  const id = newRunId();
  await open([id]);
  await work((tx) => moveRun(tx, { tenantId: tenant.tenantId, runId: id, generation: 1, stage: 'holding', dueAt: NOON + 9, now: NOON }));
  await work((tx) => pauseRun(tx, order(id)));
  await close(id);
  expect(await rowOf(id)).toMatchObject({ outcome: 'rewarded', closedAt: NOON + 1, dueAt: null });
  await open([id], NOON + 100);
  expect(await rowOf(id)).toMatchObject({ generation: 2, stage: 'attributed', dueAt: null, pausedAt: null, outcome: null, closedAt: null, openedAt: NOON + 100 });
  expect((await outbox()).at(-1)).toMatchObject({ kind: 'start_run', payload: { generation: 2 } });
});

test('a fact is kept and told once by its id, and a run that was never opened is told nothing', async () => {
  const [id, never] = [newRunId(), newRunId()];
  await open([id]);
  await tell(id, ['a', 'b', 'a']);
  await tell(id, ['a', 'b']);
  await tell(never, ['a']);
  expect(await outbox()).toEqual([
    expect.objectContaining({ kind: 'start_run' }),
    ...['a', 'b'].map((fact) => ({ kind: 'tell_run', lane: id, payload: { id: fact, kind: 'changed', data: { moves: 1, state: null }, at: NOON - 1 } })),
  ]);
  expect(await work((tx) => factsNotSeen(tx, { tenantId: tenant.tenantId, runId: id, seen: ['a'] }))).toEqual([{ id: 'b', kind: 'changed', data: { moves: 1, state: null }, at: NOON - 1 }]);
});

test('what a closed run is told stays in Postgres, and is none of its next life\'s', async () => {
  const id = newRunId();
  await open([id]);
  await tell(id, ['early']);
  await close(id);
  await database.superuser`delete from outbox`;
  await tell(id, ['late'], NOON + 2);
  expect(await outbox()).toEqual([]);
  await work(async (tx) => {
    await openRuns(tx, { tenantId: tenant.tenantId, runs: [{ id, loop: 'referral', stage: 'attributed', input: {} }], now: NOON + 10 });
    await tellRuns(tx, { tenantId: tenant.tenantId, facts: [{ runId: id, factId: 'new', kind: 'changed', data: {}, at: NOON + 9 }], now: NOON + 10 });
  });
  expect((await work((tx) => factsNotSeen(tx, { tenantId: tenant.tenantId, runId: id, seen: [] }))).map((fact) => fact.id)).toEqual(['new']);
});

test('a fact that another process tells with a clock that is a little behind is still of this life', async () => {
  const id = newRunId();
  await open([id], NOON + 10);
  await tell(id, ['behind'], NOON + 3);
  expect(await work((tx) => factsNotSeen(tx, { tenantId: tenant.tenantId, runId: id, seen: [] }))).toHaveLength(1);
});

test('a run does not close over a fact it has not seen, and says which', async () => {
  const id = newRunId();
  await open([id]);
  await tell(id, ['a', 'b']);
  expect(await close(id, { unless: ['changed'], seen: ['a'] })).toMatchObject({ outcome: 'goes_on', facts: [{ id: 'b' }] });
  expect(await rowOf(id)).toMatchObject({ closedAt: null });
  expect(await close(id, { unless: ['other'] })).toEqual({ outcome: 'closed' });
  expect(await close(id)).toEqual({ outcome: 'closed' });
});

test('a life that is over can neither move nor close the row', async () => {
  const id = newRunId();
  await open([id]);
  await beginRunsAgain(database.relay, [{ tenantId: tenant.tenantId, runId: id, loop: 'referral', generation: 1 }], NOON);
  expect(await work((tx) => moveRun(tx, { tenantId: tenant.tenantId, runId: id, generation: 1, stage: 'holding', dueAt: null, now: NOON }))).toBe('superseded');
  expect(await close(id)).toEqual({ outcome: 'superseded' });
  expect(await rowOf(id)).toMatchObject({ generation: 2, stage: 'attributed', closedAt: null });
});

test('a lost run begins again once, whoever finds it first, and a closed one never', async () => {
  const [lost, closed] = [newRunId(), newRunId()];
  await open([lost, closed]);
  await close(closed);
  await database.superuser`delete from outbox`;
  const lives = [lost, closed].map((runId) => ({ tenantId: tenant.tenantId, runId, loop: 'referral', generation: 1 }));
  const begun = (await Promise.all([beginRunsAgain(database.relay, lives, NOON), beginRunsAgain(database.relay, lives, NOON)])).flat();
  expect(begun).toEqual([{ tenantId: tenant.tenantId, runId: lost, loop: 'referral', generation: 2 }]);
  expect(await outbox()).toEqual([{ kind: 'start_run', lane: lost, payload: { loop: 'referral', generation: 2, input: { first: NOON } } }]);
});

test('runs to ask after: those late by a minute without a sign of life, and in time all others; none that the outbox knows', async () => {
  await database.superuser`update runs set closed_at = ${NOON}, outcome = 'rewarded' where closed_at is null`;
  const [late, early, still, waiting] = [newRunId(), newRunId(), newRunId(), newRunId()];
  await open([late, early, still, waiting]);
  await database.superuser`delete from outbox where lane <> ${waiting}`;
  const due = async (runId: string, dueAt: number | null) => work((tx) => moveRun(tx, { tenantId: tenant.tenantId, runId, generation: 1, stage: 'holding', dueAt, now: NOON }));
  await due(late, NOON + 1);
  await due(waiting, NOON + 1);
  await due(early, NOON + 10 * MINUTE_MS);
  await due(still, null);
  const check = async (now: number): Promise<string[]> =>
    (await takeRunsToCheck(database.relay, { lateSince: now - MINUTE_MS, notSeenSince: now - 1_000 * MINUTE_MS, now })).map(({ runId }) => runId).toSorted();
  expect(await check(NOON + MINUTE_MS)).toEqual([]);
  expect(await check(NOON + 2 * MINUTE_MS)).toEqual([late]);
  expect(await check(NOON + 2 * MINUTE_MS + 1)).toEqual([]);
  expect(await check(NOON + 1_001 * MINUTE_MS)).toEqual([late, early, still].toSorted());
});

describe('an operator\'s word', () => {
  const decisions = async (id: string): Promise<unknown[]> => [...await database.superuser`select kind, inputs, actor from decisions where subject_id = ${id} order by at, id`];

  test('pause and resume are rows, facts for the run, and decisions with their reason; the second time nothing', async () => {
    const id = newRunId();
    await open([id]);
    await database.superuser`delete from outbox`;
    expect(await work((tx) => pauseRun(tx, order(id)))).toBe('done');
    expect(await work((tx) => pauseRun(tx, order(id)))).toBe('unchanged');
    expect(await rowOf(id)).toMatchObject({ pausedAt: NOON + MINUTE_MS });
    expect(await work((tx) => resumeRun(tx, order(id, NOON + 2 * MINUTE_MS)))).toBe('done');
    expect(await work((tx) => resumeRun(tx, order(id)))).toBe('unchanged');
    expect(await rowOf(id)).toMatchObject({ pausedAt: null });
    expect(await outbox()).toMatchObject([{ kind: 'tell_run', payload: { kind: '#pause', at: NOON + MINUTE_MS } }, { kind: 'tell_run', payload: { kind: '#resume' } }]);
    expect(await decisions(id)).toEqual([
      { kind: 'run_paused', inputs: { reason: 'looked into', stage: 'attributed' }, actor: 'key_test' },
      { kind: 'run_resumed', inputs: { reason: 'looked into', stage: 'attributed' }, actor: 'key_test' },
    ]);
  });

  test('shortening only ever lowers the cap', async () => {
    const id = newRunId();
    await open([id]);
    const shorten = (capAt: number) => work((tx) => shortenRun(tx, { ...order(id), capAt }));
    expect([await shorten(NOON + 50), await shorten(NOON + 60), await shorten(NOON + 40)]).toEqual(['done', 'unchanged', 'done']);
    expect(await rowOf(id)).toMatchObject({ capAt: NOON + 40 });
  });

  test('a cancellation is asked for once; the row stays open until its run has closed it', async () => {
    const id = newRunId();
    await open([id]);
    expect([await work((tx) => cancelRun(tx, order(id))), await work((tx) => cancelRun(tx, order(id)))]).toEqual(['done', 'unchanged']);
    expect(await rowOf(id)).toMatchObject({ closedAt: null });
    expect(await decisions(id)).toHaveLength(1);
  });

  test('a closed run takes none, and of an unknown one it is said', async () => {
    const id = newRunId();
    await open([id]);
    await close(id);
    expect(await work((tx) => pauseRun(tx, order(id)))).toBe('ended');
    expect(await work((tx) => cancelRun(tx, order(newRunId())))).toBeNull();
  });
});
