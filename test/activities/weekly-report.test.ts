import { MockActivityEnvironment } from '@temporalio/testing';
import { pino } from 'pino';
import type { ReportDeps } from '../../activities/reports/deps.ts';
import { findReportWeek } from '../../activities/reports/find-report-week.ts';
import { makeWeeklyReport, type PutOutReport } from '../../activities/reports/make-weekly-report.ts';
import { sendReportMails, type ReportMailsTurn } from '../../activities/reports/send-report-mails.ts';
import { reportsDue } from '../../db/read/reports-due.ts';
import { askForReport } from '../../db/write/reports/ask-for-report.ts';
import { confirmRecipient, nameRecipient } from '../../db/write/reports/recipients.ts';
import { openKeyring } from '../../src/config/keyring.ts';
import type { HandOff } from '../../src/providers/transport.ts';
import { smtpTransport } from '../../src/providers/email/smtp.ts';
import { readReportToken } from '../../src/domain/report/report-token.ts';
import { mailSink, type MailSink } from '../providers/mail-sink.ts';
import { makeTestTenant, type TestTenant } from '../support/api.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';

const MONDAY = Date.parse('2026-06-08T07:00:00Z');
const WEEK = '2026-W23';
const keyring = openKeyring(Buffer.alloc(32, 9));

let database: TestDatabase;
let sink: MailSink;
let deps: ReportDeps;
let tenant: TestTenant;
let now = MONDAY;
beforeAll(async () => {
  database = await openTestDatabase();
  sink = await mailSink();
  deps = {
    db: database.app, keyring, log: pino({ level: 'silent' }), draining: new AbortController().signal,
    clock: { now: () => now, skewMs: () => 0, close: () => {} },
    transports: { email: smtpTransport({ url: `smtp://127.0.0.1:${String(sink.port)}`, connections: 2 }) },
  };
});
beforeEach(async () => {
  now = MONDAY;
  sink.arrived.length = 0;
  await database.superuser`update tenants set created_at = '2099-01-01'`;
  tenant = await makeTestTenant(database, Date.parse('2026-01-05T12:00:00Z'));
});
afterAll(async () => {
  await deps.transports.email.close();
  await sink.close();
  await database.drop();
});

const send = (more: Partial<ReportDeps> = {}, tenantId: string | null = tenant.tenantId): Promise<ReportMailsTurn> => new MockActivityEnvironment().run(() => sendReportMails({ ...deps, ...more }, { tenantId }));
const make = (input: { tenantId: string; week: string; mails?: false }): Promise<PutOutReport> => new MockActivityEnvironment().run(() => makeWeeklyReport(deps, input));
const states = async (): Promise<string[]> => (await database.superuser<{ line: string }[]>`select about || ' ' || state || coalesce(' ' || reason, '') as line from report_mails where tenant_id = ${tenant.tenantId} order by 1`).map(({ line }) => line);
function bytesOf(content: string | ArrayBuffer | Uint8Array | undefined): Buffer {
  return content === undefined || typeof content === 'string' ? Buffer.from(content ?? '') : Buffer.from(new Uint8Array(content));
}

/** They said yes, and the question is out of the way. */
async function takeIn(...addresses: readonly string[]): Promise<void> {
  for (const address of addresses) {
    await database.app.asTenant(tenant.tenantId, async (tx) => {
      const named = await nameRecipient(tx, keyring, { tenantId: tenant.tenantId, address, mailbox: address, now: MONDAY - 86_400_000 });
      if (named.outcome === 'too_many') throw new Error(named.outcome);
      await confirmRecipient(tx, { tenantId: tenant.tenantId, id: named.id, now: MONDAY - 86_400_000 });
    });
  }
  await database.superuser`delete from report_mails where tenant_id = ${tenant.tenantId}`;
}
const replying = (handOff: HandOff): Pick<ReportDeps, 'transports'> => ({ transports: { email: { ...deps.transports.email, send: () => Promise.resolve(handOff) } } });

