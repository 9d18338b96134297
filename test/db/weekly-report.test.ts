import { reportsDue, tenantsWithReportMails } from '../../db/read/reports-due.ts';
import { listReports, readReport } from '../../db/read/reports.ts';
import { claimReportMail, recordReportMail } from '../../db/write/reports/claim-mail.ts';
import { makeReport, type MadeReport } from '../../db/write/reports/make-report.ts';
import { confirmRecipient, nameRecipient, removeRecipient, unsubscribeRecipient } from '../../db/write/reports/recipients.ts';
import { openKeyring } from '../../src/config/keyring.ts';
import type { ReportRecipientId, TenantId } from '../../src/domain/ids.ts';
import type { IsoWeek } from '../../src/domain/report/iso-week.ts';
import { makeTestTenant } from '../support/api.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';

const MADE_AT = Date.parse('2026-01-05T12:00:00Z');
/** Monday nine in Paris, about the week before. */
const MONDAY = Date.parse('2026-06-08T07:00:00Z');
const WEEK: IsoWeek = '2026-W23';
const DAY_MS = 86_400_000;
const keyring = openKeyring(Buffer.alloc(32, 9));

let database: TestDatabase;
let tenantId: TenantId;
beforeAll(async () => { database = await openTestDatabase(); });
beforeEach(async () => {
  await database.superuser`update tenants set created_at = '2099-01-01'`; // those of other tests are not due
  tenantId = (await makeTestTenant(database, MADE_AT)).tenantId;
});
afterAll(() => database.drop());

const make = (mail: boolean, now = MONDAY, week = WEEK): Promise<MadeReport> => database.app.asTenant(tenantId, (tx) => makeReport(tx, { tenantId, week, now, mail }));
const name = async (address: string, now = MONDAY - DAY_MS) => {
  const named = await database.app.asTenant(tenantId, (tx) => nameRecipient(tx, keyring, { tenantId, address, mailbox: address, now }));
  if (named.outcome === 'too_many') throw new Error(named.outcome);
  return named;
};
const confirmed = async (address: string): Promise<ReportRecipientId> => {
  const { id } = await name(address);
  await database.app.asTenant(tenantId, (tx) => confirmRecipient(tx, { tenantId, id, now: MONDAY - DAY_MS }));
  return id;
};
const mails = (): Promise<{ about: string; state: string; reason: string | null }[]> =>
  database.superuser<{ about: string; state: string; reason: string | null }[]>`select about, state, reason from report_mails where tenant_id = ${tenantId} order by about, state`;
const claim = (now = MONDAY) => database.app.asTenant(tenantId, (tx) => claimReportMail(tx, tenantId, now));

test('one week is put out once to each who said yes, though four ask at the same time and again later', async () => {
  await confirmed('ana@kite.example');
  await confirmed('ben@kite.example');
  await name('nobody-asked-me@kite.example');
  const { id: gone } = await name('gone@kite.example');
  await database.app.asTenant(tenantId, (tx) => unsubscribeRecipient(tx, { tenantId, id: gone, now: MONDAY - 1 }));

  const made = await Promise.all([make(true), make(true), make(true), make(true)]);
  expect(made.map((one) => ('mails' in one ? one.mails : one.outcome)).toSorted()).toEqual([0, 0, 0, 2]);
  expect(await make(true, MONDAY + 5 * DAY_MS)).toMatchObject({ outcome: 'stands', mails: 0, mailedAt: MONDAY });
  expect((await mails()).filter(({ about }) => about === WEEK)).toHaveLength(2);
});

test('a report that was made on request is made anew on Monday; from then on it stands as it was mailed', async () => {
  expect(await make(false, MONDAY - 3 * DAY_MS)).toMatchObject({ outcome: 'made', mailedAt: null, report: { isOver: false } });
  expect(await make(true)).toMatchObject({ outcome: 'made', mailedAt: MONDAY, report: { isOver: true, madeAt: MONDAY } });
  expect(await make(false, MONDAY + DAY_MS)).toMatchObject({ outcome: 'stands', report: { madeAt: MONDAY } });
  expect(await database.app.asTenant(tenantId, (tx) => listReports(tx, tenantId, { before: null, limit: 10 }))).toHaveLength(1);
});

