import { z } from 'zod';
import { openRuns } from '../../db/write/open-runs.ts';
import { moveRun } from '../../db/write/run-move.ts';
import { newId } from '../../src/config/new-id.ts';
import { makeTestTenant, NOON, type TestTenant } from '../support/api.ts';
import { runCli, runJson } from '../support/cli.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
let tenant: TestTenant;
let env: { DATABASE_URL: string };
beforeEach(async () => {
  database = await openTestDatabase();
  tenant = await makeTestTenant(database, NOON);
  env = { DATABASE_URL: database.ownerUrl };
});
afterEach(() => database.drop());

const listed = z.object({ runs: z.array(z.object({ runId: z.string(), loop: z.string(), generation: z.number(), dueAt: z.string().nullable(), lateMs: z.number().nullable(), workflowId: z.string() })), more: z.boolean() });

async function open(loop: string, dueAt: number | null): Promise<string> {
  const id = newId('ref', NOON);
  await database.app.asTenant(tenant.tenantId, async (tx) => {
    await openRuns(tx, { tenantId: tenant.tenantId, runs: [{ id, loop, stage: 'attributed', input: {} }], now: NOON });
    await moveRun(tx, { tenantId: tenant.tenantId, runId: id, generation: 1, stage: 'holding', dueAt, now: NOON });
  });
  return id;
}

test('open runs are listed by their deadline, with what is late, and closed ones are not', async () => {
  const [facts, far, late, closed] = [await open('referral', null), await open('payout', Date.parse('2199-01-01T00:00:00Z')), await open('referral', NOON), await open('referral', NOON)];
  await database.superuser`update runs set closed_at = ${NOON}, outcome = 'rewarded' where id = ${closed}`;
  const { runs, more } = await runJson(env, ['runs'], listed);
  expect([runs.map(({ runId }) => runId), more]).toEqual([[late, far, facts], false]);
  expect(runs[0]).toMatchObject({ dueAt: new Date(NOON).toISOString(), workflowId: `referral/${late}/1` });
  expect(runs.map(({ lateMs }) => lateMs === null)).toEqual([false, true, true]);
  expect((await runJson(env, ['runs', '--loop', 'payout'], listed)).runs.map(({ runId }) => runId)).toEqual([far]);
  expect(await runJson(env, ['runs', '--most', '1'], listed)).toMatchObject({ runs: [{ runId: late }], more: true });
  expect((await runCli(env, ['runs', '--tenant', newId('tnt', NOON)])).out).toBe('No run is open.\n');
});

test('a late run is a problem to whoever asks for late ones; none is none', async () => {
  await open('referral', null);
  expect(await runCli(env, ['runs', '--late'])).toEqual({ code: 0, out: 'No run is late.\n', err: '' });
  const late = await open('referral', NOON);
  const { code, out } = await runCli(env, ['runs', '--late']);
  expect([code, out.includes(late)]).toEqual([1, true]);
});
