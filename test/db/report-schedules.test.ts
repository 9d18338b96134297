import { reportsDue } from '../../db/read/reports-due.ts';
import { holdOverdueReport, noteScheduleLost, noteScheduleSet, takeReportSchedules } from '../../db/write/reports/report-schedules.ts';
import { confirmRecipient, nameRecipient, removeRecipient, unsubscribeRecipient } from '../../db/write/reports/recipients.ts';
import { openKeyring } from '../../src/config/keyring.ts';
import type { ReportRecipientId, TenantId } from '../../src/domain/ids.ts';
import { makeTestTenant } from '../support/api.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';

/** Monday nine in Paris, about the week before. */
const MONDAY = Date.parse('2026-06-08T07:00:00Z');
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const keyring = openKeyring(Buffer.alloc(32, 9));

let database: TestDatabase;
let tenantId: TenantId;
beforeAll(async () => { database = await openTestDatabase(); });
beforeEach(async () => {
  await database.superuser`delete from report_schedules`;
  await database.superuser`update report_recipients set confirmed_at = null`; // those of other tests
  await database.superuser`update tenants set created_at = '2099-01-01'`;
  ({ tenantId } = await makeTestTenant(database, MONDAY - 100 * DAY_MS));
});
afterAll(() => database.drop());

const take = (now = MONDAY) => takeReportSchedules(database.relay.sql, { now, most: 10 });
/** Temporal does as it is told. */
async function settle(now = MONDAY): Promise<(string | null)[]> {
  const taken = await take(now);
  for (const one of taken) await noteScheduleSet(database.relay.sql, one, now);
  return taken.map(({ zone }) => zone);
}
async function reader(of = tenantId, address = 'ana@kite.example'): Promise<ReportRecipientId> {
  return database.app.asTenant(of, async (tx) => {
    const named = await nameRecipient(tx, keyring, { tenantId: of, address, mailbox: address, now: MONDAY });
    if (named.outcome === 'too_many') throw new Error(named.outcome);
    await confirmRecipient(tx, { tenantId: of, id: named.id, now: MONDAY });
    return named.id;
  });
}
const zoneIs = async (zone: string): Promise<void> => { await database.superuser`update tenants set zone = ${zone} where id = ${tenantId}`; };
const rows = () => database.superuser<{ zone: string | null }[]>`select zone from report_schedules`;

test('a tenant has a Schedule from its first reader on until its last one has left, by whichever way', async () => {
  await database.app.asTenant(tenantId, (tx) => nameRecipient(tx, keyring, { tenantId, address: 'asked@kite.example', mailbox: 'asked@kite.example', now: MONDAY }));
  expect(await settle()).toEqual([]);
  const [ana, ben] = [await reader(), await reader(tenantId, 'ben@kite.example')];
  expect(await settle()).toEqual(['Europe/Paris']);
  expect(await settle()).toEqual([]);
  await database.app.asTenant(tenantId, (tx) => unsubscribeRecipient(tx, { tenantId, id: ana, now: MONDAY }));
  expect(await settle()).toEqual([]);
  await database.app.asTenant(tenantId, (tx) => removeRecipient(tx, { tenantId, id: ben, now: MONDAY }));
  expect(await settle()).toEqual([null]);
  expect([...(await rows())]).toEqual([]);
  expect(await settle(MONDAY + 2 * DAY_MS)).toEqual([]);
});

test('it is set again when the zone is another, and once a day whatever is known of it', async () => {
  await reader();
  await settle();
  await zoneIs('Pacific/Kiritimati');
  expect(await settle(MONDAY + 1)).toEqual(['Pacific/Kiritimati']);
  expect(await settle(MONDAY + DAY_MS)).toEqual([]);
  expect(await settle(MONDAY + 1 + DAY_MS)).toEqual(['Pacific/Kiritimati']);
});

test('of two relays one sets it; what was not answered is anybody\'s after a minute, and a late answer of the first changes nothing', async () => {
  await reader();
  const [one, two] = await Promise.all([take(), take()]);
  expect([...one, ...two]).toHaveLength(1);
  expect(await take(MONDAY + MINUTE_MS - 1)).toEqual([]);
  await zoneIs('Asia/Kolkata');
  const again = await take(MONDAY + MINUTE_MS);
  expect(again).toMatchObject([{ tenantId, zone: 'Asia/Kolkata' }]);
  for (const late of [...one, ...two]) await noteScheduleSet(database.relay.sql, late, MONDAY + MINUTE_MS);
  expect([...(await rows())]).toEqual([{ zone: null }]);
  for (const each of again) await noteScheduleSet(database.relay.sql, each, MONDAY + MINUTE_MS);
  expect([...(await rows())]).toEqual([{ zone: 'Asia/Kolkata' }]);
});

test('a zone that changes while Temporal is being told is told next', async () => {
  await reader();
  const [taken] = await take();
  await zoneIs('America/St_Johns');
  if (taken === undefined) throw new Error('nothing was taken');
  await noteScheduleSet(database.relay.sql, taken, MONDAY);
  expect(await settle()).toEqual(['America/St_Johns']);
});

test('no look takes more than it may, and all have their turn', async () => {
  const tenants = [tenantId];
  while (tenants.length < 5) tenants.push((await makeTestTenant(database, MONDAY)).tenantId);
  for (const each of tenants) await reader(each);
  const taken: string[] = [];
  for (let look = 0; look < 4; look += 1) {
    const some = await takeReportSchedules(database.relay.sql, { now: MONDAY, most: 2 });
    expect(some.length).toBeLessThanOrEqual(2);
    for (const one of some) await noteScheduleSet(database.relay.sql, one, MONDAY);
    taken.push(...some.map((one) => one.tenantId));
  }
  expect(taken.toSorted()).toEqual(tenants.toSorted());
});

test('what Temporal has lost is set again at once', async () => {
  await reader();
  await settle();
  await noteScheduleLost(database.relay.sql, tenantId, MONDAY + HOUR_MS);
  expect(await settle(MONDAY + HOUR_MS)).toEqual(['Europe/Paris']);
});

test('what has a Schedule is the relay\'s an hour after nine, and not while it is held; what has none at nine', async () => {
  const due = async (now: number) => (await reportsDue(database.relay.sql, { now, most: 10 })).filter((one) => one.tenantId === tenantId);
  expect(await due(MONDAY)).toEqual([{ tenantId, week: '2026-W23' }]);
  await reader();
  await settle();
  expect(await due(MONDAY + HOUR_MS - 1)).toEqual([]);
  expect(await due(MONDAY + HOUR_MS)).toEqual([{ tenantId, week: '2026-W23', overdue: true }]);
  await holdOverdueReport(database.relay.sql, tenantId, MONDAY + HOUR_MS);
  expect(await due(MONDAY + HOUR_MS + 15 * MINUTE_MS - 1)).toEqual([]);
  expect(await due(MONDAY + HOUR_MS + 15 * MINUTE_MS)).toEqual([{ tenantId, week: '2026-W23', overdue: true }]);
});
