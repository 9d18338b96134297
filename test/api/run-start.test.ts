import { z } from 'zod';
import { listIn, NOON, openTestApi, textIn, type TestApi, type TestTenant } from '../support/api.ts';

const HOUR_MS = 3_600_000;
const EXAM = '2026-06-14T08:00:00Z';
let api: TestApi;
let tenant: TestTenant;
let programId: string;
beforeAll(async () => { api = await openTestApi(); });
afterAll(() => api.close());
beforeEach(async () => {
  api.clock.set(NOON);
  tenant = await api.makeTenant();
  programId = textIn((await api.send(tenant, 'POST', '/v1/programs', { loop: 'study-buddy-nudge', title: 'Learn together' })).body, 'id');
  for (const id of ['ana', 'ben', 'cyd']) await api.send(tenant, 'PUT', `/v1/members/${id}`, {});
});

type Body = Record<string, unknown>;
const start = (more: Body = {}, input: Body = {}) => api.send(tenant, 'POST', '/v1/runs', { programId, externalId: 'ana', input: { examAt: EXAM, buddy: 'ben', ...input }, ...more });
async function startedId(more: Body = {}, input: Body = {}): Promise<string> {
  return textIn((await start(more, input)).body, 'id');
}
const read = async (id: string): Promise<Body> => (await api.send(tenant, 'GET', `/v1/runs/${id}`)).body;
const facts = async (id: string): Promise<string[]> => listIn(await read(id), 'facts').map(({ kind }) => String(kind)).toSorted();
const errorsOf = (body: Body): [unknown, unknown][] => listIn(body, 'errors').map(({ path, message }) => [path, message]);
let told = 0;
const tell = (...events: Body[]) => api.send(tenant, 'POST', '/v1/events', { events: events.map((event) => ({ eventId: `told-${String((told += 1))}`, ...event })) });

test('a start is answered with its run, its link and where it stands; it begins with ids and epoch ms, and with the program\'s numbers', async () => {
  const { status, body } = await start();
  expect([status, body]).toEqual([201, { id: expect.stringMatching(/^run_/), loop: 'study-buddy-nudge', stage: 'waiting', invites: null, waitingUrl: null, boardUrl: null, link: { code: expect.any(String), url: expect.stringContaining('/i/') } }]);
  const run = await read(textIn(body, 'id'));
  expect(run).toMatchObject({ state: 'open', generation: 1, workflowId: `study-buddy-nudge/${textIn(body, 'id')}/1`, link: body['link'] });
  expect(run['input']).toEqual({ examAt: Date.parse(EXAM), buddy: expect.stringMatching(/^mbr_/), memberId: expect.stringMatching(/^mbr_/), startedAt: expect.any(Number), invited: 0, terms: { leadHours: 48 } });
  expect(listIn(run, 'people').map(({ externalId, role }) => [externalId, role])).toEqual([['ana', 'member'], ['ben', 'buddy']]);
  const queued = await api.database.superuser<{ kind: string }[]>`select kind from outbox where lane = ${textIn(body, 'id')}`;
  expect(queued.map(({ kind }) => kind)).toEqual(['start_run']);
});

test('an occasion has one run, whoever asks again and however many at once', async () => {
  const replies = await Promise.all(Array.from({ length: 6 }, () => start()));
  expect(new Set(replies.map(({ body }) => body['id'])).size).toBe(1);
  expect(replies.map(({ status }) => status).toSorted()).toEqual([200, 200, 200, 200, 200, 201]);
  const again = await start();
  expect([again.status, again.body['link']]).toEqual([200, replies[0]?.body['link']]);
  expect((await start({}, { buddy: 'cyd' })).status).toBe(201);
  expect((await start({ subject: 'mid-term' })).status).toBe(201);
  expect((await start({ subject: 'mid-term' }, { buddy: 'cyd' })).status).toBe(200);
});

test('a field that is unknown, missing or wrong is named, and nothing is started', async () => {
  const { status, body } = await api.send(tenant, 'POST', '/v1/runs', { programId, externalId: 'ana', input: { examAt: 'tomorrow', colour: 'red' } });
  expect(status).toBe(400);
  expect(errorsOf(body)).toEqual([
    ['/input/colour', 'This loop\'s start has no such field; it has examAt, buddy.'],
    ['/input/examAt', 'Must be an instant of the years 1900 to 2199 as ISO 8601 with Z or an offset, as in 2026-06-10T08:00:00Z.'],
    ['/input/buddy', 'This loop\'s start needs it: your own id of a member that you have upserted.'],
  ]);
  expect(listIn((await api.send(tenant, 'GET', '/v1/runs')).body, 'data')).toEqual([]);
});

