import { listIn, openTestApi } from '../support/api.ts';
import type { TestApi, TestTenant } from '../support/api.ts';
import file from '../domain/cases/streaks.json';

let api: TestApi;
let tenant: TestTenant;
beforeAll(async () => {
  api = await openTestApi();
  tenant = await api.makeTenant();
});
afterAll(() => api.close());

const ask = (body: unknown) => api.send(tenant, 'POST', '/v1/streaks/preview', body);
const BASE = { zone: 'Europe/Berlin', events: [], now: '2025-01-04T12:00:00Z', freezes: 0 };

test.each(file.cases)('$id: a case\'s input gets its expected answer, word for word', async ({ input, expected }) => {
  const { status, body } = await ask(input);
  expect({ status, body }).toEqual({ status: 200, body: expected });
});

test('a pause is not missed, and a freeze covers only what ended while it was held', async () => {
  const events = [{ at: '2025-01-01T10:00:00Z' }, { at: '2025-01-04T10:00:00Z' }];
  expect((await ask({ ...BASE, events, pauses: [{ from: '2025-01-02', to: '2025-01-03' }] })).body).toMatchObject({ current: 2, freezesUsed: [], state: 'active' });
  expect((await ask({ ...BASE, events, grants: [{ at: '2025-01-02T22:59:59Z', count: 2 }] })).body).toMatchObject({ current: 2, freezesUsed: ['2025-01-02', '2025-01-03'], freezesLeft: 0 });
  expect((await ask({ ...BASE, events, grants: [{ at: '2025-01-02T23:00:01Z', count: 2 }] })).body).toMatchObject({ current: 1, freezesUsed: [], freezesLeft: 2 });
});

test.each([
  ['an unknown zone now', { zone: 'Europe/Nowhere' }, '/zone', 'Give the name of an IANA zone, as in Europe/Paris.'],
  ['an offset as a zone', { zone: '+02:00' }, '/zone', 'Give the name of an IANA zone, as in Europe/Paris.'],
  ['an unknown zone of an event', { events: [{ at: '2025-01-01T10:00:00Z', zone: 'Mars/Base' }] }, '/events/0/zone', 'Give the name of an IANA zone, as in Europe/Paris.'],
  ['an event that has yet to happen', { events: [{ at: '2025-01-01T10:00:00Z' }, { at: '2025-01-04T12:00:01Z' }] }, '/events/1/at', 'This is after `now`: what has yet to happen cannot be counted.'],
  ['a grant that has yet to be given', { grants: [{ at: '2025-01-05T00:00:00Z', count: 1 }] }, '/grants/0/at', 'This is after `now`: it has not been given yet.'],
  ['freezes below 0', { freezes: -1 }, '/freezes', 'Must not be below 0.'],
  ['half a freeze', { freezes: 0.5 }, '/freezes', expect.any(String)],
  ['more freezes than anybody has', { freezes: 1_001 }, '/freezes', 'Give at most 1000.'],
  ['more events than can be looked at', { events: Array.from({ length: 4_001 }, () => ({ at: '2025-01-01T10:00:00Z' })) }, '/events', 'At most 4000 can be looked at in one request.'],
  ['a date that is none', { pauses: [{ from: '2025-02-30', to: '2025-03-01' }] }, '/pauses/0/from', 'Give a date of the calendar, as in 2026-06-10.'],
  ['a pause that ends before it begins', { pauses: [{ from: '2025-02-02', to: '2025-02-01' }] }, '/pauses/0', '`to` must not be before `from`.'],
  ['an instant without an offset', { events: [{ at: '2025-01-01T10:00:00' }] }, '/events/0/at', expect.any(String)],
  ['a time before there were zones', { now: '1800-01-01T00:00:00Z' }, '/now', 'Give an instant of the years 1900 to 2199.'],
])('%s is refused, and the place is named', async (_what, change, path, message) => {
  const { status, body } = await ask({ ...BASE, ...change });
  expect({ status, code: body['code'], errors: listIn(body, 'errors') }).toEqual({ status: 400, code: 'invalid_request', errors: [{ path, message }] });
});

test('as much as may be asked is answered: 4,000 events in as many zones as there are, over 300 years', async () => {
  const zones = Intl.supportedValuesOf('timeZone');
  const events = Array.from({ length: 4_000 }, (_none, i) => ({ at: new Date(Date.UTC(1900, 0, 1) + i * 27 * 86_400_000).toISOString(), zone: zones[i % zones.length] }));
  expect(await ask({ ...BASE, now: '2199-12-01T00:00:00Z', events, freezes: 1_000 })).toMatchObject({ status: 200, body: { state: 'broken', current: 0 } });
}, 60_000);
