import { openTestApi } from '../support/api.ts';
import type { TestApi, TestTenant } from '../support/api.ts';
import { hiddenIn, openFriend, playOn, startChallenge, arrangeChallenges } from '../support/play.ts';
import { answerOwn, arrangeRescues, factsOf, playOwn, startRescue } from '../support/rescues.ts';

/** The member's own part of a rescue on our page, by the rules of the guest's. */
const DAY_MS = 86_400_000;
let api: TestApi;
let tenant: TestTenant;
let programId: string;
beforeAll(async () => {
  api = await openTestApi();
  tenant = await api.makeTenant();
  programId = await arrangeRescues(api, tenant);
});
beforeEach(() => { api.clock.advance(DAY_MS); });
afterAll(() => api.close());

const tellFinished = (runId: string, externalId = 'ana') => api.send(tenant, 'POST', '/v1/events', { events: [{ eventId: `app-${externalId}-${runId}`, type: 'deck_completed', externalId, properties: { runId } }] });
const streakOf = async (): Promise<string> => JSON.stringify((await api.send(tenant, 'GET', '/v1/members/ana/streaks')).body);

test('the countdown leads to the same questions; answered there, the run hears of it once, the streak is kept, and the page says so', async () => {
  const rescue = await startRescue(api, tenant, programId);
  const ana = openFriend(api);
  expect((await ana.get(rescue.path)).text).toContain(`<a class="act" href="${rescue.path}/play">Play your part</a>`);
  const first = await ana.get(`${rescue.path}/play`);
  expect([first.status, first.text.includes('Question 1 of 5'), first.text.includes('Question &lt;0&gt;?'), first.text.includes('120 minutes left')]).toEqual([200, true, true, true]);
  expect(first.headers['referrer-policy']).toBe('no-referrer');
  await answerOwn(ana, rescue, 0);
  expect((await ana.get(rescue.path)).text).toContain('<span>You</span><b>1 of 5 answered</b>');
  expect((await ana.get(rescue.path)).text).toContain('Go on with your part');
  const before = await streakOf();
  for (const n of [1, 2, 3]) await answerOwn(ana, rescue, n % 3);
  expect(await factsOf(api, rescue.runId)).toEqual([]);
  const result = await answerOwn(ana, rescue, 2);
  expect(result.text).toContain('<dd>4 of 5</dd>');
  expect(result.text).toContain('When your buddy has finished, too, the streak is saved.');
  expect(await factsOf(api, rescue.runId)).toEqual(['member_finished']);
  expect(await streakOf()).not.toBe(before);
  const page = (await ana.get(rescue.path)).text;
  expect(page).toContain('<span>You</span><b>finished</b>');
  expect(page).not.toContain('Play your part');
  const buddy = openFriend(api);
  await buddy.accept(rescue.code);
  const end = await playOn(buddy, rescue.code, [true, true, true, true, true]);
  expect(end?.text).toContain('Both of you have finished in time: the streak is saved.');
  expect((await ana.get(rescue.path)).text).toContain('Your streak is saved.');
});

test('a buddy who finished first is told that the member is still to finish', async () => {
  const rescue = await startRescue(api, tenant, programId);
  const buddy = openFriend(api);
  await buddy.accept(rescue.code);
  expect((await playOn(buddy, rescue.code, [true, true, true, true, false]))?.text).toContain('Your part is done. When Ana has finished, too, the streak is saved.');
});

test('told by the app as well, before or after, it is counted once', async () => {
  const after = await startRescue(api, tenant, programId);
  await playOwn(openFriend(api), after);
  await tellFinished(after.runId);
  const days = async () => (await api.database.superuser<{ days: number }[]>`select count(*)::int as days from streak_days d join members m on m.id = d.member_id where m.tenant_id = ${tenant.tenantId} and m.external_id = 'ana' and d.day = ${new Date(api.clock.now()).toISOString().slice(0, 10)}`)[0]?.days;
  expect(await days()).toBe(1);
  api.clock.advance(DAY_MS);
  const before = await startRescue(api, tenant, programId);
  const ana = openFriend(api);
  await answerOwn(ana, before, 0);
  const open = hiddenIn((await ana.get(`${before.path}/play`)).text);
  await tellFinished(before.runId);
  expect((await ana.get(`${before.path}/play`)).headers.location).toBe(before.path);
  expect((await ana.post(`${before.path}/play`, { ...open, choice: '1' })).headers.location).toBe(before.path);
  expect(await factsOf(api, before.runId)).toEqual(['member_finished']);
  expect(await days()).toBe(1);
});

