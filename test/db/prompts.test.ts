import { randomBytes } from 'node:crypto';
import { updateProgram } from '../../db/write/update-program.ts';
import { createProgram } from '../../db/write/create-program.ts';
import { pauseProgram } from '../../db/write/pause-program.ts';
import { lockProgram } from '../../db/read/programs.ts';
import type { Tx } from '../../db/client.ts';
import { answerPrompt, type PromptAnswer } from '../../db/write/prompts/answer-prompt.ts';
import { changePromptLimits } from '../../db/write/prompts/change-prompt-limits.ts';
import { purgeExpired } from '../../db/write/purge-expired.ts';
import { offerPrompts, type Moment, type Offered } from '../../db/write/prompts/offer-prompts.ts';
import { makeId, type MemberId, type PromptId } from '../../src/domain/ids.ts';
import type { LoopPrompt } from '../../src/domain/prompt/loop-prompt.ts';
import { inviteDefinition } from '../../workflows/invite/definition.ts';
import { makeTestTenant } from '../support/api.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';

const NOW = Date.parse('2026-06-10T12:00:00Z');
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.drop());

const prompt: LoopPrompt = { moments: { practice_completed: {} }, whenDataIsMissing: 'offer', minors: 'never', value: 1, goodForMinutes: 30 };
const words = { title: 'Challenge a friend', body: 'Two minutes.', accept: 'Yes', dismiss: 'No' };

async function openWorld() {
  const { tenantId } = await makeTestTenant(database, NOW);
  const within = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => database.app.asTenant(tenantId, work);
  const makeProgram = () => within((tx) => createProgram(tx, { tenantId, loop: 'invite', title: 'Friends', topic: 'invitations', terms: inviteDefinition.defaultTerms, actor: 'test', now: NOW }));
  const programId = await makeProgram();
  const memberId: MemberId = makeId('mbr', NOW, randomBytes(10));
  await within((tx) => tx.sql`insert into members (id, tenant_id, external_id, created_at, updated_at) values (${memberId}, ${tenantId}, 'ana', ${NOW}, ${NOW})`);
  const moment = (momentId: string): Moment => ({ member: { memberId }, moment: 'practice_completed', momentId, data: {}, loops: new Map([['invite', prompt]]), say: () => words });
  const decideAll = (momentIds: readonly string[], now = NOW) => within(async (tx) => (await offerPrompts(tx, { tenantId, moments: momentIds.map(moment), now })).offers);
  return {
    decideAll, tenantId, programId, memberId, within, makeProgram,
    async decide(momentId: string, now = NOW): Promise<Offered> {
      const [offered] = await decideAll([momentId], now);
      if (offered === undefined) throw new Error('no outcome');
      return offered;
    },
    answer: (id: PromptId, answer: PromptAnswer, now = NOW) => within((tx) => answerPrompt(tx, { tenantId, id, asMember: null, answer, now })),
    rows: () => within((tx) => tx.sql<{ id: PromptId }[]>`select id from prompts order by id`),
  };
}

const idOf = (offered: Offered): PromptId => {
  if (offered.outcome !== 'offered') throw new Error(JSON.stringify(offered));
  return offered.prompt.id;
};
const reasonOf = (offered: Offered): string => (offered.outcome === 'none' ? offered.decision.reason : offered.outcome);

test('of many moments at once one is offered, and the same moment asked again gets the same offer', async () => {
  const world = await openWorld();
  const answers = await Promise.all(Array.from({ length: 20 }, (_none, n) => world.decide(`session-${String(n)}`)));
  expect(answers.filter(({ outcome }) => outcome === 'offered')).toHaveLength(1);
  expect(new Set(answers.map(reasonOf))).toEqual(new Set(['offered', 'cap_hour']));
  const again = await Promise.all(answers.map((_answer, n) => world.decide(`session-${String(n)}`, NOW + MINUTE_MS)));
  expect(again.filter(({ outcome }) => outcome === 'offered').map(idOf)).toEqual(answers.filter(({ outcome }) => outcome === 'offered').map(idOf));
  expect(await world.rows()).toHaveLength(1);
});

test('moments that are decided together are decided as one after the other would be', async () => {
  const world = await openWorld();
  const [first, same, second] = await world.decideAll(['a', 'a', 'b']);
  expect(first).toMatchObject({ outcome: 'offered', prompt: { momentId: 'a' } });
  expect(same).toEqual(first);
  expect(second).toMatchObject({ outcome: 'none', decision: { reason: 'cap_hour' } });
  expect((await world.decideAll(['b', 'a'])).map(reasonOf)).toEqual(['cap_hour', 'offered']);
  expect(await world.rows()).toHaveLength(1);
});

test('what a member did counts once, in whatever order it is told, and who acts has seen it', async () => {
  const world = await openWorld();
  const id = idOf(await world.decide('a'));
  expect(await world.answer(id, { kind: 'accepted' }, NOW + MINUTE_MS)).toMatchObject({ outcome: 'answered', prompt: { shownAt: NOW + MINUTE_MS, acceptedAt: NOW + MINUTE_MS } });
  expect(await world.answer(id, { kind: 'accepted' }, NOW + 90 * MINUTE_MS)).toMatchObject({ outcome: 'answered', prompt: { acceptedAt: NOW + MINUTE_MS } });
  expect(await world.answer(id, { kind: 'shown' }, NOW + 2 * MINUTE_MS)).toMatchObject({ prompt: { shownAt: NOW + MINUTE_MS } });
  expect(await world.answer(id, { kind: 'dismissed' })).toMatchObject({ outcome: 'too_late' });
  expect(await world.answer(id, { kind: 'rated', rating: 2 })).toMatchObject({ prompt: { rating: 2 } });
  expect(await world.answer(id, { kind: 'rated', rating: 5 })).toMatchObject({ prompt: { rating: 5 } });
});

