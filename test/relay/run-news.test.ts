import { openRuns } from '../../db/write/open-runs.ts';
import { takeRunNews, type RunNews } from '../../db/write/run-news.ts';
import { tellRuns } from '../../db/write/tell-runs.ts';
import { newId } from '../../src/config/new-id.ts';
import { makeTestTenant, NOON, type TestTenant } from '../support/api.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
let tenant: TestTenant;
beforeAll(async () => {
  database = await openTestDatabase();
  tenant = await makeTestTenant(database, NOON);
});
beforeEach(() => database.superuser`delete from outbox`);
afterAll(() => database.drop());

async function openOne(): Promise<string> {
  const id = newId('ref', NOON);
  await database.app.asTenant(tenant.tenantId, (tx) => openRuns(tx, { tenantId: tenant.tenantId, runs: [{ id, loop: 'referral', stage: 'attributed', input: {} }], now: NOON }));
  return id;
}
const tell = (runId: string, factId: string): Promise<void> => database.app.asTenant(tenant.tenantId, (tx) =>
  tellRuns(tx, { tenantId: tenant.tenantId, facts: [{ runId, factId, kind: 'changed', data: {}, at: NOON }], now: NOON }));
const left = async (): Promise<number> => (await database.superuser`select 1 from outbox`).length;
const shape = (news: readonly RunNews[]) => news.map(({ runId, starts, facts }) => ({ runId, starts, facts: facts.map(({ id }) => id) }));

test('a run is handed over whole: its start first, its facts in the order in which they were committed', async () => {
  const id = await openOne();
  for (const fact of ['c', 'a', 'b']) await tell(id, fact);
  const given: RunNews[] = [];
  expect(await takeRunNews(database.relay, [], async (news) => { given.push(...news); return news; })).toBe(false);
  expect(shape(given)).toEqual([{ runId: id, starts: true, facts: ['c', 'a', 'b'] }]);
  expect(given[0]).toMatchObject({ loop: 'referral', generation: 1, isOpen: true });
  expect(await left()).toBe(0);
});

test('two relays never have one run at a time: what came meanwhile waits for the first', async () => {
  const [id, other] = [await openOne(), await openOne()];
  const second: RunNews[] = [];
  await takeRunNews(database.relay, [], async (news) => {
    await tell(id, 'meanwhile');
    const third = await openOne();
    await takeRunNews(database.relay, [], async (more) => { second.push(...more); return more; });
    expect(shape(second)).toEqual([{ runId: third, starts: true, facts: [] }]);
    expect(shape(news).map(({ runId }) => runId).toSorted()).toEqual([id, other].toSorted());
    return news;
  });
  expect(await left()).toBe(1);
  const after: RunNews[] = [];
  await takeRunNews(database.relay, [], async (news) => { after.push(...news); return news; });
  expect(shape(after)).toEqual([{ runId: id, starts: false, facts: ['meanwhile'] }]);
});

test('one that cannot be told stays whole and holds up no other; left alone, it is not even asked for', async () => {
  const [stuck, fine] = [await openOne(), await openOne()];
  await tell(stuck, 'a');
  await takeRunNews(database.relay, [], async (news) => news.filter(({ runId }) => runId === fine));
  expect(await left()).toBe(2);
  const asked: RunNews[] = [];
  expect(await takeRunNews(database.relay, [stuck], async (news) => { asked.push(...news); return news; })).toBe(false);
  expect(asked).toEqual([]);
});

test('rows stay when whoever tells fails, and what a closed run was told is known as that', async () => {
  const id = await openOne();
  await tell(id, 'a');
  await expect(takeRunNews(database.relay, [], () => Promise.reject(new Error('Temporal is away')))).rejects.toThrow('Temporal is away');
  expect(await left()).toBe(2);
  await database.superuser`update runs set closed_at = ${NOON}, outcome = 'rewarded' where id = ${id}`;
  await takeRunNews(database.relay, [], async (news) => {
    expect(news).toMatchObject([{ isOpen: false }]);
    return news;
  });
});