test('a week of the future has none, and one too long ago has none but that which was made then', async () => {
  expect(await make(false, MONDAY, '2026-W25')).toEqual({ outcome: 'not_begun' });
  expect(await make(false, MONDAY, '2026-W10')).toEqual({ outcome: 'too_long_ago' });
  expect(await make(false, MONDAY, '2026-W20')).toMatchObject({ outcome: 'made', report: { totals: { invites: { now: 0, before: null } } } });
  expect(await make(false, MONDAY + 100 * DAY_MS, '2026-W20')).toMatchObject({ outcome: 'stands', report: { week: '2026-W20' } });
});

test('who falls due is known to the minute, by each zone\'s clock; late it is still due, until it was put out', async () => {
  const due = async (now: number): Promise<string[]> => (await reportsDue(database.relay.sql, { now, most: 100 })).map((one) => `${one.tenantId} ${one.week}`);
  const { tenantId: kolkata } = await makeTestTenant(database, MADE_AT, { zone: 'Asia/Kolkata' });
  await make(true, MONDAY - 7 * DAY_MS, '2026-W22');
  await database.app.asTenant(kolkata, (tx) => makeReport(tx, { tenantId: kolkata, week: '2026-W22', now: MONDAY - 7 * DAY_MS, mail: true }));
  expect(await due(Date.parse('2026-06-08T03:29:59.999Z'))).toEqual([]);
  expect(await due(Date.parse('2026-06-08T03:30:00Z'))).toEqual([`${kolkata} ${WEEK}`]);
  expect(await due(MONDAY - 1)).toEqual([`${kolkata} ${WEEK}`]);
  expect(await due(MONDAY)).toEqual([`${kolkata} ${WEEK}`, `${tenantId} ${WEEK}`]);
  expect(await due(MONDAY + 6 * DAY_MS)).toContain(`${tenantId} ${WEEK}`);
  await make(true, MONDAY + 6 * DAY_MS);
  expect(await due(MONDAY + 6 * DAY_MS)).toEqual([`${kolkata} ${WEEK}`]);
  // Of what was missed for longer than a week the latest is enough.
  expect(await due(MONDAY + 21 * DAY_MS)).toEqual([`${kolkata} 2026-W26`, `${tenantId} 2026-W26`]);
});

test('a tenant that was made after Monday nine has no report of the week before it', async () => {
  await database.superuser`update tenants set created_at = ${MONDAY} where id = ${tenantId}`;
  expect(await reportsDue(database.relay.sql, { now: MONDAY + DAY_MS, most: 100 })).toEqual([]);
});

test('naming somebody asks them once a day, and never again who said no', async () => {
  const first = await name('ana@kite.example', MONDAY);
  expect(first.outcome).toBe('asked');
  expect((await name('ana@kite.example', MONDAY + 1000)).outcome).toBe('asked_before');
  expect(await name('ana@kite.example', MONDAY + 2 * DAY_MS)).toEqual({ outcome: 'asked', id: first.id });
  await database.app.asTenant(tenantId, (tx) => unsubscribeRecipient(tx, { tenantId, id: first.id, now: MONDAY }));
  expect((await name('ana@kite.example', MONDAY + 9 * DAY_MS)).outcome).toBe('unsubscribed_before');
  await database.app.asTenant(tenantId, (tx) => confirmRecipient(tx, { tenantId, id: first.id, now: MONDAY }));
  expect((await name('ana@kite.example', MONDAY + 9 * DAY_MS)).outcome).toBe('confirmed_before');
});

test('no more than fifty are named, and who is removed leaves no address behind', async () => {
  const ids = [];
  for (let nth = 0; nth < 50; nth += 1) ids.push((await name(`member-${String(nth)}@kite.example`)).id);
  await expect(name('one-more@kite.example')).rejects.toThrow('too_many');
  const [first] = ids;
  if (first === undefined) throw new Error('nobody');
  expect(await database.app.asTenant(tenantId, (tx) => removeRecipient(tx, { tenantId, id: first, now: MONDAY }))).toBe('removed');
  expect(await database.app.asTenant(tenantId, (tx) => removeRecipient(tx, { tenantId, id: first, now: MONDAY }))).toBeNull();
  expect((await database.superuser<{ count: number }[]>`select count(*)::int as count from report_mails where recipient_id = ${first}`)[0]?.count).toBe(0);
  expect((await name('one-more@kite.example')).outcome).toBe('asked');
});