test('an offer that is over is not accepted, and may still be dismissed', async () => {
  const world = await openWorld();
  const id = idOf(await world.decide('a'));
  expect(await world.answer(id, { kind: 'accepted' }, NOW + 30 * MINUTE_MS)).toMatchObject({ outcome: 'too_late' });
  expect(await world.answer(id, { kind: 'dismissed' }, NOW + 30 * MINUTE_MS)).toMatchObject({ outcome: 'answered' });
  expect(reasonOf(await world.decide('b', NOW + 2 * HOUR_MS))).toBe('dismissed');
  expect(reasonOf(await world.decide('b', NOW + 30 * MINUTE_MS + 24 * HOUR_MS))).toBe('offered');
});

test('an offer is kept for 180 days', async () => {
  const world = await openWorld();
  await world.decide('a');
  await purgeExpired(database.relay, NOW + 180 * 24 * HOUR_MS);
  expect(await world.rows()).toHaveLength(1);
  await purgeExpired(database.relay, NOW + 180 * 24 * HOUR_MS + 1);
  expect(await world.rows()).toHaveLength(0);
});

test('another member\'s token finds nothing', async () => {
  const world = await openWorld();
  const id = idOf(await world.decide('a'));
  const stranger = makeId('mbr', NOW, randomBytes(10));
  expect(await world.within((tx) => answerPrompt(tx, { tenantId: world.tenantId, id, asMember: stranger, answer: { kind: 'shown' }, now: NOW }))).toEqual({ outcome: 'not_found' });
});

test('a paused program is not offered, and the tenant\'s own limits bind at once', async () => {
  const world = await openWorld();
  await world.within(async (tx) => {
    const program = await lockProgram(tx, world.tenantId, world.programId);
    if (program === null) throw new Error('no program');
    await pauseProgram(tx, program, { tenantId: world.tenantId, actor: 'test', now: NOW });
  });
  expect(reasonOf(await world.decide('a'))).toBe('no_loop');
  await world.makeProgram();
  await world.within((tx) => changePromptLimits(tx, { tenantId: world.tenantId, limits: { perHour: 2, perDay: 2, stopAfterIgnored: 5, restDays: 30, coolingHours: 24 }, now: NOW }));
  expect([reasonOf(await world.decide('a')), reasonOf(await world.decide('b')), reasonOf(await world.decide('c'))]).toEqual(['offered', 'offered', 'cap_hour']);
});

test('what offers came to decides which program is offered next', async () => {
  const world = await openWorld();
  const other = await world.makeProgram();
  const setValue = (value: number) => world.within(async (tx) => {
    const before = await lockProgram(tx, world.tenantId, other);
    if (before === null) throw new Error('no program');
    await updateProgram(tx, before, { tenantId: world.tenantId, title: 'Friends', terms: { ...before.terms, prompt: { value } }, actor: 'test', now: NOW });
  });
  await setValue(0.5);
  expect(await world.decide('a')).toMatchObject({ prompt: { programId: world.programId } });
  await setValue(3);
  expect(await world.decide('b', NOW + HOUR_MS)).toMatchObject({ prompt: { programId: other, programVersion: 3 } });
});

/** Connections report what they did when they are idle for a while, or asked. */
const reported = () => Promise.all(Array.from({ length: 10 }, () => database.app.sql`select pg_stat_force_next_flush(), pg_sleep(0.02)`));

test('how often a program was accepted is read from its latest offers alone, also where tables were analyzed while they held little', async () => {
  const world = await openWorld();
  await database.superuser`analyze`;
  const others = makeId('mbr', NOW, randomBytes(10));
  await world.within((tx) => tx.sql`insert into members (id, tenant_id, external_id, created_at, updated_at) values (${others}, ${world.tenantId}, 'ben', ${NOW}, ${NOW})`);
  await world.within((tx) => tx.sql`
    insert into prompts (id, tenant_id, member_id, program_id, program_version, moment, moment_id, variant, words, decided_at, expires_at)
    select 'prm_' || lpad(n::text, 26, '0'), ${world.tenantId}, ${others}, ${world.programId}, 1, 'practice_completed', 'before-' || n, 'default', '{}', ${NOW - 200 * 24 * HOUR_MS}, ${NOW}
    from generate_series(1, 2000) n`);
  await reported();
  await database.superuser`select pg_stat_reset()`;
  expect((await world.decideAll(['m-1'])).map(({ outcome }) => outcome)).toEqual(['offered']);
  await reported();
  const [read] = await database.superuser<{ entries: number; whole: number }[]>`
    select sum(i.idx_tup_read)::int as entries, max(t.seq_tup_read)::int as whole from pg_stat_user_indexes i join pg_stat_user_tables t using (relid) where t.relname = 'prompts'`;
  expect(read?.whole).toBe(0);
  expect(read?.entries).toBeGreaterThanOrEqual(200);
  expect(read?.entries).toBeLessThan(300);
});
