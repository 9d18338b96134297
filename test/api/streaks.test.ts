import { randomUUID } from 'node:crypto';
import { listIn, openTestApi } from '../support/api.ts';
import type { TestApi, TestTenant } from '../support/api.ts';

let api: TestApi;
let tenant: TestTenant;
beforeAll(async () => { api = await openTestApi(); });
beforeEach(async () => {
  api.clock.set('2026-06-10T10:00:00Z');
  tenant = await api.makeTenant();
});
afterAll(() => api.close());

const streaks = async (id: string) => listIn((await api.send(tenant, 'GET', `/v1/members/${id}/streaks`)).body, 'streaks');
const practise = (...events: readonly { at: string; externalId?: string; zone?: string }[]) => api.send(tenant, 'POST', '/v1/events', {
  events: events.map(({ at, externalId = 'ana', zone }) => ({ eventId: randomUUID(), type: 'practice_completed', occurredAt: at, externalId, ...(zone === undefined ? {} : { properties: { zone } }) })),
});
const grant = (grants: readonly object[], how?: { idempotencyKey: string }) => api.send(tenant, 'POST', '/v1/streaks/grants', { grants }, how);
const pause = (pauses: readonly object[]) => api.send(tenant, 'POST', '/v1/streaks/pauses', { pauses });

test('a member\'s streak follows from practice that was told of, and is read as it stands now', async () => {
  await practise({ at: '2026-06-09T10:00:00Z' }, { at: '2026-06-08T10:00:00Z' });
  const atRisk = { streak: 'practice', zone: 'Europe/Paris', current: 2, longest: 2, freezesLeft: 0, freezesUsed: [], state: 'at_risk', atRisk: true, expiresAt: '2026-06-10T22:00:00Z', dayEndsAt: '2026-06-10T22:00:00Z' };
  expect(await streaks('ana')).toEqual([atRisk]);
  await practise({ at: '2026-06-10T10:00:00Z' });
  expect(await streaks('ana')).toEqual([{ ...atRisk, current: 3, longest: 3, state: 'active', atRisk: false, expiresAt: '2026-06-11T22:00:00Z', dayEndsAt: '2026-06-11T22:00:00Z' }]);
  api.clock.set('2026-06-11T22:00:00Z');
  expect(await streaks('ana')).toEqual([{ ...atRisk, current: 0, longest: 3, state: 'broken', atRisk: false, expiresAt: null, dayEndsAt: null }]);
});

test('a member is found by either id; one who has no streak has none, and nobody is 404', async () => {
  const { body } = await api.send(tenant, 'PUT', '/v1/members/ben', {});
  expect((await api.send(tenant, 'GET', `/v1/members/${String(body['id'])}/streaks`)).body).toEqual({ memberId: body['id'], externalId: 'ben', streaks: [] });
  expect(await streaks('ben')).toEqual([]);
  expect(await api.send(tenant, 'GET', '/v1/members/nobody/streaks')).toMatchObject({ status: 404, body: { code: 'not_found' } });
});

test('a member whose zone is corrected keeps the days that counted, and is read by the new clock', async () => {
  await practise({ at: '2026-06-09T01:00:00Z', zone: 'America/New_York' }, { at: '2026-06-10T01:00:00Z', zone: 'America/New_York' });
  await api.send(tenant, 'PUT', '/v1/members/ana', { zone: 'America/New_York' });
  expect(await streaks('ana')).toMatchObject([{ current: 2, zone: 'America/New_York', state: 'at_risk', expiresAt: '2026-06-11T04:00:00Z' }]);
});