test('no more than a hundred are asked within a day, whoever is removed in between', async () => {
  for (let nth = 0; nth < 100; nth += 1) {
    const { id } = await name(`stranger-${String(nth)}@kite.example`, MONDAY);
    await database.superuser`update report_mails set state = 'handed_off', due_at = null where recipient_id = ${id}`;
    await database.app.asTenant(tenantId, (tx) => removeRecipient(tx, { tenantId, id, now: MONDAY }));
  }
  await expect(name('one-more@kite.example', MONDAY)).rejects.toThrow('too_many');
  expect((await name('one-more@kite.example', MONDAY + 2 * DAY_MS)).outcome).toBe('asked');
});

test('a mail is claimed by one, and what was claimed and never recorded is unknown: it is not sent again', async () => {
  await confirmed('ana@kite.example');
  await database.superuser`delete from report_mails where tenant_id = ${tenantId}`;
  await make(true);
  expect(await tenantsWithReportMails(database.app.sql, { now: MONDAY, most: 1000 })).toContain(tenantId);
  const claims = await Promise.all([claim(), claim(), claim()]);
  const [mail] = claims.flatMap((one) => one ?? []);
  expect(claims.filter((one) => one !== null)).toHaveLength(1);
  expect(await claim(MONDAY + 9 * 60_000)).toBeNull();
  expect(await claim(MONDAY + 10 * 60_000)).toBeNull();
  expect(await mails()).toEqual([{ about: WEEK, state: 'unknown', reason: 'interrupted' }]);
  expect(await claim(MONDAY + DAY_MS)).toBeNull();
  // Its record comes late: the truth.
  if (mail === undefined) throw new Error('nobody claimed it');
  await database.app.asTenant(tenantId, (tx) => recordReportMail(tx, { tenantId, mail, record: { state: 'handed_off', reason: null }, now: MONDAY + DAY_MS }));
  expect(await mails()).toEqual([{ about: WEEK, state: 'handed_off', reason: null }]);
});

test.each([
  ['the recipient said no meanwhile', 'unsubscribed', async (id: ReportRecipientId) => { await database.app.asTenant(tenantId, (tx) => unsubscribeRecipient(tx, { tenantId, id, now: MONDAY })); }],
  ['the address is suppressed', 'suppressed', async (id: ReportRecipientId) => { await database.superuser`insert into suppressions (id, tenant_id, recipient_hash, reason, created_at) select 'sup_' || substr(id, 5), tenant_id, email_hash, 'hard_bounce', created_at from report_recipients where id = ${id}`; }],
  ['it is no news any more', 'expired', async () => { await database.superuser`update report_mails set expires_at = ${MONDAY} where tenant_id = ${tenantId}`; }],
])('a mail that waits does not leave where %s', async (_name, reason, happens) => {
  const id = await confirmed('ana@kite.example');
  await database.superuser`delete from report_mails where tenant_id = ${tenantId}`;
  await make(true);
  await happens(id);
  expect(await claim()).toBeNull();
  expect(await mails()).toEqual([{ about: WEEK, state: 'not_sent', reason }]);
});

test.each([
  ['the tenant is paused', async () => { await database.superuser`update tenants set paused_at = ${MONDAY} where id = ${tenantId}`; }, async () => { await database.superuser`update tenants set paused_at = null where id = ${tenantId}`; }],
  ['its e-mail is stopped', async () => { await database.superuser`insert into hard_stops (tenant_id, channel, reason, since) values (${tenantId}, 'email', 'test', ${MONDAY})`; }, async () => { await database.superuser`delete from hard_stops where tenant_id = ${tenantId}`; }],
])('where %s mails wait, and leave when it is over', async (_name, hold, lift) => {
  await confirmed('ana@kite.example');
  await database.superuser`delete from report_mails where tenant_id = ${tenantId}`;
  await make(true);
  await hold();
  expect(await claim()).toBeNull();
  await lift();
  expect(await claim(MONDAY + 600_000)).toMatchObject({ about: WEEK });
});

test('another tenant sees neither reports nor recipients nor mails, and changes none', async () => {
  const id = await confirmed('ana@kite.example');
  await make(true);
  const { tenantId: other } = await makeTestTenant(database, MADE_AT);
  expect(await database.app.asTenant(other, (tx) => readReport(tx, tenantId, WEEK))).toBeNull();
  expect(await database.app.asTenant(other, (tx) => confirmRecipient(tx, { tenantId, id, now: MONDAY }))).toBeNull();
  expect(await database.app.asTenant(other, (tx) => claimReportMail(tx, tenantId, MONDAY))).toBeNull();
});
