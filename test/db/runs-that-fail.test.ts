import { openRuns } from '../../db/write/open-runs.ts';
import { beginRunsAgain, countFailingRuns } from '../../db/write/run-begin-again.ts';
import { noteAlive, takeRunsToCheck } from '../../db/write/run-checks.ts';
import { takeRunNews } from '../../db/write/run-news.ts';
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
afterAll(() => database.drop());

async function openOne(): Promise<string> {
  await database.superuser`update runs set closed_at = ${NOON}, outcome = 'canceled' where closed_at is null`;
  const id = newId('ref', NOON);
  await database.app.asTenant(tenant.tenantId, (tx) => openRuns(tx, { tenantId: tenant.tenantId, runs: [{ id, loop: 'referral', stage: 'attributed', input: {} }], now: NOON }));
  await handOver();
  return id;
}
const handOver = () => database.superuser`delete from outbox`;
const generationOf = async (id: string): Promise<number | undefined> => (await database.superuser<{ generation: number }[]>`select generation from runs where id = ${id}`)[0]?.generation;

/** As the relay does every 15 s, where Temporal says of every life that it failed. Answers at which minutes a run began again. */
async function failFor(id: string, minutes: number): Promise<number[]> {
  const begins: number[] = [];
  for (let now = NOON + MINUTE_MS; now <= NOON + minutes * MINUTE_MS; now += MINUTE_MS / 4) {
    const asked = await takeRunsToCheck(database.relay, { lateSince: now - MINUTE_MS, notSeenSince: now - 24 * 60 * MINUTE_MS, now });
    const begun = await beginRunsAgain(database.relay, asked, now);
    if (begun.some(({ runId }) => runId === id)) begins.push((now - NOON) / MINUTE_MS);
    await handOver();
  }
  return begins;
}

test('a run that fails each time begins again ever later, and is counted from its third lost life on', async () => {
  const id = await openOne();
  await database.superuser`update runs set due_at = ${NOON} where id = ${id}`;
  expect(await failFor(id, 2)).toEqual([1.25]);
  expect(await countFailingRuns(database.relay, NOON + 2 * MINUTE_MS)).toBe(0);
  await database.superuser`update runs set generation = 1, lives_lost = 0, rests_until = null, seen_at = ${NOON} where id = ${id}`;
  expect(await failFor(id, 140)).toEqual([1.25, 2.25, 4.25, 8.25, 16.25, 32.25, 64.25, 124.25]);
  expect(await generationOf(id)).toBe(9);
  expect(await countFailingRuns(database.relay, NOON + 140 * MINUTE_MS)).toBe(1);
});

test('one that waits for facts alone is asked after as soon as it has rested, until Temporal has answered', async () => {
  const id = await openOne();
  const life = { tenantId: tenant.tenantId, runId: id, loop: 'referral' };
  await beginRunsAgain(database.relay, [{ ...life, generation: 1 }], NOON);
  await handOver();
  const asked = async (now: number) => (await takeRunsToCheck(database.relay, { lateSince: now - MINUTE_MS, notSeenSince: 0, now })).map(({ runId }) => runId);
  expect(await asked(NOON + MINUTE_MS - 1)).toEqual([]);
  expect(await asked(NOON + MINUTE_MS)).toEqual([id]);
  // Temporal did not answer, or the relay ended: what the run was told while it rested is in no outbox.
  expect(await asked(NOON + MINUTE_MS + 15_000)).toEqual([id]);
  await noteAlive(database.relay, [{ ...life, generation: 1 }], NOON + MINUTE_MS + 15_000); // an answer about a life before
  expect(await asked(NOON + MINUTE_MS + 30_000)).toEqual([id]);
  await noteAlive(database.relay, [{ ...life, generation: 2 }], NOON + MINUTE_MS + 30_000);
  expect(await asked(NOON + MINUTE_MS + 45_000)).toEqual([]); // it lives: nothing more to ask
});

test('while it rests it does not begin again, whoever finds it lost, and the hand-over knows', async () => {
  const id = await openOne();
  const life = { tenantId: tenant.tenantId, runId: id, loop: 'referral' };
  expect(await beginRunsAgain(database.relay, [{ ...life, generation: 1 }], NOON)).toHaveLength(1);
  expect(await beginRunsAgain(database.relay, [{ ...life, generation: 2 }], NOON + MINUTE_MS - 1)).toEqual([]);
  const seen: (number | null)[] = [];
  await takeRunNews(database.relay, [], async (news) => { seen.push(...news.map(({ restsUntil }) => restsUntil)); return news; });
  expect(seen).toEqual([NOON + MINUTE_MS]);
  expect(await beginRunsAgain(database.relay, [{ ...life, generation: 2 }], NOON + MINUTE_MS)).toHaveLength(1);
});

test('one that ended and is opened again begins without its past', async () => {
  const id = await openOne();
  await beginRunsAgain(database.relay, [{ tenantId: tenant.tenantId, runId: id, loop: 'referral', generation: 1 }], NOON);
  await database.superuser`update runs set closed_at = ${NOON}, outcome = 'rewarded' where id = ${id}`;
  await database.app.asTenant(tenant.tenantId, (tx) => openRuns(tx, { tenantId: tenant.tenantId, runs: [{ id, loop: 'referral', stage: 'attributed', input: {} }], now: NOON + 1 }));
  expect(await beginRunsAgain(database.relay, [{ tenantId: tenant.tenantId, runId: id, loop: 'referral', generation: 3 }], NOON + 2)).toHaveLength(1);
});
