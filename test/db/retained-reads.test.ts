import { randomBytes } from 'node:crypto';
import { listDecisions } from '../../db/read/audit.ts';
import { readAnswers } from '../../db/read/explain-answers.ts';
import { readLink } from '../../db/read/links.ts';
import { findLinks } from '../../db/read/link-target.ts';
import { readStoryFacts } from '../../db/read/explain.ts';
import { findTrails } from '../../db/write/find-trails.ts';
import { storeEvents } from '../../db/write/store-events.ts';
import type { Tx } from '../../db/client.ts';
import { openKeyring } from '../../src/config/keyring.ts';
import { newId } from '../../src/config/new-id.ts';
import { asId } from '../../src/domain/ids.ts';
import { inviteDefinition } from '../../workflows/invite/definition.ts';
import { openTestDatabase } from '../support/database.ts';
import type { TestDatabase } from '../support/database.ts';
import { keepRows, makeKeeper, makeMonth, removeMonths } from '../support/retained.ts';
import type { Keeper } from '../support/retained.ts';
import { recordOneTouch } from '../support/record-one-touch.ts';

const NOW = Date.parse('2030-11-21T12:00:00Z');
const MONTHS = Array.from({ length: 40 }, (_, i) => Date.UTC(2027, 10 + i, 1)); // three years back, three months ahead

let database: TestDatabase;
let keeper: Keeper;
beforeAll(async () => {
  database = await openTestDatabase();
  await removeMonths(database);
  for (const month of MONTHS) await makeMonth(database, month);
  keeper = await makeKeeper(database, 36);
  for (const table of ['touches', 'receipts', 'decisions'] as const) await keepRows(database, keeper, table, MONTHS.filter((at) => at < NOW).flatMap((at) => Array.from({ length: 20 }, (_, i) => at + i * 86_400_000)));
  await database.superuser`update program_versions set terms = ${JSON.stringify(inviteDefinition.defaultTerms)}`;
  await database.superuser`analyze`;
}, 60_000);
afterAll(() => database.drop());

/** Which months a piece of work looked into or wrote to, as the database counts for its transaction. */
async function monthsOpened(work: (tx: Tx) => Promise<unknown>): Promise<string[]> {
  return database.app.asTenant(keeper.tenantId, async (tx) => {
    const before = await touched(tx);
    await work(tx);
    const after = await touched(tx);
    return [...after.keys()].filter((leaf) => after.get(leaf) !== before.get(leaf));
  });
}

/** How often each month was read or written; what the connection did before may still be counted in. */
async function touched({ sql }: Tx): Promise<Map<string, number>> {
  const rows = await sql<{ leaf: string; count: number }[]>`
    select m.leaf, (s.seq_scan + s.idx_scan + s.n_tup_ins)::int as count from pg_stat_xact_user_tables s join month_partitions() m on m.leaf = s.relname order by 1`;
  return new Map(rows.map(({ leaf, count }) => [leaf, count]));
}

test('a click opens the month it is written to, and no other: not after the tenth, when its plans are kept, either', async () => {
  const mark = (await findLinks(database.app.sql, [keeper.code])).get(keeper.code)?.mark ?? '';
  const click = (sql: Tx['sql']) => sql`
    select * from record_touches(array[${keeper.tenantId}], array[${newId('tch', NOW)}], array[${keeper.code}], array[${mark}::bigint], array[null], array[null], array['v'],
                                 array[${randomBytes(16)}::bytea], array['app'], array[${NOW}::timestamptz], '1 hour')`;
  const opened = await monthsOpened(async ({ sql }) => { for (let i = 0; i < 10; i += 1) await click(sql); });
  expect(opened).toEqual(['touches_2030_11']);
});

test('a click in the first hour of a month looks for its like in the month before, too', async () => {
  const at = Date.parse('2030-12-01T00:10:00Z');
  const ipHash = randomBytes(16);
  const touch = (now: number) => recordOneTouch(database, { tenantId: keeper.tenantId, id: newId('tch', now), code: keeper.code, notAPerson: null, visitor: { kind: 'fresh', id: 'v' }, ipHash, agentClass: 'app', now });
  expect([await touch(at - 1_200_000), await touch(at)]).toEqual([{ whyNot: null }, { whyNot: 'repeat' }]);
});

