import { makeReport } from '../../db/write/reports/make-report.ts';
import type { ScheduleState } from '../../src/relay/keep-report-schedules.ts';
import { startDueReports } from '../../src/relay/start-reports.ts';
import { makeTestTenant, type TestTenant } from '../support/api.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { standingClock } from '../support/standing-clock.ts';

const MONDAY = Date.parse('2026-06-08T07:00:00Z');
const HOUR_MS = 3_600_000;
const clock = standingClock(MONDAY);
let database: TestDatabase;
let tenants: TestTenant[];
beforeAll(async () => {
  database = await openTestDatabase();
  tenants = [await makeTestTenant(database, MONDAY - 86_400_000), await makeTestTenant(database, MONDAY - 86_400_000)];
});
afterAll(() => database.drop());

/** The relay's look; `fails`: whose run Temporal does not take; `schedule`: how it stands with those that are asked after. */
async function look({ fails, schedule = 'fires' }: { fails?: string; schedule?: ScheduleState } = {}): Promise<string[]> {
  const started: string[] = [];
  const start = async ({ tenantId }: { tenantId: string }): Promise<void> => {
    started.push(tenantId);
    if (tenantId === fails) throw new Error('Temporal is away');
  };
  await startDueReports({ db: database.relay, clock, temporal: { start, findSchedule: async () => schedule } }).catch((error: unknown) => { if (fails === undefined) throw error; });
  return started.toSorted();
}

test('each tenant that is due is started, again at every look until its report was put out, and one that cannot be started holds up no other', async () => {
  const ids = tenants.map(({ tenantId }) => tenantId).toSorted();
  const [first] = ids;
  if (first === undefined) throw new Error('no tenant');
  expect(await look({ fails: first })).toEqual(ids);
  expect(await look()).toEqual(ids);
  await database.app.asTenant(first, (tx) => makeReport(tx, { tenantId: first, week: '2026-W23', now: MONDAY, mail: true }));
  expect(await look()).toEqual(ids.slice(1));
});

test('a Schedule is waited for for an hour; one that an operator has paused is not overruled, and one that is lost is made up for and set again', async () => {
  const [, second] = tenants.map(({ tenantId }) => tenantId).toSorted();
  if (second === undefined) throw new Error('no tenant');
  const row = () => database.superuser<{ zone: string | null; held: number | null }[]>`select zone, held_until as held from report_schedules`;
  await database.superuser`insert into report_schedules (tenant_id, zone, look_at) values (${second}, 'Europe/Paris', ${MONDAY + 8 * HOUR_MS})`;
  expect(await look()).toEqual([]);
  clock.advance(HOUR_MS);
  expect(await look({ schedule: 'paused' })).toEqual([]);
  expect([...(await row())]).toEqual([{ zone: 'Europe/Paris', held: clock.now() + HOUR_MS / 4 }]);
  expect(await look({ schedule: 'fires' })).toEqual([]); // not asked after yet
  clock.advance(HOUR_MS / 4);
  expect(await look({ schedule: 'fires' })).toEqual([second]);
  expect(await look({ schedule: 'lost' })).toEqual([second]);
  expect(await row()).toMatchObject([{ zone: null }]);
});
