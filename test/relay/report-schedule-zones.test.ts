import { keepReportSchedules, setInZone } from '../../src/relay/keep-report-schedules.ts';
import { zoneOffsets } from '../../src/domain/send-time/zone-offsets.ts';
import { makeTestTenant } from '../support/api.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { standingClock } from '../support/standing-clock.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const clock = standingClock(Date.parse('2026-06-08T07:00:00Z'));
let database: TestDatabase;
beforeAll(async () => { database = await openTestDatabase(); });
afterAll(() => database.drop());

async function readTenant(zone: string): Promise<string> {
  const { tenantId } = await makeTestTenant(database, clock.now(), { zone });
  await database.superuser`
    insert into report_recipients (id, tenant_id, email_hash, email_sealed, created_at, confirmed_at) values (${`rrc_${tenantId.slice(4)}`}, ${tenantId}, '\\x00000000000000000000000000000000', '\\x00', ${clock.now()}, ${clock.now()})`;
  return tenantId;
}

/** As Temporal's server (Go) knows zones: by the names of the tz database of today, letter by letter. */
const KNOWN = new Set([...Intl.supportedValuesOf('timeZone'), 'UTC', 'Etc/UTC', 'Europe/Kyiv']);

test.each([
  ['Europe/Paris', 'Europe/Paris'], ['Etc/UTC', 'Etc/UTC'], ['Europe/Kyiv', 'Europe/Kyiv'], ['europe/paris', 'Europe/Paris'], ['utc', 'UTC'], ['gmt', 'UTC'],
  ['Canada/East-Saskatchewan', 'America/Regina'], ['US/Pacific-New', 'America/Los_Angeles'],
])('the Schedule of a tenant in %s is set in %s', async (zone, expected) => {
  const set: string[] = [];
  await setInZone(zone, async (name) => {
    if (!KNOWN.has(name)) throw new TypeError(`unknown time zone ${name}`);
    set.push(name);
  });
  expect(set).toEqual([expected]);
  // By our own rules they are one.
  for (const at of [clock.now(), clock.now() + 180 * DAY_MS]) expect(zoneOffsets(expected)?.spanAt(at).offsetMs).toBe(zoneOffsets(zone)?.spanAt(at).offsetMs);
});

test('what Temporal does not know by either name, and what it does not take for another reason, is told as it was said', async () => {
  await expect(setInZone('europe/paris', async (name) => { throw new TypeError(`unknown time zone ${name}`); })).rejects.toThrow('unknown time zone Europe/Paris');
  const asked: string[] = [];
  await expect(setInZone('europe/paris', async (name) => { asked.push(name); throw new Error('Temporal is away'); })).rejects.toThrow('Temporal is away');
  expect(asked).toEqual(['europe/paris']);
});

test('a zone that Temporal does not know is no trouble of the relay\'s: it is told once a day, and at once when it is another', async () => {
  const tenantId = await readTenant('America/Coyhaique');
  const asked: string[] = [];
  const look = () => keepReportSchedules({ db: database.relay, clock, schedules: {
    set: async (_of, zone) => {
      asked.push(zone);
      if (zone === 'America/Coyhaique') throw new TypeError('unknown time zone America/Coyhaique'); // as the SDK says that a Schedule's times are refused
    },
    remove: async () => {},
  } });
  await look();
  for (let minute = 0; minute < 5; minute += 1) {
    clock.advance(MINUTE_MS);
    await look();
  }
  expect(asked).toEqual(['America/Coyhaique']);
  clock.advance(DAY_MS);
  await look();
  expect(asked).toHaveLength(2);
  await database.superuser`update tenants set zone = 'America/Santiago' where id = ${tenantId}`;
  await look();
  expect(asked).toEqual(['America/Coyhaique', 'America/Coyhaique', 'America/Santiago']);
});