test('a click id leads to its month alone', async () => {
  const id = newId('tch', NOW);
  await recordOneTouch(database, { tenantId: keeper.tenantId, id, code: keeper.code, notAPerson: null, visitor: { kind: 'fresh', id: 'v' }, ipHash: null, agentClass: 'app', now: NOW });
  const opened = await monthsOpened(async (tx) => { expect((await findTrails(tx, [{ clickId: id, code: null }]))[0]?.click).toEqual({ id }); });
  expect(opened).toEqual(['touches_2030_11']);
});

test('a click id that somebody made up, of whatever year, leads nowhere and breaks nothing', async () => {
  const ids = ['tch_00000000000000000000000000', 'tch_7zzzzzzzzzzzzzzzzzzzzzzzzz'].map((id) => asId('tch', id));
  const trails = await database.app.asTenant(keeper.tenantId, (tx) => findTrails(tx, ids.map((clickId) => ({ clickId, code: null }))));
  expect(trails.map(({ click }) => click)).toEqual([null, null]);
});

test('a view told now opens this month and the months ahead, none that is past', async () => {
  const opened = await monthsOpened((tx) => storeEvents(tx, openKeyring(randomBytes(32)), {
    tenantId: keeper.tenantId, now: NOW, facts: [{ eventId: 'e1', type: 'link_viewed', occurredAt: NOW, externalId: 'u1', clickId: null, code: keeper.code, properties: {}, detail: null }] }));
  expect(opened.filter((leaf) => leaf < 'touches_2030_11')).toEqual([]);
});

test('the story of an invite opens no month before the invite', async () => {
  const createdAt = Date.parse('2030-09-10T00:00:00Z');
  await database.superuser`update invite_batches set created_at = ${createdAt} where id = ${keeper.batchId}`;
  await database.superuser`update links set created_at = ${createdAt} where code = ${keeper.code}`;
  const opened = await monthsOpened(async (tx) => {
    await readStoryFacts(tx, { batchId: asId('bat', keeper.batchId), n: 0 }, Date.parse('2026-06-10T12:00:00Z'));
    await readAnswers(tx, { linkCode: keeper.code, memberIds: ['mbr_x'], createdAt });
    await readLink(tx, keeper.code);
  });
  // Decisions about its program and tenant are looked for further back: the last of each kind counts.
  expect(opened.filter((leaf) => !leaf.startsWith('decisions') && leaf.slice(-7) < '2030_09')).toEqual([]);
  expect(opened).toEqual(expect.arrayContaining(['receipts_2030_09', 'touches_2030_09']));
});

test.each([
  ['the audit', 'select id from decisions where tenant_id = $1 order by at desc, id desc limit 21', /decisions_\w+_pkey/],
  ['the audit of one subject', 'select id from decisions where tenant_id = $1 and subject_id = $1 order by at desc, id desc limit 21', /tenant_id_subject_id_at_id_idx/],
  ['an invite\'s receipts', "select id from receipts where tenant_id = $1 and batch_id = 'bat_x' and n = 0", /tenant_id_batch_id_n_idx/],
  ['the openings of a link', "select count(*) from touches where tenant_id = $1 and code = 'x'", /tenant_id_code_kind_why_not_idx/],
])('%s is read by an index in every month', async (_what, query, index) => {
  const plan = await database.superuser.begin(async (sql) => {
    await sql`set local enable_seqscan = off`; // these tables are small
    await sql`set local plan_cache_mode = force_custom_plan`;
    return (await sql.unsafe<Record<string, string>[]>(`explain ${query}`, [keeper.tenantId])).map((row) => row['QUERY PLAN'] ?? '');
  });
  expect(plan.filter((line) => /Seq Scan|Sort {2}\(/.test(line))).toEqual([]);
  const scans = plan.filter((line) => /Scan .*using|Index Scan on/.test(line));
  expect(scans.length).toBeGreaterThan(MONTHS.length);
  expect(scans.filter((line) => !index.test(line))).toEqual([]);
});

test('the audit is read on from a page\'s end without a gap, across months', async () => {
  const page = (after: Parameters<typeof listDecisions>[2]['after']) => database.app.asTenant(keeper.tenantId, (tx) => listDecisions(tx, keeper.tenantId, { after, limit: 33, about: null }));
  const ids: string[] = [];
  for (let rows = await page(null); rows.length > 0;) {
    ids.push(...rows.map(({ id }) => id));
    const last = rows.at(-1);
    rows = last === undefined ? [] : await page({ at: last.at, id: last.id });
  }
  const all = await database.superuser<{ id: string }[]>`select id from decisions where tenant_id = ${keeper.tenantId} order by at desc, id desc`;
  expect(ids).toEqual(all.map(({ id }) => id));
  expect(ids.length).toBeGreaterThan(700);
});
