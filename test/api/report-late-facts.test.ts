import { claimReportMail, recordReportMail } from '../../db/write/reports/claim-mail.ts';
import { makeReport } from '../../db/write/reports/make-report.ts';
import { confirmRecipient, nameRecipient, removeRecipient } from '../../db/write/reports/recipients.ts';
import { purgeExpired } from '../../db/write/purge-expired.ts';
import type { ReportRecipientId } from '../../src/domain/ids.ts';
import { reportMailKey } from '../../src/domain/report/report-mail-key.ts';
import { listIn, NOON } from '../support/api.ts';
import { useTenantEach, useTestApi } from '../support/use-test-api.ts';

const api = useTestApi();
const tenant = useTenantEach(api);

const DAY_MS = 86_400_000;
const LATER = NOON + 2 * DAY_MS;
const WEEK = '2026-W23';
const asTenant = <T>(work: Parameters<typeof api.database.app.asTenant<T>>[1]): Promise<T> => api.database.app.asTenant(tenant.tenantId, work);
const suppressions = async () => listIn((await api.send(tenant, 'GET', '/v1/suppressions')).body, 'data').map(({ reason }) => reason);
const mails = () => api.database.superuser<{ state: string; bounced: boolean; complained: boolean }[]>`
  select state, bounced_at is not null as bounced, complained_at is not null as complained from report_mails where tenant_id = ${tenant.tenantId} order by queued_at`;

let nth = 0;
async function tell(kind: 'delivered' | 'bounced' | 'complained', messageId: string): Promise<unknown> {
  nth += 1;
  const event = { eventId: `e${String(nth)}`, kind, ...(kind === 'bounced' ? { permanent: true } : {}), at: new Date(api.clock.now()).toISOString(), messageId };
  const [told] = listIn((await api.send(tenant, 'POST', '/v1/delivery-events', { events: [event] })).body, 'results');
  return told?.['reason'] ?? told?.['outcome'];
}

async function ask(email: string, now: number): Promise<ReportRecipientId> {
  const named = await asTenant((tx) => nameRecipient(tx, api.services.keyring, { tenantId: tenant.tenantId, address: email, mailbox: email, now }));
  if (named.outcome === 'too_many') throw new Error(named.outcome);
  return named.id;
}
async function send(now: number, providerMessageId: string): Promise<void> {
  const mail = await asTenant((tx) => claimReportMail(tx, tenant.tenantId, now));
  if (mail === null) throw new Error('nothing to send');
  await asTenant((tx) => recordReportMail(tx, { tenantId: tenant.tenantId, mail, now, record: { state: 'handed_off', reason: null, providerMessageId } }));
}
const questionOf = (recipientId: ReportRecipientId, at: number): string => `<${reportMailKey({ recipientId, about: 'confirm' }, at)}@kite.example>`;
const remove = (id: ReportRecipientId, now: number) => asTenant((tx) => removeRecipient(tx, { tenantId: tenant.tenantId, id, now }));

/** Asked, and asked again two days later; nobody knows whether the second question left. */
async function askedTwice(): Promise<ReportRecipientId> {
  const id = await ask('eva@kite.example', NOON);
  await send(NOON, 'ses-first');
  await ask('eva@kite.example', LATER);
  await asTenant((tx) => claimReportMail(tx, tenant.tenantId, LATER));
  await api.database.superuser`update report_mails set state = 'unknown', reason = 'interrupted', due_at = null where recipient_id = ${id} and state = 'claimed'`;
  return id;
}

test.each(['Message-ID', 'id of the vendor'])('what is told late of the first question says nothing of the second, by its %s', async (by) => {
  const id = await askedTwice();
  expect(await tell('delivered', by === 'Message-ID' ? questionOf(id, NOON) : 'ses-first')).toBe('recorded');
  expect((await mails()).at(-1)).toEqual({ state: 'unknown', bounced: false, complained: false });
  expect(await tell('delivered', questionOf(id, LATER))).toBe('recorded');
  expect((await mails()).at(-1)).toEqual({ state: 'handed_off', bounced: false, complained: false });
});

