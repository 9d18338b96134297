import { listIn, openTestApi, textIn } from '../support/api.ts';
import type { TestApi, TestTenant } from '../support/api.ts';
import { invite, inviteRow, makeProgram } from '../support/invites-api.ts';

let api: TestApi;
let tenant: TestTenant;
beforeAll(async () => {
  api = await openTestApi();
  tenant = await api.makeTenant();
});
beforeEach(() => api.clock.advance(60_000));
afterAll(() => api.close());

const HOUR_MS = 3_600_000;
const ago = (ms: number): string => new Date(api.clock.now() - ms).toISOString();
const tell = async (consents: readonly Record<string, unknown>[], as = tenant) => (await api.send(as, 'POST', '/v1/consents', { consents })).body;
const outcomes = (body: Record<string, unknown>) => listIn(body, 'results').map((row) => row['reason'] ?? row['outcome']);
const lookUp = async (named: Record<string, unknown>, as = tenant) => (await api.send(as, 'POST', '/v1/preferences/lookup', named)).body['addresses'];

test('what people said is kept with basis, words, language, source and time, and can be shown as proof', async () => {
  const givenAt = ago(HOUR_MS);
  const told = { email: 'Proof@Consent.example', topic: 'invitations', channel: 'email', action: 'granted', basis: 'opt_in', wordingVersion: 'form-3', locale: 'pt_br', givenAt };
  expect(await tell([told])).toEqual({ results: [{ outcome: 'recorded' }], invitesClosed: 0 });
  const { body } = await api.send(tenant, 'POST', '/v1/consents/lookup', { email: 'proof@consent.example' });
  const entry = { address: 'email', topic: 'invitations', channel: 'email', action: 'granted', basis: 'opt_in', wordingVersion: 'form-3', locale: 'pt-BR', source: 'api', givenAt, recordedAt: ago(0) };
  expect(listIn(body, 'data')).toEqual([{ ...entry, id: expect.stringMatching(/^con_/) }]);
  expect(await lookUp({ email: 'proof@consent.example' })).toEqual([
    { address: 'email', suppressed: null, preferences: [{ topic: 'invitations', channel: 'email', state: 'in', decidedAt: givenAt, consentId: listIn(body, 'data')[0]?.['id'] }] },
  ]);
});

test('rows are judged one by one: what cannot be used is refused with a reason and a place, and spoils no other', async () => {
  const good = { email: 'rows@consent.example', action: 'withdrawn' };
  const bad: [Record<string, unknown>, string, string][] = [
    [{ action: 'withdrawn' }, 'invalid_recipient', ''],
    [{ ...good, phone: '+4915123456789' }, 'invalid_recipient', ''],
    [{ ...good, email: 'no address' }, 'invalid_address', '/email'],
    [{ action: 'withdrawn', phone: '+1' }, 'invalid_phone', '/phone'],
    [{ action: 'withdrawn', externalId: 'nobody' }, 'unknown_member', '/externalId'],
    [{ action: 'withdrawn', memberId: 'mbr_01kx7m3p9q2r4s5t6v7w8x9y0z' }, 'unknown_member', '/memberId'],
    [{ ...good, channel: 'sms' }, 'wrong_channel', '/channel'],
    [{ action: 'withdrawn', phone: '+4915123456789', channel: 'email' }, 'wrong_channel', '/channel'],
    [{ ...good, topic: 'Two Words' }, 'invalid_topic', '/topic'],
    [{ ...good, action: 'granted' }, 'basis_missing', '/basis'],
    [{ ...good, locale: 'no tag!' }, 'invalid_locale', '/locale'],
    [{ ...good, givenAt: 'yesterday' }, 'invalid_time', '/givenAt'],
    [{ ...good, givenAt: new Date(api.clock.now() + HOUR_MS).toISOString() }, 'invalid_time', '/givenAt'],
  ];
  const body = await tell([good, ...bad.map(([row]) => row)]);
  expect(outcomes(body)).toEqual(['recorded', ...bad.map(([, reason]) => reason)]);
  expect(listIn(body, 'results').slice(1).map((row) => listIn(row, 'errors')[0]?.['path'])).toEqual(bad.map(([, , path]) => path));
});

test('a late opt-in never beats a newer opt-out, whichever is told first, and the app learns which it was', async () => {
  const email = 'late@consent.example';
  const out = { email, action: 'withdrawn', givenAt: ago(HOUR_MS) };
  const late = { email, action: 'granted', basis: 'opt_in', givenAt: ago(2 * HOUR_MS) };
  expect(outcomes(await tell([late, out]))).toEqual(['older_than_known', 'recorded']);
  expect(outcomes(await tell([late, out]))).toEqual(['already', 'already']);
  expect(await lookUp({ email })).toMatchObject([{ preferences: [{ topic: '*', channel: '*', state: 'out' }] }]);
});

