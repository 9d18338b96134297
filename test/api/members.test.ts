import { randomUUID } from 'node:crypto';
import { listIn, NOON, openTestApi, readPages, textIn } from '../support/api.ts';
import type { TestApi, TestTenant } from '../support/api.ts';

let api: TestApi;
let tenant: TestTenant;

beforeAll(async () => {
  api = await openTestApi();
});
beforeEach(async () => {
  api.clock.set(NOON);
  tenant = await api.makeTenant();
});
afterAll(() => api.close());

const put = (externalId: string, body: unknown) => api.send(tenant, 'PUT', `/v1/members/${encodeURIComponent(externalId)}`, body);
const batch = (members: unknown[]) => api.send(tenant, 'POST', '/v1/members/batch', { members });

const ana = {
  contact: { email: 'Ana.Souza+kite@gmail.com', phone: '+55 11 91234-5678' },
  name: 'Ana Souza',
  locale: 'pt-br', zone: 'America/Sao_Paulo', zoneSource: 'device',
  quietHours: [{ start: '22:00', end: '08:00' }],
  birthYear: 1990,
  eventDates: ['2026-07-04', '2026-06-20'],
  attributes: { plan: 'pro', seats: 3, trial: false, note: null },
};

test('a member is made, and read back as it was sent', async () => {
  const made = await put('user-1', ana);
  expect(made.status).toBe(201);
  expect(made.body).toMatchObject({
    externalId: 'user-1', contact: { email: 'Ana.Souza+kite@gmail.com', phone: '+5511912345678' },
    name: 'Ana Souza', locale: 'pt-BR', zone: 'America/Sao_Paulo',
    zoneSource: 'device',
    quietHours: [{ start: '22:00', end: '08:00' }],
    birthYear: 1990,
    isMinor: false,
    eventDates: ['2026-06-20', '2026-07-04'],
    attributes: { plan: 'pro', seats: 3, trial: false, note: null },
    createdAt: '2026-06-10T12:00:00.000Z',
  });
  const id = textIn(made.body, 'id');
  expect((await api.send(tenant, 'GET', `/v1/members/${id}`)).body).toEqual(made.body);
  expect((await api.send(tenant, 'GET', '/v1/members/user-1')).body).toEqual(made.body);
});

test.each([
  ['may not be 18 yet', { birthYear: 2008 }, true],
  ['is 18 by now, whatever the day', { birthYear: 2007 }, false],
  ['said otherwise', { birthYear: 2016, isMinor: false }, false],
])('who tells a year of birth alone tells who is a minor: %s', async (_what, fields, isMinor) => {
  expect((await put('child', fields)).body).toMatchObject({ isMinor });
  expect((await put('child', { name: 'Kim' })).body).toMatchObject({ isMinor });
});

test('what is left out stays, null clears', async () => {
  await put('user-1', ana);
  api.clock.advance(1000);
  const kept = await put('user-1', { zone: 'Europe/Lisbon' });
  expect(kept.status).toBe(200);
  expect(kept.body).toMatchObject({
    name: 'Ana Souza', contact: { email: 'Ana.Souza+kite@gmail.com', phone: '+5511912345678' }, zone: 'Europe/Lisbon', zoneSource: 'explicit',
    quietHours: [{ start: '22:00', end: '08:00' }], createdAt: '2026-06-10T12:00:00.000Z', updatedAt: '2026-06-10T12:00:01.000Z',
  });
  const cleared = await put('user-1', { contact: { phone: null }, name: null, locale: null, zone: null, quietHours: null, birthYear: null, isMinor: null, eventDates: null, attributes: null });
  expect(cleared.body).toMatchObject({
    contact: { email: 'Ana.Souza+kite@gmail.com', phone: null }, name: null, locale: null, zone: null, zoneSource: null, quietHours: null, birthYear: null,
    isMinor: false, eventDates: [], attributes: {},
  });
  expect((await put('user-1', { contact: null })).body).toMatchObject({ contact: { email: null, phone: null } });
});

test('name and phone stay with a member whose address changes', async () => {
  await put('user-1', ana);
  const moved = await put('user-1', { contact: { email: 'ana@work.example' } });
  expect(moved.body).toMatchObject({ name: 'Ana Souza', contact: { email: 'ana@work.example', phone: '+5511912345678' } });
  const without = await put('user-1', { contact: { email: null } });
  expect(without.body).toMatchObject({ name: 'Ana Souza', contact: { email: null, phone: '+5511912345678' } });
  const again = await put('user-1', { name: 'Ana S.' });
  expect(again.body).toMatchObject({ name: 'Ana S.', contact: { email: null, phone: '+5511912345678' } });
  const back = await put('user-1', { contact: { email: 'ana@work.example' } });
  expect(back.body).toMatchObject({ name: 'Ana S.', contact: { email: 'ana@work.example', phone: '+5511912345678' } });
});

