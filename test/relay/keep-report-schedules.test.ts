import { keepReportSchedules } from '../../src/relay/keep-report-schedules.ts';
import { makeTestTenant } from '../support/api.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { standingClock } from '../support/standing-clock.ts';

const clock = standingClock(Date.parse('2026-06-08T07:00:00Z'));
let database: TestDatabase;
beforeAll(async () => { database = await openTestDatabase(); });
afterAll(() => database.drop());

test('a Schedule that Temporal does not take holds up no other, is told, and comes again a minute later', async () => {
  const tenants = [(await makeTestTenant(database, clock.now())).tenantId, (await makeTestTenant(database, clock.now())).tenantId].toSorted();
  for (const tenantId of tenants) await database.superuser`insert into report_schedules (tenant_id, look_at) values (${tenantId}, ${clock.now()})`;
  const [first = '', second = ''] = tenants;
  await database.superuser`
    insert into report_recipients (id, tenant_id, email_hash, email_sealed, created_at, confirmed_at)
    select 'rrc_' || substr(id, 5), id, '\\x00000000000000000000000000000000', '\\x00', created_at, created_at from tenants where id = ${first}`;
  const told: string[] = [];
  const look = (isAway: boolean) => keepReportSchedules({ db: database.relay, clock, schedules: {
    set: async (tenantId, zone) => { if (isAway) throw new Error('Temporal is away'); told.push(`${tenantId} ${zone}`); },
    remove: async (tenantId) => { told.push(`${tenantId} removed`); },
  } });
  await expect(look(true)).rejects.toThrow('Temporal is away');
  expect(told).toEqual([`${second} removed`]);
  await look(false);
  expect(told).toHaveLength(1);
  clock.advance(60_000);
  await look(false);
  await look(false);
  expect(told).toEqual([`${second} removed`, `${first} Europe/Paris`]);
});
