import { makeReport } from '../../db/write/reports/make-report.ts';
import { startDueReports } from '../../src/relay/start-reports.ts';
import { makeTestTenant, type TestTenant } from '../support/api.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';

const MONDAY = Date.parse('2026-06-08T07:00:00Z');
let database: TestDatabase;
let tenants: TestTenant[];
beforeAll(async () => {
  database = await openTestDatabase();
  tenants = [await makeTestTenant(database, MONDAY - 86_400_000), await makeTestTenant(database, MONDAY - 86_400_000)];
});
afterAll(() => database.drop());

const clock = { now: () => MONDAY, skewMs: () => 0, close: () => {} };
/** The relay's look; `fails`: whose run Temporal does not take. */
async function look(fails?: string): Promise<string[]> {
  const asked: string[] = [];
  const start = async ({ tenantId }: { tenantId: string }): Promise<void> => {
    asked.push(tenantId);
    if (tenantId === fails) throw new Error('Temporal is away');
  };
  await startDueReports({ db: database.relay, clock, start }).catch((error: unknown) => { if (fails === undefined) throw error; });
  return asked.toSorted();
}

test('each tenant that is due is started, again at every look until its report was put out, and one that cannot be started holds up no other', async () => {
  const ids = tenants.map(({ tenantId }) => tenantId).toSorted();
  const [first] = ids;
  if (first === undefined) throw new Error('no tenant');
  expect(await look(first)).toEqual(ids);
  expect(await look()).toEqual(ids);
  await database.app.asTenant(first, (tx) => makeReport(tx, { tenantId: first, week: '2026-W23', now: MONDAY, mail: true }));
  expect(await look()).toEqual(ids.slice(1));
});
