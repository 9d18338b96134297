import { laneServices } from '../../db/read/lane-service.ts';
import { leaveLane, raiseEpoch, type ServerClock } from '../../db/write/raise-epoch.ts';
import { buildName } from '../../src/config/build.ts';
import { makeTestTenant, NOON, type TestTenant } from '../support/api.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
let tenant: TestTenant;
beforeAll(async () => { database = await openTestDatabase(); });
beforeEach(async () => { tenant = await makeTestTenant(database, NOON); });
afterAll(() => database.drop());

const clockAt = (now: number, skewMs: number): ServerClock => ({ now: () => now, skewMs: () => skewMs });
const lane = () => ({ tenantId: tenant.tenantId, lane: 'email-0', channel: 'email' as const });
const services = () => database.app.asTenant(tenant.tenantId, laneServices);

test('with each turn it is known which build served the lane, when, and how far its clock was off', async () => {
  await database.app.asTenant(tenant.tenantId, (tx) => raiseEpoch(tx, lane(), clockAt(NOON, 12.4)));
  expect(await services()).toEqual([{ tenantId: tenant.tenantId, lane: 'email-0', epoch: 1, servedBy: buildName(), servedAt: NOON, clockSkewMs: 12 }]);
  await database.app.asTenant(tenant.tenantId, (tx) => raiseEpoch(tx, lane(), clockAt(NOON + 1, -3)));
  expect(await services()).toMatchObject([{ epoch: 2, servedAt: NOON + 1, clockSkewMs: -3 }]);
});

test('a worker whose clock is wrong, by however much, is noted and takes no epoch', async () => {
  await database.app.asTenant(tenant.tenantId, (tx) => raiseEpoch(tx, lane(), clockAt(NOON, 0)));
  await database.app.asTenant(tenant.tenantId, (tx) => leaveLane(tx, lane(), clockAt(NOON + 5, -NOON)));
  expect(await services()).toMatchObject([{ epoch: 1, servedAt: NOON + 5, clockSkewMs: -NOON }]);
});

test('a lane that an older worker served shows that nobody knows by whom', async () => {
  await database.superuser`insert into lanes (tenant_id, lane, epoch) values (${tenant.tenantId}, 'email-0', 4)`;
  expect(await services()).toEqual([{ tenantId: tenant.tenantId, lane: 'email-0', epoch: 4, servedBy: null, servedAt: null, clockSkewMs: null }]);
});
