import { endBoard } from '../../activities/runs/end-board.ts';
import { lookAtBoard, type BoardLook } from '../../activities/runs/look-at-board.ts';
import { tellMember } from '../../activities/runs/tell-member.ts';
import { readBoard } from '../../db/read/rally-board.ts';
import { shortenRun } from '../../db/write/run-controls.ts';
import { openBoard } from '../../db/write/rally/open-board.ts';
import { scoreBoards } from '../../db/write/rally/score-boards.ts';
import type { MemberId, ProgramId, RunId } from '../../src/domain/ids.ts';
import { readBoardToken } from '../../src/domain/rally/board-token.ts';
import { ranksOf } from '../../src/domain/rally/ranks.ts';
import { resultsRallyDefinition } from '../../workflows/results-rally/definition.ts';
import { arrangeRuns } from '../support/arrange-runs.ts';
import { fillBoard, playerId } from '../support/rally.ts';
import { openTestSending, type TestSending } from '../support/sending.ts';

const HOUR_MS = 3_600_000;
let sending: TestSending;
let world: ReturnType<typeof arrangeRuns>;
let programId: ProgramId;
let host: MemberId;
let runId: RunId;
let people = 0;

beforeAll(async () => {
  sending = await openTestSending();
  world = arrangeRuns(sending, resultsRallyDefinition);
});
afterAll(() => sending.close());
beforeEach(async () => {
  sending.clock.set('2026-06-10T12:00:00Z');
  programId = await world.makeProgram();
  host = await member();
  runId = await open();
});

function member(locale = 'en'): Promise<MemberId> {
  people += 1;
  return world.makeMember(`climber-${String(people)}@rally.example`, { name: 'Clara', locale });
}
async function open(): Promise<RunId> {
  const [{ tenantId }, now] = [sending.tenant, sending.clock.now()];
  const made = await world.started(programId, host, { input: { cohort: 'algebra', endsAt: now + 48 * HOUR_MS } });
  await sending.deps.db.asTenant(tenantId, (tx) => openBoard(tx, { tenantId, runId: made, memberId: host, title: 'Algebra', endsAt: now + 48 * HOUR_MS, pointsPerRight: 10, now }));
  return made;
}
const score = (personId: MemberId, points: number, on = runId): Promise<void> => sending.deps.db.asTenant(sending.tenant.tenantId, (tx) =>
  scoreBoards(tx, { tenantId: sending.tenant.tenantId, scored: [{ personId, runId: on, points, at: sending.clock.now() }], now: sending.clock.now() }));
const look = (on = runId, aDay = 2): Promise<BoardLook> => lookAtBoard(sending.deps, { tenantId: sending.tenant.tenantId, runId: on, message: 'overtaken', aDay, until: sending.clock.now() + HOUR_MS });
const end = () => endBoard(sending.deps, { tenantId: sending.tenant.tenantId, runId });
const told = async (memberId: MemberId): Promise<string[]> => (await sending.database.superuser<{ title: string }[]>`
  select content ->> 'title' as title from feed_items where member_id = ${memberId} order by created_at, id`).map(({ title }) => title);

test('who is overtaken is told once a look, in their own language; who climbed, and who had no rank before, is not', async () => {
  const [ben, cleo] = [await member('de'), await member()];
  await score(ben, 20);
  await score(host, 10);
  expect(await look()).toEqual({ nudged: 0 });
  await score(cleo, 30);
  await score(host, 15);
  expect(await look()).toEqual({ nudged: 1 });
  expect([await told(ben), await told(host), await told(cleo)]).toEqual([['Sie sind jetzt auf Platz 3'], [], []]);
  expect(await look()).toEqual({ nudged: 0 });
  const [item] = await sending.database.superuser<{ link: string; pushed: boolean }[]>`select deep_link as link, push_at is not null as pushed from feed_items where member_id = ${ben}`;
  expect(item).toEqual({ link: expect.stringMatching(/^https:\/\/[\w.]+\/b\/1[0-9a-z]+$/), pushed: true });
});

test('nobody is told more often than so many times within 24 hours, whatever the boards', async () => {
  const [ben, cleo] = [await member(), await member()];
  const other = await open();
  const pass = async (on: RunId, points: number): Promise<BoardLook> => { await score(cleo, points, on); return look(on); };
  for (const on of [runId, other]) { await score(ben, 10, on); await look(on); }
  expect([await pass(runId, 20), await pass(other, 20)]).toEqual([{ nudged: 1 }, { nudged: 1 }]);
  await score(ben, 100);
  await look();
  expect(await pass(runId, 200)).toEqual({ nudged: 0 });
  await score(ben, 500);
  await look();
  sending.clock.advance(24 * HOUR_MS);
  expect(await pass(runId, 1_000)).toEqual({ nudged: 1 });
  expect(await told(ben)).toHaveLength(3);
});

test.each([
  ['was paused beyond its deadline', async () => { sending.clock.advance(HOUR_MS); }],
  ['was shortened to now', async (now: number) => {
    const { tenantId } = sending.tenant;
    await sending.deps.db.asTenant(tenantId, (tx) => shortenRun(tx, { tenantId, runId, reason: 'over', actor: 'key_1', capAt: now, now }));
  }],
])('of a rally that %s nobody is told to have been overtaken, and it takes no place of another\'s day', async (_, end_) => {
  const [ben, cleo] = [await member(), await member()];
  const [other, until] = [await open(), sending.clock.now() + HOUR_MS];
  for (const on of [runId, other]) { await score(ben, 10, on); await look(on); await score(cleo, 20, on); }
  await end_(sending.clock.now());
  expect(await lookAtBoard(sending.deps, { tenantId: sending.tenant.tenantId, runId, message: 'overtaken', aDay: 1, until })).toEqual({ nudged: 0 });
  expect(await told(ben)).toEqual([]);
  expect(await look(other, 1)).toEqual({ nudged: 1 });
});

