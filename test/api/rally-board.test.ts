import { openTestApi } from '../support/api.ts';
import type { TestApi, TestTenant } from '../support/api.ts';
import { DECK, openFriend, playOn, signUp } from '../support/play.ts';
import { arrangeRallies, practise, readBoardOf, startRally } from '../support/rally.ts';

let api: TestApi;
let tenant: TestTenant;
let programId: string;

beforeAll(async () => { api = await openTestApi(); });
beforeEach(async () => {
  api.clock.advance(60_000);
  tenant = await api.makeTenant();
  programId = await arrangeRallies(api, tenant);
});
afterAll(() => api.close());

const facts = async (runId: string) => (await api.database.superuser<{ kind: string }[]>`select kind from run_facts where run_id = ${runId} order by recorded_at`).map(({ kind }) => kind);
const ranked = async (runId: string) => (await readBoardOf(api, tenant, runId)).top.map(({ rank, tied, score }) => [rank, tied, score]);

test('practice adds up on the boards that a member is on; who ties shares a rank; the run hears once', async () => {
  const { runId } = await startRally(api, tenant, programId);
  await practise(api, tenant, 'ana', { score: 30 });
  for (const [who, score] of [['ben', 50], ['cleo', 30], ['dan', 10]] as const) await practise(api, tenant, who, { score, runId });
  await practise(api, tenant, 'ben', { score: 5 });
  expect(await ranked(runId)).toEqual([[1, 0, 55], [2, 1, 30], [2, 1, 30], [4, 0, 10]]);
  const board = await readBoardOf(api, tenant, runId, '?externalId=dan');
  expect(board).toMatchObject({ title: 'Algebra & <sets>', players: 4, practisingNow: 4, isOver: false, own: { rank: 4, tied: 0, score: 10, isOwn: true, movement: 'new' } });
  expect(await facts(runId)).toEqual(['board_moved']);
  api.clock.advance(11 * 60_000);
  expect((await readBoardOf(api, tenant, runId)).practisingNow).toBe(0);
});

test('a fact that is sent again, that says no score, or comes for another board counts as what it is', async () => {
  const first = await startRally(api, tenant, programId);
  const second = await startRally(api, tenant, programId, { subject: 'another' });
  await practise(api, tenant, 'ben', { score: 7, runId: first.runId }, { eventId: 'once' });
  await practise(api, tenant, 'ben', { score: 7, runId: first.runId }, { eventId: 'once' });
  for (const score of ['9', -4, 1e12, true]) await practise(api, tenant, 'ben', { score, runId: first.runId });
  expect(await ranked(first.runId)).toEqual([[1, 0, 7], [2, 0, 0]]);
  expect(await ranked(second.runId)).toEqual([[1, 0, 0]]);
  await practise(api, tenant, 'ben', { score: 7, runId: 'run_nothing' });
  expect((await readBoardOf(api, tenant, first.runId)).players).toBe(2);
});

test('what happened at the deadline or later is too late, what happened before counts though it is told late', async () => {
  const { runId, endsAt } = await startRally(api, tenant, programId);
  await practise(api, tenant, 'ben', { score: 7, runId }, { occurredAt: new Date(api.clock.now()).toISOString() });
  api.clock.advance(3 * 86_400_000);
  await practise(api, tenant, 'ben', { score: 1 }, { occurredAt: new Date(endsAt).toISOString() });
  expect((await readBoardOf(api, tenant, runId, '?externalId=ben')).own?.score).toBe(7);
  await practise(api, tenant, 'ben', { score: 2 }, { occurredAt: new Date(endsAt - 1).toISOString() });
  expect(await readBoardOf(api, tenant, runId, '?externalId=ben')).toMatchObject({ isOver: true, own: { score: 9 } });
});

