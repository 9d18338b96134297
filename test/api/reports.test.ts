import { z } from 'zod';
import { openTestApi, listIn, textIn, type TestApi, type TestTenant } from '../support/api.ts';
import { BROWSER, openPage } from '../support/open-page.ts';
import { reportToken } from '../../src/domain/report/report-token.ts';
import { asId } from '../../src/domain/ids.ts';

let api: TestApi;
let tenant: TestTenant;
beforeAll(async () => { api = await openTestApi(); });
beforeEach(async () => { tenant = await api.makeTenant(); });
afterAll(() => api.close());

const send = (method: string, path: string, body?: unknown, key?: string) => api.send(tenant, method, path, body, key === undefined ? {} : { idempotencyKey: key });

test('a report made now counts what members did, names its denominator, and is then read and listed; a repeat answers the same', async () => {
  const member = (await send('PUT', '/v1/members/ana', {})).body;
  const { code } = z.object({ code: z.string() }).parse(member['personalLink']);
  await send('POST', '/v1/programs', { loop: 'invite', title: 'Bring a friend' });
  await send('POST', '/v1/events', { events: [
    { eventId: 'e1', type: 'signed_up', externalId: 'ben', code },
    { eventId: 'e2', type: 'first_value', externalId: 'ben' },
  ] });
  const made = await send('POST', '/v1/reports', { week: '2026-W24' }, 'monday');
  expect(made).toMatchObject({ status: 200, body: {
    week: '2026-W24', isOver: false, mailedAt: null, zone: 'Europe/Paris', startsAt: '2026-06-07T22:00:00.000Z', endsAt: '2026-06-14T22:00:00.000Z',
    totals: { signUps: { now: 1, before: 0 }, firstValues: { now: 1, before: 0 } },
    kSignUp: { k: 1, brought: 1, activeMembers: 1 }, kFirstValue: { k: 1, brought: 1, activeMembers: 1 },
    loops: [{ loop: 'invite', signUps: { now: 1, before: 0 } }], topReferrers: [{ externalId: 'ana', signUps: 1, firstValues: 1 }],
  } });
  expect((await send('POST', '/v1/reports', { week: '2026-W24' }, 'monday')).text).toBe(made.text);
  expect((await send('GET', '/v1/reports/2026-W24')).text).toBe(made.text);
  await send('POST', '/v1/reports', {});
  expect(listIn((await send('GET', '/v1/reports')).body, 'data').map(({ week }) => week)).toEqual(['2026-W24', '2026-W23']);
  const { body: first } = await send('GET', '/v1/reports?limit=1');
  expect(listIn((await send('GET', `/v1/reports?limit=1&cursor=${textIn(first, 'nextCursor')}`)).body, 'data').map(({ week }) => week)).toEqual(['2026-W23']);
});

test('the PDF comes as a file, the same each time', async () => {
  await send('POST', '/v1/reports', { week: '2026-W23' });
  const fetchPdf = async () => {
    const response = await fetch(`${api.url}/v1/reports/2026-W23/pdf`, { headers: { authorization: `Bearer ${tenant.secret}` } });
    return { status: response.status, type: response.headers.get('content-type'), name: response.headers.get('content-disposition'), bytes: Buffer.from(await response.arrayBuffer()) };
  };
  const [one, two] = [await fetchPdf(), await fetchPdf()];
  expect([one.status, one.type, one.name, one.bytes.subarray(0, 5).toString()]).toEqual([200, 'application/pdf', 'attachment; filename="report-2026-W23.pdf"', '%PDF-']);
  expect(two.bytes.equals(one.bytes)).toBe(true);
});

test.each([
  ['2026-W25', 'This week has not begun.'], ['2026-W10', 'No report of this week was made'], ['2000-W01', 'No report of this week was made'], ['2099-W53', 'This week has not begun.'],
  ['2026-W00', 'Give a week by ISO 8601'], ['2025-W53', 'Give a week by ISO 8601'], ['last week', 'Give a week by ISO 8601'],
])('no report is made of %s, and the answer says why', async (week, why) => {
  const { status, text } = await send('POST', '/v1/reports', { week });
  expect([status, text.includes(why)]).toEqual([400, true]);
});

test.each(['2026-W22', '2026-W54', 'nothing'])('there is nothing under %s', async (week) => {
  for (const path of [`/v1/reports/${week}`, `/v1/reports/${week}/pdf`]) expect((await send('GET', path)).status).toBe(404);
});

