import { claimReportMail, recordReportMail } from '../../db/write/reports/claim-mail.ts';
import { makeReport } from '../../db/write/reports/make-report.ts';
import { confirmRecipient } from '../../db/write/reports/recipients.ts';
import { readReportMailKey, reportMailKey } from '../../src/domain/report/report-mail-key.ts';
import { asId, makeId } from '../../src/domain/ids.ts';
import type { ReportRecipientId } from '../../src/domain/ids.ts';
import { listIn, NOON, textIn } from '../support/api.ts';
import { useTenantEach, useTestApi } from '../support/use-test-api.ts';

const api = useTestApi();
const tenant = useTenantEach(api);

const WEEK = '2026-W23';
const asTenant = <T>(work: Parameters<typeof api.database.app.asTenant<T>>[1]): Promise<T> => api.database.app.asTenant(tenant.tenantId, work);
const tell = async (...events: object[]) => listIn((await api.send(tenant, 'POST', '/v1/delivery-events', { events: events.map((event) => ({ at: '2026-06-10T12:00:00Z', ...event })) })).body, 'results').map(({ outcome, reason }) => reason ?? outcome);
const recipients = async () => listIn((await api.send(tenant, 'GET', '/v1/report-recipients')).body, 'data');
const mails = () => api.database.superuser<{ state: string; reason: string | null; bounced: boolean; complained: boolean }[]>`
  select state, reason, bounced_at is not null as bounced, complained_at is not null as complained from report_mails where tenant_id = ${tenant.tenantId} and about = ${WEEK} order by recipient_id`;

/** Somebody who said yes and whose report of the week left. */
async function sentTo(email: string, providerMessageId?: string): Promise<ReportRecipientId> {
  const id = asId('rrc', textIn((await api.send(tenant, 'POST', '/v1/report-recipients', { email })).body, 'id'));
  await asTenant((tx) => confirmRecipient(tx, { tenantId: tenant.tenantId, id, now: NOON }));
  await api.database.superuser`delete from report_mails where tenant_id = ${tenant.tenantId} and about = 'confirm'`;
  await api.database.superuser`delete from weekly_reports where tenant_id = ${tenant.tenantId}`;
  await asTenant((tx) => makeReport(tx, { tenantId: tenant.tenantId, week: WEEK, now: NOON, mail: true }));
  const mail = await asTenant((tx) => claimReportMail(tx, tenant.tenantId, NOON));
  if (mail === null) throw new Error('nothing to send');
  await asTenant((tx) => recordReportMail(tx, { tenantId: tenant.tenantId, mail, now: NOON, record: { state: 'handed_off', reason: null, ...(providerMessageId === undefined ? {} : { providerMessageId }) } }));
  return id;
}
const messageId = (recipientId: ReportRecipientId): string => `<${reportMailKey({ recipientId, about: WEEK }, NOON)}@kite.example>`;

test('a report that bounces for good ends reports to that mailbox, and the recipients\' list says why; told again it is a duplicate', async () => {
  const id = await sentTo('gone@kite.example');
  const bounce = { eventId: 'b1', kind: 'bounced', permanent: true, messageId: messageId(id) };
  expect(await tell({ ...bounce, eventId: 'b0', permanent: false })).toEqual(['recorded']);
  expect(await recipients()).toMatchObject([{ state: 'confirmed', suppressed: null }]);
  expect(await tell(bounce, bounce)).toEqual(['recorded', 'duplicate']);
  expect(await tell(bounce)).toEqual(['duplicate']);
  expect(await recipients()).toMatchObject([{ id, state: 'suppressed', suppressed: { reason: 'hard_bounce', since: '2026-06-10T12:00:00.000Z' } }]);
  expect([...await mails()]).toEqual([{ state: 'handed_off', reason: null, bounced: true, complained: false }]);
  // Next Monday's is put out, and does not leave.
  await asTenant((tx) => makeReport(tx, { tenantId: tenant.tenantId, week: '2026-W24', now: NOON + 6 * 86_400_000, mail: true }));
  expect(await asTenant((tx) => claimReportMail(tx, tenant.tenantId, NOON + 6 * 86_400_000))).toBeNull();
  const [next] = await api.database.superuser<{ state: string; reason: string }[]>`select state, reason from report_mails where tenant_id = ${tenant.tenantId} and about = '2026-W24'`;
  expect(next).toEqual({ state: 'not_sent', reason: 'suppressed' });
});