test.each(['Message-ID', 'id of the vendor'])('a complaint about the first question suppresses the mailbox, though it was asked again meanwhile, by its %s', async (by) => {
  const id = await askedTwice();
  expect(await tell('complained', by === 'Message-ID' ? questionOf(id, NOON) : 'ses-first')).toBe('recorded');
  expect(await suppressions()).toEqual(['complaint']);
  expect((await mails()).map(({ complained }) => complained)).toEqual([true, false]);
});

test.each(['bounced', 'complained'] as const)('a report or question that %s suppresses the mailbox, though its recipient was removed meanwhile', async (kind) => {
  const id = await ask('eva@kite.example', NOON);
  await send(NOON, 'ses-question');
  await asTenant((tx) => confirmRecipient(tx, { tenantId: tenant.tenantId, id, now: NOON }));
  await asTenant((tx) => makeReport(tx, { tenantId: tenant.tenantId, week: WEEK, now: NOON, mail: true }));
  await send(NOON, 'ses-report');
  expect(await remove(id, LATER)).toBe('removed');
  expect([await remove(id, LATER), listIn((await api.send(tenant, 'GET', '/v1/report-recipients')).body, 'data')]).toEqual([null, []]);
  expect(await tell(kind, kind === 'bounced' ? 'ses-question' : 'ses-report')).toBe('recorded');
  expect(await suppressions()).toEqual([kind === 'bounced' ? 'hard_bounce' : 'complaint']);
});

test('a question that was on the wire when its recipient was removed is not tried again', async () => {
  const id = await ask('eva@kite.example', NOON);
  const mail = await asTenant((tx) => claimReportMail(tx, tenant.tenantId, NOON));
  if (mail === null) throw new Error('nothing to send');
  await remove(id, NOON);
  await asTenant((tx) => recordReportMail(tx, { tenantId: tenant.tenantId, mail, now: NOON, record: { state: 'waiting', reason: 'greylisted', dueAt: NOON } }));
  expect(await asTenant((tx) => claimReportMail(tx, tenant.tenantId, NOON))).toBeNull();
  expect((await mails()).map(({ state }) => state)).toEqual(['not_sent']);
});

test('a recipient who was removed, and opens the link of the question after that, gets no reports', async () => {
  const id = await ask('eva@kite.example', NOON);
  await send(NOON, 'ses-question');
  await remove(id, NOON);
  expect(await asTenant((tx) => confirmRecipient(tx, { tenantId: tenant.tenantId, id, now: NOON }))).toBeNull();
  expect(await asTenant((tx) => makeReport(tx, { tenantId: tenant.tenantId, week: WEEK, now: NOON, mail: true }))).toMatchObject({ mails: 0 });
});

test('of who was removed nothing is left once no vendor tells of their mails any more; that they said no stays', async () => {
  const [gone, refused] = [await ask('gone@kite.example', NOON), await ask('no@kite.example', NOON)];
  await send(NOON, 'ses-1');
  await send(NOON, 'ses-2');
  await api.database.superuser`update report_recipients set unsubscribed_at = ${NOON} where id = ${refused}`;
  await remove(gone, NOON);
  await remove(refused, NOON);
  await purgeExpired(api.database.relay, NOON + 89 * DAY_MS);
  expect([...await api.database.superuser`select id from report_recipients where tenant_id = ${tenant.tenantId} order by id`]).toHaveLength(2);
  await purgeExpired(api.database.relay, NOON + 90 * DAY_MS);
  expect([...await api.database.superuser`select id from report_recipients where tenant_id = ${tenant.tenantId}`]).toEqual([{ id: refused }]);
  expect([...await mails()]).toEqual([]);
});