test('a recipient is asked, says yes by the page\'s button and no by another; opening the links changes nothing', async () => {
  const added = await send('POST', '/v1/report-recipients', { email: 'Growth@Kite.example' });
  expect(added).toMatchObject({ status: 201, body: { email: 'Growth@kite.example', state: 'asked', confirmedAt: null } });
  expect((await send('POST', '/v1/report-recipients', { email: 'growth@kite.example' })).status).toBe(200);
  const id = asId('rrc', textIn(added.body, 'id'));
  const state = async (): Promise<unknown> => listIn((await send('GET', '/v1/report-recipients')).body, 'data').map((each) => each['state']);
  const link = (act: 'confirm' | 'unsubscribe'): string => `/reports/${reportToken(api.services.keyring, { tenantId: tenant.tenantId, id, act })}`;

  for (const act of ['confirm', 'unsubscribe'] as const) {
    const page = await openPage(api.url, link(act));
    expect([page.status, page.text.includes('<form method="post">'), page.headers['referrer-policy']]).toEqual([200, true, 'no-referrer']);
  }
  expect(await state()).toEqual(['asked']);
  expect((await openPage(api.url, link('confirm'), { method: 'POST' })).text).toContain('You get the weekly report');
  expect(await state()).toEqual(['confirmed']);
  const oneClick = { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded', 'user-agent': BROWSER }, body: 'List-Unsubscribe=One-Click' };
  for (let again = 0; again < 2; again += 1) expect((await openPage(api.url, link('unsubscribe'), oneClick)).status).toBe(200);
  expect(await state()).toEqual(['unsubscribed']);
  expect(await send('POST', '/v1/report-recipients', { email: 'growth@kite.example' })).toMatchObject({ status: 200, body: { state: 'unsubscribed' } });
  await openPage(api.url, link('confirm'), { method: 'POST' });
  expect(await state()).toEqual(['confirmed']);

  expect((await send('DELETE', `/v1/report-recipients/${id}`)).status).toBe(204);
  expect((await send('DELETE', `/v1/report-recipients/${id}`)).status).toBe(404);
  expect((await openPage(api.url, link('confirm'), { method: 'POST' })).status).toBe(404);
  expect((await openPage(api.url, '/reports/nothing', { method: 'POST' })).status).toBe(404);
  expect((await openPage(api.url, link('confirm'), { method: 'PUT' })).status).toBe(405);
});

test('removing somebody and naming them again asks nobody twice within a day, and never who said no', async () => {
  const email = 'victim@kite.example';
  const name = async () => (await send('POST', '/v1/report-recipients', { email })).body;
  const asked = () => api.database.superuser`select 1 from report_mails where tenant_id = ${tenant.tenantId} and state = 'waiting'`;
  const first = await name();
  const id = asId('rrc', textIn(first, 'id'));
  await api.database.superuser`update report_mails set state = 'handed_off', due_at = null where tenant_id = ${tenant.tenantId}`;
  const remove = () => send('DELETE', `/v1/report-recipients/${id}`);
  expect((await remove()).status).toBe(204);
  expect(listIn((await send('GET', '/v1/report-recipients')).body, 'data')).toEqual([]);
  expect(await name()).toMatchObject({ id, email, state: 'asked' });
  expect(await asked()).toHaveLength(0);
  const link = (act: 'confirm' | 'unsubscribe'): string => `/reports/${reportToken(api.services.keyring, { tenantId: tenant.tenantId, id, act })}`;
  await openPage(api.url, link('unsubscribe'), { method: 'POST' });
  expect([(await remove()).status, (await remove()).status, (await openPage(api.url, link('confirm'), { method: 'POST' })).status]).toEqual([204, 404, 404]);
  expect(await api.database.superuser`select 1 from report_recipients where id = ${id} and length(email_sealed) > 0`).toHaveLength(0);
  expect(await name()).toMatchObject({ id, state: 'unsubscribed' });
  expect(await asked()).toHaveLength(0);
});

test('what is no address is refused', async () => {
  expect(await send('POST', '/v1/report-recipients', { email: 'a@b.example, c@d.example' })).toMatchObject({ status: 400, body: { errors: [{ path: '/email' }] } });
});

test('what is too much to count while somebody waits is asked for, and a run makes it', async () => {
  const NOBODY = '0'.repeat(26);
  await api.database.superuser`
    insert into events (tenant_id, event_id, type, occurred_at, received_at)
    select ${tenant.tenantId}, ${NOBODY} || n, 'practice_completed', '2026-06-09T12:00:00Z', '2026-06-09T12:00:00Z' from generate_series(1, 200000) n`;
  expect(await send('POST', '/v1/reports', { week: '2026-W23' })).toMatchObject({ status: 202, body: { week: '2026-W23', state: 'counting' } });
  expect((await send('GET', '/v1/reports/2026-W23')).status).toBe(404);
  const [row] = await api.database.superuser<{ asked: string[] }[]>`select reports_asked as asked from tenants where id = ${tenant.tenantId}`;
  expect(row?.asked).toEqual(['2026-W23']);
  // Of a week that is too long ago there is nothing to count, and the answer says so at once.
  expect((await send('POST', '/v1/reports', { week: '2026-W10' })).status).toBe(400);
});