test('Monday\'s report arrives once at each who opted in, with its PDF, though the run is fired twice at once and again on Thursday', async () => {
  await takeIn('ana@kite.example', 'ben@kite.example');
  expect(await reportsDue(database.relay.sql, { now, most: 10 })).toEqual([{ tenantId: tenant.tenantId, week: WEEK }]);
  const fired = await Promise.all([make({ tenantId: tenant.tenantId, week: WEEK }), make({ tenantId: tenant.tenantId, week: WEEK })]);
  expect(fired.map(({ mails }) => mails).toSorted()).toEqual([0, 2]);
  const turns = await Promise.all([send(), send()]);
  expect(turns.reduce((sum, { sent }) => sum + sent, 0)).toBe(2);
  now = MONDAY + 3 * 86_400_000;
  expect(await make({ tenantId: tenant.tenantId, week: WEEK })).toEqual({ outcome: 'put_out_before', mails: 0 });
  await send();
  expect(await reportsDue(database.relay.sql, { now, most: 10 })).toEqual([]);

  expect(sink.arrived.map(({ rcptTo }) => rcptTo[0]).toSorted()).toEqual(['ana@kite.example', 'ben@kite.example']);
  const [first, second] = sink.arrived;
  const pdf = first?.parsed.attachments[0];
  expect(pdf).toMatchObject({ filename: 'report-2026-W23.pdf', mimeType: 'application/pdf', disposition: 'attachment' });
  expect(bytesOf(pdf?.content).subarray(0, 5).toString()).toBe('%PDF-');
  expect(bytesOf(second?.parsed.attachments[0]?.content).equals(bytesOf(pdf?.content))).toBe(true);
  expect(first?.parsed.subject).toBe('Kite Club: Week 23 of 2026, K at first value –');
  expect(first?.parsed.text).toContain('In all');
  expect(first?.parsed.html).toContain('1 June 2026 to 7 June 2026');
  const headers = new Map(first?.parsed.headers.map(({ key, value }) => [key, value]));
  expect(headers.get('list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click');
  const token = /\/reports\/([0-9a-z]+)>/.exec(headers.get('list-unsubscribe') ?? '')?.[1] ?? '';
  expect(readReportToken(keyring, token)).toMatchObject({ tenantId: tenant.tenantId, act: 'unsubscribe' });
  expect(await states()).toEqual([`${WEEK} handed_off`, `${WEEK} handed_off`]);
});

test('who was named gets a question without a report, and nothing else until they said yes', async () => {
  await database.app.asTenant(tenant.tenantId, (tx) => nameRecipient(tx, keyring, { tenantId: tenant.tenantId, address: 'new@kite.example', mailbox: 'new@kite.example', now }));
  await make({ tenantId: tenant.tenantId, week: WEEK });
  await send({}, null);
  expect(sink.arrived).toHaveLength(1);
  expect(sink.arrived[0]?.parsed).toMatchObject({ subject: 'Kite Club: do you want the weekly report?', attachments: [] });
  const token = /\/reports\/([0-9a-z]+)/.exec(sink.arrived[0]?.parsed.text ?? '')?.[1] ?? '';
  expect(readReportToken(keyring, token)).toMatchObject({ tenantId: tenant.tenantId, act: 'confirm' });
  expect(await states()).toEqual(['confirm handed_off']);
});

test('a worker killed after the hand-off and before the record never makes a second mail', async () => {
  await takeIn('ana@kite.example');
  await make({ tenantId: tenant.tenantId, week: WEEK });
  const email = deps.transports.email;
  const killed: Pick<ReportDeps, 'transports'> = { transports: { email: { ...email, send: async (message) => { await email.send(message); throw new Error('killed'); } } } };
  await send(killed);
  expect(await states()).toEqual([`${WEEK} claimed`]);
  for (now of [MONDAY + 60_000, MONDAY + 600_000, MONDAY + 86_400_000]) await send({}, null);
  expect(sink.arrived).toHaveLength(1);
  expect(await states()).toEqual([`${WEEK} unknown interrupted`]);
});

test.each<[string, HandOff, string[], number]>([
  ['a server that is busy is tried again later', { outcome: 'retry', retryAfterMs: 1_000, reason: 'server_busy', detail: '' }, [`${WEEK} waiting server_busy`], 1],
  ['a mailbox that is not there is not', { outcome: 'permanent', reason: 'mailbox_unavailable', detail: '', suppress: true }, [`${WEEK} refused mailbox_unavailable`], 0],
  ['nor is what may have arrived', { outcome: 'unknown', reason: 'no_answer', detail: '' }, [`${WEEK} unknown no_answer`], 0],
])('%s', async (_name, handOff, after, arrives) => {
  await takeIn('ana@kite.example');
  await make({ tenantId: tenant.tenantId, week: WEEK });
  expect(await send(replying(handOff))).toEqual({ sent: 0 });
  expect(await states()).toEqual(after);
  await send();
  expect(sink.arrived).toHaveLength(0);
  now = MONDAY + 60_000;
  await send({}, null);
  expect(sink.arrived).toHaveLength(arrives);
});

test('a mail that cannot be written ends refused, and those after it leave', async () => {
  await takeIn('ana@kite.example', 'ben@kite.example');
  await make({ tenantId: tenant.tenantId, week: WEEK });
  await database.superuser`update report_recipients set email_sealed = '\\x00' where id = (select min(id) from report_recipients where tenant_id = ${tenant.tenantId})`;
  expect(await send()).toEqual({ sent: 1 });
  expect(await states()).toEqual([`${WEEK} handed_off`, `${WEEK} refused internal_error`]);
});

test('counting goes part by part with a sign of life after each, and a worker that takes over goes on where the last one was', async () => {
  const beats: unknown[] = [];
  const first = new MockActivityEnvironment();
  first.on('heartbeat', (details: unknown) => { beats.push(details); });
  await first.run(() => makeWeeklyReport(deps, { tenantId: tenant.tenantId, week: WEEK, mails: false }));
  expect([beats.length, beats.at(-1)]).toMatchObject([18, { done: 18, of: 18 }]);
  const again = new MockActivityEnvironment({ heartbeatDetails: beats[15] });
  again.on('heartbeat', (details: unknown) => { beats.push(details); });
  await again.run(() => makeWeeklyReport(deps, { tenantId: tenant.tenantId, week: WEEK, mails: false }));
  expect(beats.slice(18)).toMatchObject([{ done: 17, of: 18 }, { done: 18, of: 18 }]);
});

test('a worker that takes over after the tenant\'s zone was changed counts from the beginning: days are others there', async () => {
  const beatsOf = async (heartbeatDetails?: unknown): Promise<unknown[]> => {
    const beats: unknown[] = [];
    const turn = new MockActivityEnvironment(heartbeatDetails === undefined ? {} : { heartbeatDetails });
    turn.on('heartbeat', (details: unknown) => { beats.push(details); });
    await turn.run(() => makeWeeklyReport(deps, { tenantId: tenant.tenantId, week: WEEK, mails: false }));
    return beats;
  };
  const first = await beatsOf();
  expect(await beatsOf(first[15])).toHaveLength(2);
  await database.superuser`update tenants set zone = 'Asia/Kolkata' where id = ${tenant.tenantId}`;
  expect(await beatsOf(first[15])).toHaveLength(18);
});

test('a report that was asked for is made once, without mails, and no longer asked for; Monday\'s is put out all the same', async () => {
  await takeIn('ana@kite.example');
  await database.app.asTenant(tenant.tenantId, async (tx) => {
    expect([await askForReport(tx, { tenantId: tenant.tenantId, week: '2026-W22' }), await askForReport(tx, { tenantId: tenant.tenantId, week: '2026-W22' })]).toEqual(['asked', 'asked']);
  });
  expect(await reportsDue(database.relay.sql, { now, most: 10 })).toEqual([{ tenantId: tenant.tenantId, week: WEEK }, { tenantId: tenant.tenantId, week: '2026-W22', mails: false }]);
  expect(await make({ tenantId: tenant.tenantId, week: '2026-W22', mails: false })).toEqual({ outcome: 'made', mails: 0 });
  expect(await reportsDue(database.relay.sql, { now, most: 10 })).toEqual([{ tenantId: tenant.tenantId, week: WEEK }]);
  expect(await make({ tenantId: tenant.tenantId, week: WEEK })).toEqual({ outcome: 'put_out', mails: 1 });
});

test('each reader gets mail and PDF in their own language', async () => {
  await takeIn('ana@kite.example', 'hans@kite.example', 'rosa@kite.example');
  await database.superuser`update report_recipients set locale = case when id = (select max(id) from report_recipients where tenant_id = ${tenant.tenantId}) then 'es' else 'de-AT' end where tenant_id = ${tenant.tenantId} and id <> (select min(id) from report_recipients where tenant_id = ${tenant.tenantId})`;
  await database.superuser`delete from report_mails where tenant_id = ${tenant.tenantId}`;
  await make({ tenantId: tenant.tenantId, week: WEEK });
  await send();
  const read = sink.arrived.map(({ parsed }) => `${String(parsed.subject)} ${String(bytesOf(parsed.attachments[0]?.content).length > 1000)}`).toSorted();
  expect(read).toEqual(['Kite Club: Semana 23 de 2026, K al primer valor – true', 'Kite Club: Week 23 of 2026, K at first value – true', 'Kite Club: Woche 23 des Jahres 2026, K beim ersten Nutzen – true']);
});

test('a run that a Schedule starts is about the week that is over in the tenant\'s zone, whenever it comes to work', async () => {
  await database.superuser`update tenants set zone = 'Pacific/Kiritimati' where id = ${tenant.tenantId}`;
  const week = () => findReportWeek(deps, { tenantId: tenant.tenantId });
  // Monday nine at fourteen hours before UTC is Sunday evening there.
  for (now of ['2026-06-07T19:00:00Z', '2026-06-07T18:59:59Z', '2026-06-13T12:00:00Z'].map((text) => Date.parse(text))) expect(await week()).toEqual({ week: WEEK });
  now = Date.parse('2026-06-07T17:00:00Z');
  expect(await week()).toEqual({ week: '2026-W22' });
});
