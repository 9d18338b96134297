import { randomBytes } from 'node:crypto';
import { streaksAtRisk, type AtRiskPlace } from '../../db/read/streaks-at-risk.ts';
import { grantFreezes } from '../../db/write/streaks/grant-freezes.ts';
import { pauseStreaks } from '../../db/write/streaks/pause-streaks.ts';
import { refreshPaused } from '../../db/write/streaks/refresh-streaks.ts';
import { storeEvents } from '../../db/write/store-events.ts';
import { openKeyring } from '../../src/config/keyring.ts';
import { asId, type MemberId } from '../../src/domain/ids.ts';
import { parseDate } from '../../src/domain/send-time/parse-time.ts';
import { makeTestTenant, type TestTenant } from '../support/api.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { fact } from '../support/referrals.ts';

const HOUR_MS = 3_600_000;
const keyring = openKeyring(randomBytes(32));
let database: TestDatabase;
let tenant: TestTenant;
beforeAll(async () => { database = await openTestDatabase(); });
beforeEach(async () => { tenant = await makeTestTenant(database, Date.parse('2026-06-01T00:00:00Z'), { zone: 'Europe/Paris' }); });
afterAll(() => database.drop());

const asTenant: TestDatabase['app']['asTenant'] = (...args) => database.app.asTenant(...args);
/** Tells of practices and answers the member. */
async function practised(externalId: string, ...instants: readonly string[]): Promise<MemberId> {
  const { tenantId } = tenant;
  for (const instant of instants) {
    const at = Date.parse(instant);
    await asTenant(tenantId, (tx) => storeEvents(tx, keyring, { tenantId, facts: [fact('practice_completed', externalId, { occurredAt: at })], now: at }));
  }
  const [row] = await database.superuser<{ id: string }[]>`select id from members where tenant_id = ${tenantId} and external_id = ${externalId}`;
  return asId('mbr', row?.id ?? '');
}
const atRisk = (from: string, hours: number, after: AtRiskPlace | null = null, limit = 100) => asTenant(tenant.tenantId, (tx) =>
  streaksAtRisk(tx, { tenantId: tenant.tenantId, from: Date.parse(from), until: Date.parse(from) + hours * HOUR_MS, after, limit }));
const freezes = (memberId: MemberId, at: string) => asTenant(tenant.tenantId, (tx) =>
  grantFreezes(tx, { tenantId: tenant.tenantId, grants: [{ memberId, count: 1, at: Date.parse(at), sourceKey: `${memberId}:${at}` }], now: Date.parse(at) }));
const day = (text: string) => parseDate(text) ?? 0;

test('found is who practised yesterday and not today, in the last hours of the local day', async () => {
  const yesterday = await practised('yesterday', '2026-06-09T10:00:00Z');
  await practised('today', '2026-06-09T10:00:00Z', '2026-06-10T10:00:00Z');
  await practised('long-gone', '2026-06-05T10:00:00Z');
  expect(await atRisk('2026-06-10T17:59:00Z', 4)).toEqual([]);
  expect(await atRisk('2026-06-10T18:00:00Z', 4)).toEqual([{ memberId: yesterday, streak: 'practice', current: 1, endsAt: Date.parse('2026-06-10T22:00:00Z'), zone: 'Europe/Paris' }]);
  expect(await atRisk('2026-06-10T22:00:00Z', 4)).toEqual([]);
});

test('who has a freeze left is not found until the day that it does not cover', async () => {
  const id = await practised('frozen', '2026-06-09T10:00:00Z');
  await freezes(id, '2026-06-10T09:00:00Z');
  expect(await atRisk('2026-06-10T18:00:00Z', 4)).toEqual([]);
  expect(await atRisk('2026-06-11T18:00:00Z', 4)).toMatchObject([{ memberId: id, endsAt: Date.parse('2026-06-11T22:00:00Z') }]);
});

test('a freeze that came after the day was missed brings nothing back', async () => {
  const id = await practised('late', '2026-06-09T10:00:00Z');
  await freezes(id, '2026-06-10T22:00:01Z');
  expect(await atRisk('2026-06-10T12:00:00Z', 72)).toEqual([]);
});

test('a day that the member paused is not at risk; one that all pause is not either, once the rows were brought up to date', async () => {
  const { tenantId } = tenant;
  const one = await practised('ill', '2026-06-09T10:00:00Z');
  const other = await practised('pupil', '2026-06-09T11:00:00Z');
  const now = Date.parse('2026-06-09T12:00:00Z');
  await asTenant(tenantId, (tx) => pauseStreaks(tx, { tenantId, pauses: [{ memberId: one, firstDay: day('2026-06-10'), lastDay: day('2026-06-11') }], now }));
  expect((await atRisk('2026-06-10T18:00:00Z', 4)).map(({ memberId }) => memberId)).toEqual([other]);
  expect(await asTenant(tenantId, (tx) => pauseStreaks(tx, { tenantId, pauses: [{ memberId: null, firstDay: day('2026-06-10'), lastDay: day('2026-06-12') }], now: now + 1 }))).toEqual([true]);
  const refreshed: number[] = [];
  for (let turn = 0; turn < 3; turn += 1) refreshed.push(await asTenant(tenantId, (tx) => refreshPaused(tx, { tenantId, now: now + 2, limit: 1 })));
  expect(refreshed).toEqual([1, 1, 0]);
  expect(await atRisk('2026-06-10T18:00:00Z', 52)).toEqual([]);
  expect((await atRisk('2026-06-13T18:00:00Z', 4)).map(({ memberId }) => memberId).toSorted()).toEqual([one, other].toSorted());
});

test('pages neither repeat nor leave out, though many end at the same instant, and one index alone is read', async () => {
  const ids = await Promise.all(Array.from({ length: 11 }, (_none, n) => practised(`pupil-${String(n)}`, '2026-06-09T10:00:00Z')));
  const found: MemberId[] = [];
  let after: AtRiskPlace | null = null;
  for (;;) {
    const page: Awaited<ReturnType<typeof atRisk>> = await atRisk('2026-06-10T18:00:00Z', 4, after, 4);
    found.push(...page.map(({ memberId }) => memberId));
    after = page.at(-1) ?? null;
    if (page.length < 4) break;
  }
  expect(found).toEqual(ids.toSorted());
  const plan = JSON.stringify(await asTenant(tenant.tenantId, async ({ sql }) => {
    await sql`set local enable_seqscan = off`;
    return sql`explain select * from streaks where tenant_id = ${tenant.tenantId} and expires_at > '2026-06-10T18:00:00Z' and expires_at <= '2026-06-10T22:00:00Z' order by tenant_id, expires_at, member_id, streak limit 10`;
  }));
  expect(plan).toContain('streaks_ending');
  expect(plan).not.toContain('Sort');
});
