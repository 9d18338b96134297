import { openDatabase } from '../../../db/client.ts';
import { inTransaction } from '../../../db/transaction.ts';
import type { BenchStack } from './bench-stack.ts';

/** What a conversion writes, and by what a row is known. */
const TABLES = { events: 'event_id', payments: 'id', payment_names: 'name', rewards: 'id', transfers: 'sequence', run_facts: 'fact_id' } as const;

export type PlainTables = {
  /** The rows of ours that are not there yet, in portions of so many a table. */
  newRows(atOnce: number): Promise<Portion[]>;
  /** Inserts portions, each in a transaction, on so many connections; returns how long each took, in ms. */
  insertAll(portions: readonly Portion[], connections: number): Promise<{ ms: number; each: number[] }>;
  count(): Promise<number>;
  close(): Promise<void>;
};
export type Portion = ReadonlyMap<string, string>;

/** Tables like ours with the same keys and indexes, and without references, policies and checks of balances: the reference writes the same rows there. */
export async function openPlainTables(stack: BenchStack): Promise<PlainTables> {
  const db = openDatabase({ url: stack.superuserUrl, max: 16, name: 'bench plain' });
  const { sql } = db;
  await sql`create schema plain`;
  for (const table of Object.keys(TABLES)) await sql.unsafe(`create table plain.${table} (like public.${table} including indexes including defaults); insert into plain.${table} select * from public.${table}`);
  const insert = (portion: Portion): Promise<number> => timed(() => inTransaction(sql, async (tx) => {
    for (const [table, rows] of portion) await tx.unsafe(`insert into plain.${table} select * from jsonb_populate_recordset(null::plain.${table}, $1::text::jsonb)`, [rows]);
  }));
  return {
    async newRows(atOnce) {
      const portions: Map<string, string>[] = [];
      for (const [table, key] of Object.entries(TABLES)) {
        const rows = await sql.unsafe<{ part: string }[]>(`
          select json_agg(row order by row ->> '${key}')::text as part from (
            select to_jsonb(t) as row, (row_number() over (order by t.${key}) - 1) / ${String(atOnce)} as portion from public.${table} t
            where not exists (select from plain.${table} p where p.${key} = t.${key})) r group by portion order by portion`);
        rows.forEach(({ part }, n) => (portions[n] ??= new Map()).set(table, part));
      }
      return portions;
    },
    async insertAll(portions, connections) {
      const todo = portions.values();
      const each: number[] = [];
      const ms = await timed(() => Promise.all(Array.from({ length: connections }, async () => { for (const portion of todo) each.push(await insert(portion)); })));
      return { ms, each };
    },
    async count() {
      const [row] = await sql<{ count: number }[]>`select count(*)::int as count from plain.transfers`;
      return row?.count ?? 0;
    },
    close: () => db.close(),
  };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}