test('an item of a rally that was shortened is over with it', async () => {
  const [ben, cleo] = [await member(), await member()];
  await score(ben, 10);
  await look();
  await score(cleo, 20);
  const [now, { tenantId }] = [sending.clock.now(), sending.tenant];
  await sending.deps.db.asTenant(tenantId, (tx) => shortenRun(tx, { tenantId, runId, reason: 'over soon', actor: 'key_1', capAt: now + 60_000, now }));
  expect(await look()).toEqual({ nudged: 1 });
  const [item] = await sending.database.superuser<{ at: number }[]>`select expires_at as at from feed_items where member_id = ${ben}`;
  expect(item?.at).toBe(now + 60_000);
});

test('who wants nothing of the topic in the app is told nothing', async () => {
  const [ben, cleo] = [await member(), await member()];
  await sending.database.superuser`
    insert into feed_choices (tenant_id, member_id, topic, channel, state, decided_at) values (${sending.tenant.tenantId}, ${ben}, ${resultsRallyDefinition.topic}, 'in_app', 'out', ${sending.clock.now()})`;
  await score(ben, 10);
  await look();
  await score(cleo, 20);
  expect(await look()).toEqual({ nudged: 0 });
});

test('the run is told of scores once a look, and again after it', async () => {
  const ben = await member();
  await score(ben, 10);
  await score(ben, 10);
  expect((await world.facts(runId)).map(({ kind }) => kind)).toEqual(['board_moved']);
  await look();
  await score(ben, 10);
  expect((await world.facts(runId)).map(({ kind }) => kind)).toEqual(['board_moved', 'board_moved']);
});

test('a closed board takes no score and no look; the end says who won, the same again, and winners can be told', async () => {
  const [ben, cleo] = [await member(), await member()];
  for (const one of [ben, cleo]) await score(one, 30);
  await score(host, 5);
  expect([await end(), await end()]).toEqual(Array.from({ length: 2 }, () => ({ players: 3, others: 2, best: 30, winners: 2, memberWon: false })));
  await score(ben, 100);
  expect(await look()).toEqual({ nudged: 0 });
  expect(await end()).toMatchObject({ best: 30 });
  await tellMember(sending.deps, { tenantId: sending.tenant.tenantId, runId, step: 'won', message: 'won', values: { score: 30, players: 3 }, to: ['winner'], until: null, deepLink: null });
  expect([await told(ben), await told(cleo), await told(host)]).toEqual([['You are number one'], ['You are number one'], []]);
});

test('what is told of a board leads back to it, each to the page on which the own rank is marked', async () => {
  const { tenantId } = sending.tenant;
  const ben = await member();
  await score(host, 30);
  await score(ben, 30);
  expect(await end()).toMatchObject({ winners: 2, memberWon: true });
  const telling = { tenantId, runId, values: { score: 30, players: 2 }, to: ['winner', 'member'], until: null };
  await tellMember(sending.deps, { ...telling, step: 'won', message: 'won', deepLink: null });
  await tellMember(sending.deps, { ...telling, step: 'elsewhere', message: 'won', deepLink: 'lumen://boards' });
  const rows = await sending.database.superuser<{ id: MemberId; link: string }[]>`select member_id as id, deep_link as link from feed_items where member_id in (${host}, ${ben}) order by member_id, deep_link`;
  expect(rows.map(({ link }) => link)).toHaveLength(4);
  for (const { id, link } of rows) expect(link === 'lumen://boards' || readBoardToken(sending.deps.keyring, new URL(link).pathname.slice('/b/'.length))).toEqual(link === 'lumen://boards' ? true : { tenantId, runId, personId: id });
});

test('scores that come at once are all counted, and a look beside them loses none', async () => {
  const players = await Promise.all(Array.from({ length: 5 }, () => member()));
  await Promise.all([...players, ...players].map((one) => score(one, 1)).concat([look().then(() => undefined), look().then(() => undefined)]));
  const board = await sending.deps.db.asTenant(sending.tenant.tenantId, (tx) => readBoard(tx, { tenantId: sending.tenant.tenantId, runId, personIds: [], now: sending.clock.now() }));
  expect(board?.groups).toEqual([{ score: 2, people: 5 }, { score: 0, people: 1 }]);
});

test('a cohort of 50,000 has its ranks, and a look at them nudges no more than a few hundred', async () => {
  const { tenantId } = sending.tenant;
  await fillBoard(sending.database.superuser, { tenantId, runId, players: 50_000, now: sending.clock.now() });
  const personIds = [playerId(50_000), playerId(1)];
  const board = await sending.deps.db.asTenant(tenantId, (tx) => readBoard(tx, { tenantId, runId, personIds, now: sending.clock.now() }));
  const ranks = ranksOf(board?.groups ?? []);
  expect([ranks.players, personIds.map((id) => ranks.rankOf(board?.own.get(id)?.score ?? -1)), board?.top.map(({ score: points }) => points)])
    .toEqual([50_001, [{ rank: 1, sharedWith: 0 }, { rank: 50_000, sharedWith: 0 }], Array.from({ length: 10 }, (_, n) => 50_000 - n)]);
  await look();
  const [counted] = await sending.database.superuser<{ nudges: number; wrong: number }[]>`
    select (select count(*)::int from board_nudges where run_id = ${runId}) as nudges, (select count(*)::int from board_entries where run_id = ${runId} and score > 0 and noted_rank <> 50001 - score) as wrong`;
  expect(counted).toEqual({ nudges: 500, wrong: 0 });
}, 60_000);
