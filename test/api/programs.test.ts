import { listIn, NOON, openTestApi, textIn } from '../support/api.ts';
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

const create = (terms?: unknown, more: object = {}) => api.send(tenant, 'POST', '/v1/programs', { loop: 'invite', title: 'Kite days', ...(terms === undefined ? {} : { terms }), ...more });
const patch = (id: string, body: unknown) => api.send(tenant, 'PATCH', `/v1/programs/${id}`, body);
const programId = async (terms?: unknown): Promise<string> => textIn((await create(terms)).body, 'id');
const decisionsAbout = async (id: string) => (await api.database.superuser<{ kind: string }[]>`select kind from decisions where subject_id = ${id} order by id`).map(({ kind }) => kind);

test('a program without terms gets its loop\'s, and is read back as it was made', async () => {
  const made = await create();
  expect(made).toMatchObject({
    status: 201,
    body: {
      loop: 'invite', title: 'Kite days', state: 'active', pausedAt: null, version: 1, rulesVersion: 1, createdAt: '2026-06-10T12:00:00.000Z',
      terms: { cap: { profile: 'consumer' }, coolingHours: 24, expiresAfterHours: 336, reminders: [{ afterHours: 72 }], existingMembers: 'refuse' },
    },
  });
  expect((await api.send(tenant, 'GET', `/v1/programs/${textIn(made.body, 'id')}`)).body).toEqual(made.body);
  expect(listIn((await api.send(tenant, 'GET', '/v1/programs')).body, 'data')).toEqual([made.body]);
});

test('terms that are sent replace the loop\'s, one by one', async () => {
  const terms = {
    sendRules: { layers: [{ label: 'Saturday', windows: [{ days: [6], start: '09:00', end: '18:00' }] }] },
    cap: { perMemberPerDay: 3 }, reminders: [], eventBufferDays: 3, copy: { subject: 'Come along', reminder: { subject: 'Still open' } },
    consentBases: ['opt_in'], destination: 'https://app.kite.example/join?a=1',
  };
  const { body } = await create(terms);
  expect(body['terms']).toEqual({ ...terms, channels: ['email'], coolingHours: 24, expiresAfterHours: 336, existingMembers: 'refuse' });
});

test.each([
  ['an unknown loop', { loop: 'nope' }, '/loop'],
  ['no title', { title: '' }, '/title'],
  ['an unknown field', { extra: 1 }, '/extra'],
  ['a term of the wrong type', { terms: { coolingHours: '24' } }, '/terms/coolingHours'],
  ['an unknown term', { terms: { discount: 5 } }, '/terms/discount'],
  ['an unknown field in the send rules', { terms: { sendRules: { layers: [{ window: [] }] } } }, '/terms/sendRules/layers/0/window'],
])('%s is invalid_request', async (_what, more, path) => {
  expect(await create(undefined, more)).toMatchObject({ status: 400, body: { code: 'invalid_request', errors: [{ path }] } });
});

test.each([
  ['a window of no length', { layers: [{ windows: [{ start: '09:00', end: '09:00' }] }] }, '/terms/sendRules/layers/0/windows/0'],
  ['a time that does not exist', { layers: [{ quiet: [{ start: '25:00', end: '09:00' }] }] }, '/terms/sendRules/layers/0/quiet/0/start'],
  ['a zone nobody knows', { layers: [{ zone: 'Mars/Olympus' }] }, '/terms/sendRules/layers/0/zone'],
  ['a policy nobody knows', { policy: 'maybe' }, '/terms/sendRules/policy'],
  ['a date that does not exist', { blackoutDates: ['2026-02-30'] }, '/terms/sendRules/blackoutDates/0'],
  ['windows that never open', { layers: [{ windows: [] }] }, '/terms/sendRules/layers/0/windows'],
])('send rules that could never be kept are refused when saved: %s', async (_what, sendRules, path) => {
  const refused = await create({ sendRules });
  expect(refused).toMatchObject({ status: 400, body: { code: 'invalid_send_rules' } });
  expect(listIn(refused.body, 'errors')[0]?.['path']).toEqual(expect.stringMatching(new RegExp(`^${path}`)));
  const id = await programId();
  expect(await patch(id, { terms: { sendRules } })).toMatchObject({ status: 400, body: { code: 'invalid_send_rules' } });
  expect((await api.send(tenant, 'GET', `/v1/programs/${id}`)).body).toMatchObject({ version: 1 });
});

test('every problem of send rules is named at once', async () => {
  const { body } = await create({ sendRules: { policy: 'maybe', layers: [{ zone: 'Nowhere' }, { windows: [{ start: 'x', end: 'y' }] }] } });
  expect(listIn(body, 'errors').map(({ path }) => path)).toEqual(expect.arrayContaining([
    '/terms/sendRules/policy', '/terms/sendRules/layers/0/zone', '/terms/sendRules/layers/1/windows/0/start', '/terms/sendRules/layers/1/windows/0/end',
  ]));
});

test.each([
  ['a cap of a half', { cap: { perMemberPerDay: 0.5 } }, '/terms/cap/perMemberPerDay'],
  ['an expiry of no time', { expiresAfterHours: 0 }, '/terms/expiresAfterHours'],
  ['a reminder after the expiry', { expiresAfterHours: 48, reminders: [{ afterHours: 72 }] }, '/terms/reminders'],
  ['copy with a line break', { copy: { subject: 'a\nb' } }, '/terms/copy/subject'],
  ['a link to somewhere else', { destination: 'https://evil.example/' }, '/terms/destination'],
])('%s is invalid_terms', async (_what, terms, path) => {
  expect(await create(terms)).toMatchObject({ status: 400, body: { code: 'invalid_terms', errors: [{ path }] } });
});