test.each([
  ['a buddy nobody knows', {}, { buddy: 'nobody' }, '/input/buddy'],
  ['oneself as the buddy', {}, { buddy: 'ana' }, '/input/buddy'],
  ['a member nobody knows', { externalId: 'nobody' }, {}, '/externalId'],
  ['a program nobody has', { programId: 'prg_01ksr49200081040g2081040g2' }, {}, '/programId'],
  ['invitees where it asks nobody', { invitees: [{ email: 'sam@x.example' }] }, {}, '/invitees'],
  ['questions where it is not played', { deck: { questions: [1, 2, 3].map((n) => ({ text: `Question ${String(n)}`, choices: ['yes', 'no'], answer: 0 })) } }, {}, '/deck'],
  ['an instant of a year that no row can hold', {}, { examAt: '0000-01-01T00:00:00Z' }, '/input/examAt'],
  ['an instant that its offset leads beyond the years', {}, { examAt: '9999-12-31T23:59:59-10:00' }, '/input/examAt'],
  ['an instant that no clock of ours can wait for', {}, { examAt: '2300-01-01T00:00:00Z' }, '/input/examAt'],
  ['a day that is not in the calendar', {}, { examAt: '2026-02-30T08:00:00Z' }, '/input/examAt'],
])('%s is refused, with the place', async (_what, more, input, path) => {
  const { status, body } = await start(more, input);
  expect([status, errorsOf(body)[0]?.[0]]).toEqual([400, path]);
});

test('a program of a loop without runs, a paused and a closed one start nothing', async () => {
  const invite = textIn((await api.send(tenant, 'POST', '/v1/programs', { loop: 'invite', title: 'Invite' })).body, 'id');
  expect(errorsOf((await start({ programId: invite })).body)[0]?.[0]).toBe('/programId');
  await api.send(tenant, 'POST', `/v1/programs/${programId}/pause`);
  expect((await start()).body).toMatchObject({ code: 'program_paused' });
  await api.send(tenant, 'POST', `/v1/programs/${programId}/resume`);
  await api.send(tenant, 'POST', `/v1/programs/${programId}/close`);
  expect((await start()).body).toMatchObject({ code: 'program_closed' });
});

test('a loop\'s own numbers are changed in the program\'s terms, within their bounds; a run keeps those of its start', async () => {
  const path = `/v1/programs/${programId}`;
  const before = await startedId();
  expect((await api.send(tenant, 'PATCH', path, { terms: { life: { leadHours: 24 } } })).body['terms']).toMatchObject({ life: { leadHours: 24 } });
  const after = await startedId({ subject: 'later' });
  expect([(await read(before))['input'], (await read(after))['input']]).toMatchObject([{ terms: { leadHours: 48 } }, { terms: { leadHours: 24 } }]);
  for (const life of [{ leadHours: 0 }, { leadHours: 10_000 }, { lightYears: 1 }]) {
    expect((await api.send(tenant, 'PATCH', path, { terms: { life } })).body).toMatchObject({ code: 'invalid_terms' });
  }
  expect((await api.send(tenant, 'POST', '/v1/programs', { loop: 'invite', title: 'Invite', terms: { life: { leadHours: 1 } } })).body).toMatchObject({ code: 'invalid_terms' });
});

test('a program with the loop\'s own rewards has their unit defined; one that names its own keeps the tenant\'s', async () => {
  expect(listIn((await api.send(tenant, 'GET', '/v1/units')).body, 'data').map(({ unit }) => unit)).toEqual(['xp']);
  const other = await api.makeTenant();
  const made = await api.send(other, 'POST', '/v1/programs', { loop: 'study-buddy-nudge', title: 'Plain', terms: { rewards: null } });
  expect([made.status, listIn((await api.send(other, 'GET', '/v1/units')).body, 'data')]).toEqual([201, []]);
});

test('what people in a run do is told to it by their roles, once, by its own time; what others do is not', async () => {
  const id = await startedId();
  api.clock.advance(HOUR_MS);
  const at = '2026-06-10T12:30:00Z';
  const twice = { eventId: 'p1', type: 'practice_completed', externalId: 'ana', occurredAt: at, properties: { minutes: 20, note: 'Ana Maria did well', pupil: 'Maria', subject: 'maths_2' } };
  await tell(twice, { type: 'practice_completed', externalId: 'ben', occurredAt: at }, { type: 'practice_completed', externalId: 'cyd', occurredAt: at }, { type: 'badge_earned', externalId: 'ana', occurredAt: at });
  await tell(twice);
  expect(await facts(id)).toEqual(['buddy_practised', 'member_practised']);
  const practised = listIn(await read(id), 'facts').find(({ kind }) => kind === 'member_practised');
  // Figures and codes go on; a text that people wrote stays in Postgres.
  expect(practised).toMatchObject({ id: 'p1', at: '2026-06-10T12:30:00.000Z', data: { minutes: 20, subject: 'maths_2', role: 'member', personId: expect.stringMatching(/^mbr_/) } });
  expect(JSON.stringify(practised)).not.toContain('Maria');
});

test('what happened before a run began, or names another run, is none of its facts', async () => {
  const [id, other] = [await startedId(), await startedId({ subject: 'other' })];
  await tell({ type: 'co_practice_started', externalId: 'ana', occurredAt: '2026-06-10T11:00:00Z' });
  expect(await facts(id)).toEqual([]);
  await tell({ type: 'co_practice_started', externalId: 'ana', occurredAt: '2026-06-10T12:00:00Z', properties: { runId: other } });
  expect([await facts(id), await facts(other)]).toEqual([[], ['co_practice_started']]);
});

test('a sign-up by a run\'s link is credited to its member in its program', async () => {
  const { code } = z.object({ code: z.string() }).parse((await start()).body['link']);
  await tell({ type: 'signed_up', externalId: 'dan', code });
  const [referral] = listIn((await api.send(tenant, 'GET', '/v1/referrals')).body, 'data');
  expect(referral).toMatchObject({ programId });
});