test('one mailbox has one contact, however its address is spelt', async () => {
  await put('user-1', ana);
  await put('user-1', { contact: { email: 'anasouza@googlemail.com' } });
  const contacts = await api.database.superuser`select 1 from contacts where tenant_id = ${tenant.tenantId}`;
  expect(contacts).toHaveLength(1);
});

test('addresses and names are stored sealed', async () => {
  await put('user-1', ana);
  const rows = await api.database.superuser`select c::text as c, m::text as m from contacts c join members m on m.contact_id = c.id where c.tenant_id = ${tenant.tenantId}`;
  const stored = JSON.stringify(rows);
  for (const personal of ['Ana', 'Souza', 'gmail', '91234']) {
    expect(stored).not.toContain(personal);
    expect(stored.toLowerCase()).not.toContain(Buffer.from(personal).toString('hex'));
  }
});

test.each([
  ['an address without a domain', { contact: { email: 'ana' } }, '/contact/email', 'invalid_address'],
  ['two addresses in one', { contact: { email: 'a@x.example, b@y.example' } }, '/contact/email', 'invalid_address'],
  ['an empty address', { contact: { email: '' } }, '/contact/email', 'invalid_address'],
  ['a phone without country', { contact: { phone: '0171 123456' } }, '/contact/phone', 'invalid_phone'],
  ['a zone nobody knows', { zone: 'Mars/Olympus' }, '/zone', 'unknown_zone'],
  ['an offset as zone', { zone: '+05:00' }, '/zone', 'unknown_zone'],
  ['a zone source without a zone', { zoneSource: 'device' }, '/zoneSource', 'zone_missing'],
  ['a locale that is no tag', { locale: 'english!' }, '/locale', 'invalid_locale'],
  ['quiet hours of no length', { quietHours: [{ start: '08:00', end: '08:00' }] }, '/quietHours', 'invalid_quiet_hours'],
  ['quiet hours at 25:00', { quietHours: [{ start: '25:00', end: '08:00' }] }, '/quietHours', 'invalid_quiet_hours'],
  ['a birth year to come', { birthYear: 2027 }, '/birthYear', 'invalid_birth_year'],
  ['a date that does not exist', { eventDates: ['2026-02-30'] }, '/eventDates', 'invalid_event_date'],
])('%s is refused: alone with 400, in a batch as its row only', async (_what, bad, path, reason) => {
  expect(await put('user-1', bad)).toMatchObject({ status: 400, body: { code: 'invalid_request', errors: [{ path }] } });
  const { status, body } = await batch([{ externalId: 'good-1', zone: 'Europe/Paris' }, { externalId: 'bad', ...bad }, { externalId: 'good-2' }]);
  expect(status).toBe(200);
  expect(listIn(body, 'results')).toMatchObject([
    { outcome: 'upserted', externalId: 'good-1', created: true },
    { outcome: 'refused', externalId: 'bad', reason, errors: [{ path }] },
    { outcome: 'upserted', externalId: 'good-2', created: true },
  ]);
  expect((await api.send(tenant, 'GET', '/v1/members/bad')).status).toBe(404);
});

test.each([
  ['an unknown field', { zonee: 'Europe/Paris' }, '/zonee'],
  ['an unknown field of the contact', { contact: { mail: 'a@b.example' } }, '/contact/mail'],
  ['an attribute that is a list', { attributes: { tags: ['a'] } }, '/attributes/tags'],
  ['51 attributes', { attributes: Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`a${i}`, i])) }, '/attributes'],
  ['a name of 121 characters', { name: 'n'.repeat(121) }, '/name'],
  ['an empty name', { name: '' }, '/name'],
  ['a zone that is a number', { zone: 1 }, '/zone'],
  ['a zone source nobody knows', { zone: 'UTC', zoneSource: 'guess' }, '/zoneSource'],
  ['a birth year of a half', { birthYear: 1990.5 }, '/birthYear'],
])('%s is 400, in a batch for the whole request', async (_what, bad, path) => {
  expect(await put('user-1', bad)).toMatchObject({ status: 400, body: { code: 'invalid_request', errors: [{ path }] } });
  expect(await batch([{ externalId: 'good' }, { externalId: 'bad', ...bad }])).toMatchObject({ status: 400, body: { errors: [{ path: `/members/1${path}` }] } });
  expect((await api.send(tenant, 'GET', '/v1/members/good')).status).toBe(404);
});

