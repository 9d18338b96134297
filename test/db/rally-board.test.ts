import { z } from 'zod';
import { readBoard } from '../../db/read/rally-board.ts';
import type { Tx } from '../../db/client.ts';
import { noteRanks } from '../../db/write/rally/note-ranks.ts';
import { openBoard } from '../../db/write/rally/open-board.ts';
import type { RunId } from '../../src/domain/ids.ts';
import { ranksOf } from '../../src/domain/rally/ranks.ts';
import { resultsRallyDefinition } from '../../workflows/results-rally/definition.ts';
import { arrangeRuns } from '../support/arrange-runs.ts';
import { fillBoard, playerId } from '../support/rally.ts';
import { openTestSending, type TestSending } from '../support/sending.ts';

/** What a reading of a large board does, rather than how long it takes: machines differ. */
const PLAYERS = 50_000;
const WATCHERS = 1_000;
const DAY_MS = 86_400_000;

let sending: TestSending;
let runId: RunId;
beforeAll(async () => {
  sending = await openTestSending();
  const { tenant: { tenantId }, clock } = sending;
  const world = arrangeRuns(sending, resultsRallyDefinition);
  const memberId = await world.makeMember('host@rally.example', { name: 'Clara', locale: 'en' });
  const [now, endsAt] = [clock.now(), clock.now() + DAY_MS];
  runId = await world.started(await world.makeProgram(), memberId, { input: { cohort: 'algebra', endsAt } });
  await sending.deps.db.asTenant(tenantId, (tx) => openBoard(tx, { tenantId, runId, memberId, title: 'Algebra', endsAt, pointsPerRight: 10, now }));
  await fillBoard(sending.database.superuser, { tenantId, runId, players: PLAYERS, now });
  await sending.database.superuser`analyze board_entries`;
}, 60_000);
afterAll(() => sending.close());

const personIds = Array.from({ length: WATCHERS }, (_, n) => playerId((n + 1) * (PLAYERS / WATCHERS)));

type Node = { 'Node Type': string; 'Index Name'?: string; 'Actual Rows': number; Plans?: Node[] };
const node: z.ZodType<Node> = z.object({ 'Node Type': z.string(), 'Index Name': z.string().exactOptional(), 'Actual Rows': z.number(), get Plans() { return z.array(node).exactOptional(); } });
const explained = z.array(z.object({ 'QUERY PLAN': z.array(z.object({ Plan: node })) }));
const nodesOf = (plan: Node): Node[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

/** Reads the board, and has each of its statements explained as it is run. */
async function read(asked: typeof personIds) {
  const { tenantId } = sending.tenant;
  return sending.deps.db.asTenant(tenantId, async (tx) => {
    const statements: Promise<Node[]>[] = [];
    const sql: Tx['sql'] = new Proxy(tx.sql, {
      apply(target, self, [strings, ...values]: [TemplateStringsArray, ...unknown[]]) {
        const first = `explain (analyze, format json) ${strings[0] ?? ''}`;
        const words = Object.assign([first, ...strings.slice(1)], { raw: [first, ...strings.raw.slice(1)] });
        statements.push(Promise.resolve(Reflect.apply(target, self, [words, ...values])).then((rows) => explained.parse(rows).flatMap(({ 'QUERY PLAN': plans }) => plans.flatMap(({ Plan }) => nodesOf(Plan)))));
        const plain: unknown = Reflect.apply(target, self, [strings, ...values]);
        return plain;
      },
    });
    const view = await readBoard({ sql }, { tenantId, runId, personIds: asked, now: sending.clock.now() });
    return { view, statements: await Promise.all(statements) };
  });
}

test('a board of 50,000 is read by four statements, a thousand who watch it included, each with the own rank', async () => {
  const { view, statements } = await read(personIds);
  expect(statements).toHaveLength(4);
  const { players, rankOf } = ranksOf(view?.groups ?? []);
  expect([players, view?.own.size]).toEqual([PLAYERS + 1, WATCHERS]);
  expect(personIds.map((id) => rankOf(view?.own.get(id)?.score ?? -1))).toEqual(personIds.map((_, n) => ({ rank: PLAYERS + 1 - (n + 1) * (PLAYERS / WATCHERS), sharedWith: 0 })));
});

test('its first ten come from the index, in order; the others are counted in one pass that sorts nothing and hands over no more than what is shown', async () => {
  const { statements: [, top = [], counted = []] } = await read([]);
  expect(top.map((step) => [step['Node Type'], step['Index Name']])).toContainEqual([expect.stringMatching(/^Index (?:Only )?Scan$/), 'board_entries_by_rank']);
  expect(top.filter((step) => step['Actual Rows'] > 10)).toEqual([]);
  expect(counted.map((step) => step['Node Type'])).not.toContain('Sort');
  expect(counted.filter((step) => step['Actual Rows'] > 10_000 && step['Node Type'].includes('Scan'))).toHaveLength(1);
  expect(counted[0]?.['Actual Rows']).toBeLessThanOrEqual(2 * 10 + 1);
});

test('a look that notes the rank of everybody writes no index: each row is changed within its page', async () => {
  const { tenantId } = sending.tenant;
  const changed = await sending.deps.db.asTenant(tenantId, async (tx) => {
    await noteRanks(tx, { tenantId, runId, aDay: 2, now: sending.clock.now() });
    const [counts] = await tx.sql<{ all: number; within: number }[]>`select n_tup_upd::int as all, n_tup_hot_upd::int as within from pg_stat_xact_user_tables where relname = 'board_entries'`;
    return counts ?? { all: 0, within: 0 };
  });
  expect(changed.all).toBe(PLAYERS); // who has the first rank had it before; the host had none
  expect(changed.within).toBeGreaterThan(0.99 * PLAYERS);
});