test('a guest takes the placement quiz, is on the board under a made-up name, keeps it with the sign-up, and who brought them earns 50', async () => {
  const { runId, code, reply } = await startRally(api, tenant, programId, { deck: DECK });
  expect(reply.body['waitingUrl']).toBeNull();
  const friend = openFriend(api);
  await friend.accept(code);
  const half = await playOn(friend, code, [true, true]);
  expect(half?.text).toContain('Question 3 of 5');
  expect((await readBoardOf(api, tenant, runId)).players).toBe(1);
  const end = await playOn(friend, code, [false, true, true], 2);
  const path = /href="(\/b\/[^"]+)"/.exec(end?.text ?? '')?.[1] ?? '';
  const own = await friend.get(path);
  expect(own.text).toContain('You are number 1 of 2.');
  const [before] = (await readBoardOf(api, tenant, runId)).top;
  expect(before).toMatchObject({ rank: 1, score: 40 });
  await signUp(api, tenant, 'ben', friend.guestToken(code));
  const after = await readBoardOf(api, tenant, runId, '?externalId=ben');
  expect(after).toMatchObject({ players: 2, own: { rank: 1, score: 40, name: before?.name } });
  expect((await friend.get(path)).text).toContain('You are number 1 of 2.');
  const rewards = await api.database.superuser<{ who: string; amount: number; unit: string }[]>`
    select m.external_id as who, granted_minor::int as amount, unit from rewards r join members m on m.id = r.member_id where r.tenant_id = ${tenant.tenantId}`;
  expect([...rewards]).toEqual([{ who: 'ana', amount: 50, unit: 'xp' }]);
  expect(await facts(runId)).toEqual(['board_moved']);
});

test('another quiz by who is on the board adds nothing up: the better score stays', async () => {
  const { runId, code } = await startRally(api, tenant, programId, { deck: DECK });
  await practise(api, tenant, 'ben', { score: 100, runId });
  const friend = openFriend(api);
  await friend.accept(code);
  await playOn(friend, code, [true, true, true, true, true]);
  await signUp(api, tenant, 'ben', friend.guestToken(code));
  expect(await ranked(runId)).toEqual([[1, 0, 100], [2, 0, 0]]);
});

test('who signs up by the link is on the board without a score yet', async () => {
  const { runId, code } = await startRally(api, tenant, programId);
  await api.send(tenant, 'POST', '/v1/events', { events: [{ eventId: 's1', type: 'signed_up', externalId: 'ben', code }] });
  expect(await readBoardOf(api, tenant, runId, '?externalId=ben')).toMatchObject({ players: 2, own: { score: 0 } });
});

test('a start without a quiz, with a deadline in the past, or with too few questions is answered by what is wrong', async () => {
  expect((await startRally(api, tenant, programId)).reply.status).toBe(201);
  const past = await api.send(tenant, 'POST', '/v1/runs', { programId, externalId: 'ana', input: { cohort: 'x', endsAt: new Date(api.clock.now() - 1).toISOString() } });
  expect([past.status, past.text]).toEqual([400, expect.stringContaining('/input/endsAt')]);
  const short = await api.send(tenant, 'POST', '/v1/runs', { programId, externalId: 'ana', input: { cohort: 'y', endsAt: new Date(api.clock.now() + 1e6).toISOString() }, deck: { questions: DECK.questions.slice(0, 2) } });
  expect([short.status, short.text]).toEqual([400, expect.stringContaining('/deck/questions')]);
});

test('another tenant finds no such board, and its members score on none', async () => {
  const { runId } = await startRally(api, tenant, programId);
  const other = await api.makeTenant();
  expect((await api.send(other, 'GET', `/v1/runs/${runId}/board`)).status).toBe(404);
  await practise(api, other, 'eve', { score: 99, runId });
  expect((await readBoardOf(api, tenant, runId)).players).toBe(1);
  await api.send(other, 'PUT', '/v1/members/ana', { name: 'Another Ana' });
  expect((await api.send(tenant, 'GET', `/v1/runs/${runId}/board?memberId=mbr_01ksr49200081040g2081040g9`)).body['own']).toBeNull();
  expect((await api.send(tenant, 'GET', `/v1/runs/${runId}/board?memberId=mbr_01ksr49200081040g2081040g9&externalId=ana`)).status).toBe(400);
});

test('whoever has looked at results is offered to open a board, in words that fit; a minor only where a parent has allowed it', async () => {
  const decide = async (externalId: string) => (await api.send(tenant, 'POST', '/v1/prompts/decide', { externalId, moment: 'results_viewed', momentId: `test-of-${externalId}`, data: { score: 40 } })).body;
  expect(await decide('ana')).toMatchObject({ decision: 'prompt', prompt: { loop: 'results-rally', variant: 'default', words: { title: 'Who else is that good?', accept: 'Open a board' } } });
  await api.send(tenant, 'PUT', '/v1/members/mia', { isMinor: true });
  expect(await decide('mia')).toMatchObject({ decision: 'none', reason: 'minor' });
});