test.each([['mbr_01kx00000000000000000000zz'], [' user'], ['user\n'], ['x'.repeat(201)]])('an external id that cannot be one is refused: %j', async (externalId) => {
  expect(await put(externalId, {})).toMatchObject({ status: 400, body: { errors: [{ path: '{id}' }] } });
});

test('no value of a refused request comes back or is logged', async () => {
  const reply = await put('user-1', { contact: { email: 'secret person@x.example', phone: 'secret-phone' }, extra: 'secret-extra' });
  const refused = await put('user-1', { contact: { email: 'secret person@x.example' } });
  expect(reply.text + refused.text).not.toContain('secret');
  expect(JSON.stringify(api.logged)).not.toContain('secret');
});

test('the same member twice in a batch: the second row counts on top of the first', async () => {
  const { body } = await batch([{ externalId: 'twin', name: 'First', zone: 'Europe/Paris' }, { externalId: 'twin', name: 'Second', contact: { email: 'twin@x.example' } }]);
  expect(listIn(body, 'results')).toHaveLength(2);
  expect((await api.send(tenant, 'GET', '/v1/members/twin')).body).toMatchObject({ name: 'Second', zone: 'Europe/Paris', contact: { email: 'twin@x.example' } });
});

test('1,000 members go in one request, 1,001 do not', async () => {
  const rows = Array.from({ length: 1001 }, (_, i) => ({ externalId: `bulk-${i}`, contact: { email: `bulk${i}@x.example` }, name: `Member ${i}` }));
  expect((await batch(rows)).status).toBe(400);
  const { status, body } = await batch(rows.slice(1));
  expect(status).toBe(200);
  expect(listIn(body, 'results').every(({ outcome }) => outcome === 'upserted')).toBe(true);
  expect((await api.send(tenant, 'GET', '/v1/members/bulk-1000')).body).toMatchObject({ name: 'Member 1000', contact: { email: 'bulk1000@x.example' } });
});

test('many changes to one member at once lose none of their fields', async () => {
  const fields = [{ name: 'Ana' }, { zone: 'Europe/Paris' }, { locale: 'fr' }, { contact: { email: 'ana@x.example' } }, { birthYear: 1990 }, { attributes: { a: 1 } }, { eventDates: ['2026-07-01'] }, { contact: { phone: '+33123456789' } }];
  const replies = await Promise.all(fields.map((field) => put('busy', field)));
  expect(replies.map(({ status }) => status).filter((status) => status === 201)).toHaveLength(1);
  expect((await api.send(tenant, 'GET', '/v1/members/busy')).body).toMatchObject({
    name: 'Ana', zone: 'Europe/Paris', locale: 'fr', birthYear: 1990, attributes: { a: 1 }, eventDates: ['2026-07-01'],
    contact: { email: 'ana@x.example', phone: '+33123456789' },
  });
});

test('pages go newest first, without gap or repeat', async () => {
  await batch(Array.from({ length: 7 }, (_, i) => ({ externalId: `page-${i}` })));
  const pages = await readPages(api, tenant, '/v1/members', 3);
  const ids = pages.flat().map(({ id }) => id);
  expect(pages.map((page) => page.length)).toEqual([3, 3, 1]);
  expect(ids).toEqual([...new Set(ids)].toSorted().toReversed());
});

test('the list finds a member by external id', async () => {
  await batch([{ externalId: 'a' }, { externalId: 'b' }]);
  expect(listIn((await api.send(tenant, 'GET', '/v1/members?externalId=b')).body, 'data')).toMatchObject([{ externalId: 'b' }]);
});

test.each([['limit=0'], ['limit=101'], ['limit=x'], ['limit=1&limit=2'], ['cursor=bm9uc2Vuc2U'], [`cursor=${Buffer.from('["programs","prg_01kx00000000000000000000zz"]').toString('base64url')}`], ['extra=1']])('a query that does not fit is 400: %s', async (query) => {
  expect((await api.send(tenant, 'GET', `/v1/members?${query}`)).status).toBe(400);
});

test('a repeated batch is done once', async () => {
  const idempotencyKey = randomUUID();
  const members = [{ externalId: 'once', name: 'Once' }];
  const first = await api.send(tenant, 'POST', '/v1/members/batch', { members }, { idempotencyKey });
  await put('once', { name: 'Later' });
  const second = await api.send(tenant, 'POST', '/v1/members/batch', { members }, { idempotencyKey });
  expect(second.text).toBe(first.text);
  expect(second.headers.get('idempotent-replayed')).toBe('true');
  expect((await api.send(tenant, 'GET', '/v1/members/once')).body).toMatchObject({ name: 'Later' });
});