test('a change makes a new version and keeps the old one', async () => {
  const id = await programId();
  api.clock.advance(1000);
  const changed = await patch(id, { title: 'Kite weeks', terms: { cap: { perMemberPerDay: 5 } } });
  expect(changed).toMatchObject({ status: 200, body: { title: 'Kite weeks', version: 2, rulesVersion: 1, updatedAt: '2026-06-10T12:00:01.000Z', terms: { cap: { perMemberPerDay: 5 }, coolingHours: 24 } } });
  const versions = await api.database.superuser<{ version: number; title: string; cap: Record<string, unknown> }[]>`
    select version, title, terms -> 'cap' as cap from program_versions where program_id = ${id} order by version`;
  expect(versions.map((row) => ({ ...row }))).toEqual([{ version: 1, title: 'Kite days', cap: { profile: 'consumer' } }, { version: 2, title: 'Kite weeks', cap: { perMemberPerDay: 5 } }]);
  expect(await decisionsAbout(id)).toEqual(['program_created', 'program_changed']);
});

test('a change that changes nothing makes no version', async () => {
  const id = await programId();
  const { body } = await patch(id, { title: 'Kite days', terms: { reminders: [{ afterHours: 72 }], cap: { profile: 'consumer' } } });
  expect(body).toMatchObject({ version: 1, rulesVersion: 1 });
});

test.each([['send rules', { sendRules: { policy: 'drop' } }], ['the days around events', { eventBufferDays: 3 }]])('a change of %s is a new version of the rules', async (_what, terms) => {
  expect((await patch(await programId(), { terms })).body).toMatchObject({ version: 2, rulesVersion: 2 });
});

test('null takes a term away', async () => {
  const id = await programId({ eventBufferDays: 3, copy: { subject: 'Come' }, consentBases: ['opt_in'], destination: 'https://app.kite.example/' });
  const { body } = await patch(id, { terms: { eventBufferDays: null, copy: null, consentBases: null, destination: null } });
  expect(Object.keys(body['terms'] ?? {})).not.toEqual(expect.arrayContaining(['eventBufferDays']));
  expect(body).toMatchObject({ version: 2, rulesVersion: 2 });
});

test('two changes at once both count', async () => {
  const id = await programId();
  await Promise.all([patch(id, { terms: { cap: { perMemberPerDay: 7 } } }), patch(id, { terms: { coolingHours: 48 } }), patch(id, { title: 'Both' })]);
  expect((await api.send(tenant, 'GET', `/v1/programs/${id}`)).body).toMatchObject({ version: 4, title: 'Both', terms: { cap: { perMemberPerDay: 7 }, coolingHours: 48 } });
});

test('pausing holds once, resuming lets go once', async () => {
  const id = await programId();
  const pause = () => api.send(tenant, 'POST', `/v1/programs/${id}/pause`);
  const resume = () => api.send(tenant, 'POST', `/v1/programs/${id}/resume`);
  api.clock.advance(1000);
  expect((await pause()).body).toMatchObject({ state: 'paused', pausedAt: '2026-06-10T12:00:01.000Z' });
  api.clock.advance(1000);
  expect((await pause()).body).toMatchObject({ pausedAt: '2026-06-10T12:00:01.000Z' });
  expect((await resume()).body).toMatchObject({ state: 'active', pausedAt: null });
  await resume();
  expect(await decisionsAbout(id)).toEqual(['program_created', 'program_paused', 'program_resumed']);
});

test('a paused program refuses invites, and takes them again after it is resumed', async () => {
  const id = await programId();
  const invite = () => api.send(tenant, 'POST', '/v1/invites', { programId: id, invitees: [{ email: 'sam@x.example', zone: 'Europe/Paris', consent: { basis: 'opt_in' } }] });
  await api.send(tenant, 'POST', `/v1/programs/${id}/pause`);
  expect(await invite()).toMatchObject({ status: 409, body: { code: 'program_paused' } });
  await api.send(tenant, 'POST', `/v1/programs/${id}/resume`);
  expect((await invite()).status).toBe(202);
});

const waiting = async (id: string) => (await api.database.superuser<{ stale: boolean }[]>`
  select i.stale from invites i join invite_batches b on b.id = i.batch_id where b.program_id = ${id} and i.state = 'waiting'`).map(({ stale }) => stale);

test('new send rules bind what waits: it is stale until it is planned again; other terms do not', async () => {
  const id = await programId();
  await api.send(tenant, 'POST', '/v1/invites', { programId: id, invitees: [{ email: 'sam@x.example', zone: 'Europe/Paris', consent: { basis: 'opt_in' } }] });
  await patch(id, { terms: { coolingHours: 1 } });
  expect(await waiting(id)).toEqual([false]);
  await patch(id, { terms: { sendRules: { layers: [] } } });
  expect(await waiting(id)).toEqual([true]);
});

test.each([
  ['an end in the past', { expiresAt: '2020-01-01T00:00:00Z' }],
  ['a stop that outlasts everything', { hardStops: [{ from: '2000-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z' }] }],
])('rules that leave no moment from now on are refused when they are saved: %s', async (_what, sendRules) => {
  expect(await create({ sendRules })).toMatchObject({ status: 400, body: { code: 'invalid_send_rules' } });
  const id = await programId();
  expect(await patch(id, { terms: { sendRules } })).toMatchObject({ status: 400, body: { code: 'invalid_send_rules' } });
});

test('a program whose time is over can still be renamed', async () => {
  const id = await programId({ sendRules: { expiresAt: '2026-06-11T00:00:00Z' } });
  api.clock.set('2026-07-01T00:00:00Z');
  expect(await patch(id, { title: 'Kite days, over' })).toMatchObject({ status: 200 });
});