test('an opt-out that the app tells ends what waits about its topic, and says how much', async () => {
  const [news, other] = [await makeProgram(api, tenant), await makeProgram(api, tenant)];
  await api.send(tenant, 'PATCH', `/v1/programs/${news}`, { topic: 'news' });
  expect((await api.send(tenant, 'GET', `/v1/programs/${news}`)).body).toMatchObject({ topic: 'news', version: 1 });
  expect((await api.send(tenant, 'GET', `/v1/programs/${other}`)).body).toMatchObject({ topic: 'invitations' });
  const [first] = await invite(api, tenant, news, ['waits-a@consent.example']);
  const [second] = await invite(api, tenant, other, ['waits-b@consent.example']);
  if (first === undefined || second === undefined) throw new Error('nobody was invited');
  const body = await tell(['a', 'b'].map((name) => ({ email: `waits-${name}@consent.example`, topic: 'news', channel: 'email', action: 'withdrawn' })));
  expect(body).toMatchObject({ invitesClosed: 1 });
  expect([(await inviteRow(api, first.ref))?.state, (await inviteRow(api, second.ref))?.state]).toEqual(['refused', 'waiting']);
  expect(await lookUp({ inviteId: first.id })).toMatchObject([{ address: 'email', preferences: [{ topic: 'news', state: 'out' }] }]);
});

test('of a member: what is said of all channels is said of each address, of a channel of that one', async () => {
  const memberId = textIn((await api.send(tenant, 'PUT', '/v1/members/both', { contact: { email: 'both@consent.example', phone: '+4915123456780' } })).body, 'id');
  expect(outcomes(await tell([{ externalId: 'both', action: 'withdrawn', topic: 'news' }, { memberId, action: 'granted', basis: 'opt_in', channel: 'sms', topic: 'offers' }]))).toEqual(['recorded', 'recorded']);
  const { body } = await api.send(tenant, 'GET', '/v1/members/both/preferences');
  expect(body).toMatchObject({ addresses: [
    { address: 'email', preferences: [{ topic: 'news', channel: '*', state: 'out' }] },
    { address: 'sms', preferences: [{ topic: 'news', channel: '*', state: 'out' }, { topic: 'offers', channel: 'sms', state: 'in' }] },
  ] });
  expect(await lookUp({ phone: '+49 151 23456780' })).toMatchObject([{ address: 'sms', preferences: [{}, {}] }]);
  const page = (await api.send(tenant, 'GET', '/v1/members/both/consents?limit=2')).body;
  const rest = (await api.send(tenant, 'GET', `/v1/members/both/consents?limit=2&cursor=${textIn(page, 'nextCursor')}`)).body;
  expect([...listIn(page, 'data'), ...listIn(rest, 'data')].map((row) => `${String(row['address'])} ${String(row['topic'])}`).toSorted()).toEqual(['email news', 'sms news', 'sms offers']);
  await api.send(tenant, 'PUT', '/v1/members/none', { name: 'None' });
  expect(outcomes(await tell([{ externalId: 'none', action: 'withdrawn' }]))).toEqual(['no_address']);
});

test.each([[{}], [{ email: 'a@b.example', phone: '+4915123456780' }], [{ email: 'nonsense' }], [{ externalId: 'nobody' }], [{ inviteId: 'inv_nothing' }], [{ memberId: 'both' }]])('a look-up by %j says what to put right', async (named) => {
  for (const path of ['/v1/preferences/lookup', '/v1/consents/lookup']) {
    const reply = await api.send(tenant, 'POST', path, named);
    expect([reply.status, listIn(reply.body, 'errors').length]).toEqual([400, 1]);
  }
});

test('another tenant\'s people are nobody, and what was told to one tenant holds for it alone', async () => {
  const other = await api.makeTenant({ name: 'Other' });
  await tell([{ email: 'apart@consent.example', action: 'withdrawn' }]);
  expect(await lookUp({ email: 'apart@consent.example' }, other)).toEqual([{ address: 'email', suppressed: null, preferences: [] }]);
  expect((await api.send(other, 'GET', '/v1/members/both/preferences')).status).toBe(404);
  expect((await api.send(other, 'GET', '/v1/members/both/consents')).status).toBe(404);
});

test('a thousand rows are one request, and take about as long as an import of them may', async () => {
  const rows = Array.from({ length: 1_000 }, (_none, place) => ({ email: `bulk-${String(place)}@consent.example`, action: 'withdrawn', givenAt: ago(place) }));
  const began = performance.now();
  const body = await tell(rows);
  expect(performance.now() - began).toBeLessThan(10_000);
  expect(new Set(outcomes(body))).toEqual(new Set(['recorded']));
  expect((await api.send(tenant, 'POST', '/v1/consents', { consents: [...rows, rows[0]] })).status).toBe(400);
});

test('a topic of a program has a form', async () => {
  for (const topic of ['', 'Two Words', '*', 'x'.repeat(41)]) {
    expect((await api.send(tenant, 'POST', '/v1/programs', { loop: 'invite', title: 'T', topic })).status).toBe(400);
  }
  expect((await api.send(tenant, 'POST', '/v1/programs', { loop: 'invite', title: 'T', topic: 'product_news' })).body).toMatchObject({ topic: 'product_news' });
});