test('answers follow the rules of guests: once, in their order, in range, in time, of this very page', async () => {
  const rescue = await startRescue(api, tenant, programId);
  const other = await startRescue(api, tenant, programId, { subject: 'another' });
  const ana = openFriend(api);
  const first = hiddenIn((await ana.get(`${rescue.path}/play`)).text);
  const post = async (form: Record<string, string>) => { const { status, text } = await ana.post(`${rescue.path}/play`, form); return [status, text]; };
  expect(await post({ ...first })).toEqual([422, expect.stringContaining('Choose an answer first.')]);
  expect(await post({ ...first, choice: '9' })).toEqual([400, expect.stringContaining('That is none of the answers')]);
  expect(await post({ ...first, n: '1', choice: '0' })).toEqual([422, expect.stringContaining('out of date')]);
  expect(await post({ ...hiddenIn((await ana.get(`${other.path}/play`)).text), choice: '0' })).toEqual([422, expect.stringContaining('out of date')]);
  expect(await post({ ...first, choice: '0', right: '5', score: '5' })).toEqual([303, '']);
  expect(await post({ ...first, choice: '0' })).toEqual([303, '']);
  expect(await post({ ...first, choice: '1' })).toEqual([409, expect.stringContaining('Your first answer stays.')]);
  const second = hiddenIn((await ana.get(`${rescue.path}/play`)).text);
  api.clock.advance(2 * 3_600_000);
  expect(await post({ ...second, choice: '1' })).toEqual([409, expect.stringContaining('no more answers are taken')]);
  expect((await ana.get(`${rescue.path}/play`)).text).toContain('The time is over');
});

test('two last answers at the same instant are one', async () => {
  const rescue = await startRescue(api, tenant, programId);
  const ana = openFriend(api);
  for (const n of [0, 1, 2, 3]) await answerOwn(ana, rescue, n % 3);
  const last = hiddenIn((await ana.get(`${rescue.path}/play`)).text);
  const posts = await Promise.all([1, 1, 1].map(() => ana.post(`${rescue.path}/play`, { ...last, choice: '1' })));
  expect(posts.map(({ status }) => status)).toEqual([303, 303, 303]);
  expect(await factsOf(api, rescue.runId)).toEqual(['member_finished']);
});

test('told by the app at the very instant of the last answer, it is counted once', async () => {
  const days = async () => (await api.database.superuser<{ days: number }[]>`select count(*)::int as days from streak_days d join members m on m.id = d.member_id where m.tenant_id = ${tenant.tenantId} and m.external_id = 'ana' and d.day = ${new Date(api.clock.now()).toISOString().slice(0, 10)}`)[0]?.days;
  const rescue = await startRescue(api, tenant, programId);
  const ana = openFriend(api);
  for (const n of [0, 1, 2, 3]) await answerOwn(ana, rescue, n % 3);
  const last = hiddenIn((await ana.get(`${rescue.path}/play`)).text);
  const [posted, told] = await Promise.all([ana.post(`${rescue.path}/play`, { ...last, choice: '1' }), tellFinished(rescue.runId)]);
  expect([posted.status, told.status]).toEqual([303, 200]);
  expect([new Set(await factsOf(api, rescue.runId)), await days()]).toEqual([new Set(['member_finished']), 1]);
});

test('a path that cannot be read is a page, and so is a method that is none', async () => {
  const { path } = await startRescue(api, tenant, programId);
  const ana = openFriend(api);
  expect([(await ana.get('/w/%E0%A4%A/play')).status, (await ana.get(`${path}/play/more`)).status, (await ana.get(`${path}/%00/play`)).status]).toEqual([404, 404, 404]);
});

test('an altered link opens nothing, another method neither, and a challenge has no part for the member', async () => {
  const rescue = await startRescue(api, tenant, programId);
  const ana = openFriend(api);
  expect((await ana.get(`${rescue.path.slice(0, -1)}${rescue.path.endsWith('0') ? '1' : '0'}/play`)).status).toBe(404);
  const challenge = await startChallenge(api, tenant, await arrangeChallenges(api, tenant));
  const page = await ana.get(`${challenge.waitingPath}/play`);
  expect([page.status, page.headers.location]).toEqual([303, challenge.waitingPath]);
  expect((await ana.get(challenge.waitingPath)).text).not.toContain('/play"');
});
