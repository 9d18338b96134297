import { newId } from '../../src/config/new-id.ts';
import type { TenantId } from '../../src/domain/ids.ts';
import { openRewards, type RewardsWorld } from '../support/arrange-rewards.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { ranADayBefore, removeMonths, runRetention, setTerm } from '../support/retained.ts';

const NOW = Date.parse('2030-11-21T08:00:00Z');
const OVER = Date.parse('2030-04-30T23:59:59Z'); // of a term of six months, whose cut-off is the first of May
const KEPT = Date.parse('2030-05-01T00:00:00Z');
const DAY = '2030-11-21';

let database: TestDatabase;
let world: RewardsWorld;
beforeEach(async () => {
  database = await openTestDatabase();
  world = await openRewards(database, { holdDays: 30, rules: [] });
  await setTerm(database, world.tenantId, 6);
  await removeMonths(database);
  await ranADayBefore(database, NOW);
});
afterEach(() => database.drop());

/** A referral with a number of its webhooks, whose run was told something and closed at an instant; null: it is open. */
async function referral(of: RewardsWorld, closedAt: number | null, toldAt = closedAt ?? OVER): Promise<string> {
  const { id } = await of.refer({ at: toldAt });
  const { superuser } = database;
  await superuser`
    insert into runs (tenant_id, id, loop, stage, outcome, opened_at, moved_at, seen_at, closed_at)
    values (${of.tenantId}, ${id}, 'referral', 'attributed', ${closedAt === null ? null : 'rewarded'}, ${toldAt}, ${toldAt}, ${toldAt}, ${closedAt})
    on conflict (tenant_id, id) do update set outcome = excluded.outcome, closed_at = excluded.closed_at`;
  await superuser`insert into run_facts (tenant_id, run_id, fact_id, kind, at, recorded_at) values (${of.tenantId}, ${id}, 'f', 'changed', ${toldAt}, ${toldAt})`;
  await superuser`insert into webhook_sequences (tenant_id, subject_id, last) values (${of.tenantId}, ${id}, 7)`;
  return id;
}

const left = async (column: 'run_id' | 'subject_id', table: 'run_facts' | 'webhook_sequences'): Promise<Set<string>> =>
  new Set((await database.superuser<{ id: string }[]>`select ${database.superuser(column)} as id from ${database.superuser(table)}`).map(({ id }) => id));
const reported = async (tenantId: TenantId): Promise<Record<string, number>> => Object.fromEntries((await database.superuser<{ name: string; removed: number }[]>`
  select table_name as name, rows_removed::int as removed from retention_reports where tenant_id = ${tenantId} and day = ${DAY} and rows_removed > 0 and table_name <> 'decisions'`).map(({ name, removed }) => [name, removed]));

test('what a run was told, and its webhooks\' numbers, go when it has been closed for the term, and not before', async () => {
  const longer = await openRewards(database, { holdDays: 30, rules: [] });
  const [gone, young, open, others] = [await referral(world, OVER), await referral(world, KEPT), await referral(world, null), await referral(longer, OVER)];
  // Told long ago, closed lately.
  const late = await referral(world, KEPT, OVER);
  await runRetention(database, NOW);
  const kept = new Set([young, open, others, late]);
  expect(kept.has(gone)).toBe(false);
  expect([await left('run_id', 'run_facts'), await left('subject_id', 'webhook_sequences')]).toEqual([kept, kept]);
  expect([await reported(world.tenantId), await reported(longer.tenantId)]).toEqual([{ run_facts: 1, webhook_sequences: 1 }, {}]);
});

test('imports go when they ended before the term, those that run stay, however old', async () => {
  const { superuser } = database;
  const make = async (state: 'completed' | 'running', at: number): Promise<string> => {
    const id = newId('imp', at);
    await superuser`
      insert into imports (id, tenant_id, kind, state, columns, actor, created_at, moved_at, finished_at)
      values (${id}, ${world.tenantId}, 'members', ${state}, '{email}', 'test', ${at}, ${at}, ${state === 'completed' ? at : null})`;
    return id;
  };
  await make('completed', OVER);
  const kept = [await make('completed', KEPT), await make('running', OVER)];
  await runRetention(database, NOW);
  const rows = await superuser<{ id: string }[]>`select id from imports`;
  expect(new Set(rows.map(({ id }) => id))).toEqual(new Set(kept));
  expect(await reported(world.tenantId)).toEqual({ imports: 1 });
});

test('they go in batches, and are counted once each', async () => {
  for (let n = 0; n < 5; n += 1) await referral(world, OVER);
  await runRetention(database, NOW, 2);
  expect(await reported(world.tenantId)).toEqual({ run_facts: 5, webhook_sequences: 5 });
});

test('the role of retention may ask for nothing but the whole', async () => {
  for (const name of ['remove_records_over', 'remove_month_rows_over']) {
    await expect(database.retention.sql.unsafe(`select ${name}(now(), '${DAY}', 10)`)).rejects.toThrow('permission denied');
  }
});