test('freezes are given once by their key, keep the streak over missed days, and are not used in vain', async () => {
  await practise({ at: '2026-06-09T10:00:00Z' });
  const given = [{ key: 'order-1', externalId: 'ana', count: 1 }, { key: 'order-1', externalId: 'ana', count: 1 }, { key: 'order-2', externalId: 'nobody', count: 1 }, { key: 'order-3', externalId: 'ana', count: 1, at: '2026-06-10T10:00:01Z' }];
  const first = await grant(given, { idempotencyKey: 'the-same' });
  expect(first).toMatchObject({ status: 200, body: { results: [
    { key: 'order-1', outcome: 'given' }, { key: 'order-1', outcome: 'duplicate' }, { key: 'order-2', outcome: 'refused', reason: 'unknown_member' }, { key: 'order-3', outcome: 'refused', reason: 'given_in_future' },
  ] } });
  expect((await grant(given, { idempotencyKey: 'the-same' })).body).toEqual(first.body);
  expect((await grant([{ key: 'order-1', externalId: 'ana', count: 1 }])).body).toEqual({ results: [{ key: 'order-1', outcome: 'duplicate' }] });
  expect(await streaks('ana')).toMatchObject([{ freezesLeft: 1, state: 'at_risk', atRisk: false, expiresAt: '2026-06-11T22:00:00Z', dayEndsAt: '2026-06-10T22:00:00Z' }]);
  api.clock.set('2026-06-11T10:00:00Z');
  expect(await streaks('ana')).toMatchObject([{ freezesLeft: 0, freezesUsed: ['2026-06-10'], state: 'frozen', atRisk: true, expiresAt: '2026-06-11T22:00:00Z', dayEndsAt: '2026-06-11T22:00:00Z' }]);
  api.clock.set('2026-06-12T10:00:00Z');
  expect(await streaks('ana')).toMatchObject([{ freezesLeft: 1, freezesUsed: [], state: 'broken' }]);
});

test('freezes may come before the first practice, for a streak of another name too', async () => {
  await api.send(tenant, 'PUT', '/v1/members/ana', {});
  await grant([{ key: 'gift', externalId: 'ana', count: 2, streak: 'reading' }]);
  expect(await streaks('ana')).toMatchObject([{ streak: 'reading', current: 0, freezesLeft: 2, state: 'none', expiresAt: null }]);
});

test('a pause of one member reaches back; one for everybody must still be to come everywhere; each is there once', async () => {
  await practise({ at: '2026-06-07T10:00:00Z' }, { at: '2026-06-10T10:00:00Z' });
  expect(await streaks('ana')).toMatchObject([{ current: 1 }]);
  const asked = [
    { externalId: 'ana', from: '2026-06-08', to: '2026-06-09' }, { externalId: 'ana', from: '2026-06-08', to: '2026-06-09' }, { externalId: 'nobody', from: '2026-06-08', to: '2026-06-09' },
    { externalId: 'ana', from: '2026-06-09', to: '2026-06-08' }, { externalId: 'ana', from: '2026-01-01', to: '2027-06-08' }, { from: '2026-06-10', to: '2026-06-12' }, { from: '2026-06-12', to: '2026-06-13' },
  ];
  const { status, body } = await pause(asked);
  expect({ status, body }).toMatchObject({ status: 200, body: { results: [
    { outcome: 'paused' }, { outcome: 'duplicate' }, { outcome: 'refused', reason: 'unknown_member' }, { outcome: 'refused', reason: 'invalid_dates', detail: '`to` must not be before `from`.' },
    { outcome: 'refused', reason: 'invalid_dates', detail: 'A pause lasts 366 days at most.' }, { outcome: 'refused', reason: 'begins_too_early' }, { outcome: 'paused' },
  ] } });
  expect(await streaks('ana')).toMatchObject([{ current: 2, state: 'active', dayEndsAt: '2026-06-11T22:00:00Z' }]);
  await practise({ at: '2026-06-10T11:00:00Z' });
  api.clock.set('2026-06-12T10:00:00Z');
  expect(await streaks('ana')).toMatchObject([{ current: 0, state: 'broken' }]);
});

test('a practice that is told of late closes the gap it left', async () => {
  await practise({ at: '2026-06-07T10:00:00Z' }, { at: '2026-06-09T10:00:00Z' });
  expect(await streaks('ana')).toMatchObject([{ current: 1, longest: 1 }]);
  await practise({ at: '2026-06-08T21:59:59Z' });
  expect(await streaks('ana')).toMatchObject([{ current: 3, longest: 3 }]);
});

test.each([
  ['no grants', { grants: [] }], ['no freeze', { grants: [{ key: 'k', externalId: 'ana', count: 0 }] }], ['below 0', { grants: [{ key: 'k', externalId: 'ana', count: -1 }] }],
  ['an unnamed grant', { grants: [{ externalId: 'ana', count: 1 }] }], ['a name that is none', { grants: [{ key: 'k', externalId: 'ana', count: 1, streak: 'Practice!' }] }],
])('%s is refused', async (_what, body) => {
  expect(await api.send(tenant, 'POST', '/v1/streaks/grants', body)).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
});