test('a complaint does so too, by the vendor\'s own id, weighs more than a bounce, and stops all other mail there', async () => {
  await sentTo('angry@kite.example', 'ses-4711');
  expect(await tell({ eventId: 'c0', kind: 'bounced', permanent: true, messageId: 'ses-4711' }, { eventId: 'c1', kind: 'complained', messageId: 'ses-4711' }, { eventId: 'c2', kind: 'complained', messageId: 'ses-unknown' })).toEqual(['recorded', 'recorded', 'unknown_message']);
  expect(await recipients()).toMatchObject([{ state: 'suppressed', suppressed: { reason: 'complaint' } }]);
  const { body: program } = await api.send(tenant, 'POST', '/v1/programs', { loop: 'invite', title: 'Bring a friend' });
  await api.send(tenant, 'PUT', '/v1/members/ana', {});
  const invited = await api.send(tenant, 'POST', '/v1/invites', { programId: textIn(program, 'id'), invitees: [{ email: 'angry@kite.example', consent: { basis: 'opt_in' } }] });
  expect(invited.text).toContain('suppressed');
});

test('once the suppression is lifted, reports go out again', async () => {
  const id = await sentTo('back@kite.example');
  await tell({ eventId: 'l1', kind: 'bounced', permanent: true, messageId: messageId(id) });
  const [row] = listIn((await api.send(tenant, 'GET', '/v1/suppressions')).body, 'data');
  await api.send(tenant, 'DELETE', `/v1/suppressions/${textIn(row ?? {}, 'id')}`);
  expect(await recipients()).toMatchObject([{ state: 'confirmed', suppressed: null }]);
});

test('a fact settles what nobody knew, and a mailbox that is refused at once is suppressed as well', async () => {
  const id = await sentTo('late@kite.example');
  await api.database.superuser`update report_mails set state = 'unknown', reason = 'interrupted' where recipient_id = ${id}`;
  expect(await tell({ eventId: 'u1', kind: 'delivered', messageId: messageId(id) })).toEqual(['recorded']);
  expect((await mails())[0]).toMatchObject({ state: 'handed_off', reason: null });
  await api.database.superuser`update report_mails set state = 'claimed', due_at = ${NOON} where recipient_id = ${id}`;
  const [row] = await api.database.superuser<{ queuedAt: number }[]>`select queued_at as "queuedAt" from report_mails where recipient_id = ${id}`;
  await asTenant((tx) => recordReportMail(tx, { tenantId: tenant.tenantId, now: NOON, mail: { recipientId: id, about: WEEK, emailSealed: new Uint8Array(), locale: null, tries: 1, queuedAt: row?.queuedAt ?? 0 }, record: { state: 'refused', reason: 'mailbox_unavailable', suppress: true } }));
  expect(await recipients()).toMatchObject([{ state: 'suppressed', suppressed: { reason: 'hard_bounce' } }]);
});

test('another tenant\'s vendor says nothing of this one\'s mails', async () => {
  const id = await sentTo('mine@kite.example');
  const other = await api.makeTenant({ name: 'Other' });
  const { body } = await api.send(other, 'POST', '/v1/delivery-events', { events: [{ eventId: 'x1', kind: 'complained', at: '2026-06-10T12:00:00Z', messageId: messageId(id) }] });
  expect(listIn(body, 'results')).toMatchObject([{ outcome: 'refused', reason: 'unknown_message' }]);
  expect(await recipients()).toMatchObject([{ state: 'confirmed' }]);
});

test('a mail\'s id is read as it was written, and nothing else is one', () => {
  const recipientId = makeId('rrc', NOON, new Uint8Array(10).fill(7));
  for (const about of ['confirm', WEEK] as const) expect(readReportMailKey(`${reportMailKey({ recipientId, about }, NOON)}@kite.example`)).toEqual({ recipientId, about, queuedAt: about === 'confirm' ? NOON : null });
  for (const text of ['', 'report.2026-W60.x@y', `report.2026-W23.${recipientId.slice(4)}`, `report.other.${recipientId.slice(4)}@y`, `report.confirm.${recipientId.slice(4)}@y`, `report.2026-W23.${recipientId.slice(4)}.7@y`, `xreport.confirm.${recipientId.slice(4)}@y`]) expect(readReportMailKey(text)).toBeNull();
});

test('each recipient is written to in their own language, and can be given another', async () => {
  const { body } = await api.send(tenant, 'POST', '/v1/report-recipients', { email: 'hans@kite.example', locale: 'de_at' });
  expect(body).toMatchObject({ locale: 'de-AT', state: 'asked' });
  expect((await api.send(tenant, 'POST', '/v1/report-recipients', { email: 'hans@kite.example', locale: 'es' })).body).toMatchObject({ locale: 'es' });
  expect((await api.send(tenant, 'POST', '/v1/report-recipients', { email: 'hans@kite.example' })).body).toMatchObject({ locale: 'es' });
  expect((await api.send(tenant, 'POST', '/v1/report-recipients', { email: 'hans@kite.example', locale: 'not a tag!' })).status).toBe(400);
  expect((await asTenant((tx) => claimReportMail(tx, tenant.tenantId, NOON)))?.locale).toBe('es');
});
