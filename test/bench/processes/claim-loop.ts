import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { z } from 'zod';
import { serveCommands } from './serve-commands.ts';

/** The simplest thing that sends on time: a loop that claims what is due in plain SQL, and looks again every few milliseconds. */
const sql = postgres(z.string().parse(process.argv[2]), { max: 2, onnotice: () => {}, connection: { application_name: 'bench claim loop' } });
const LOOK_EVERY_MS = 2;
const CLAIMS = 100;

const asked = z.object({ count: z.number(), perSecond: z.number() });

/** Makes so many messages due one after another from a second from now on; returns how late each was taken, in ms. */
async function run(input: unknown): Promise<number[]> {
  const { count, perSecond } = asked.parse(input);
  await sql.unsafe(`
    drop schema if exists bench_loop cascade; create schema bench_loop;
    create table bench_loop.due (id integer primary key, due_at double precision not null, state text not null default 'waiting');
    create index on bench_loop.due (due_at) where state = 'waiting'`);
  const firstAt = now() + 1000;
  await sql`insert into bench_loop.due (id, due_at) select i, ${firstAt}::float8 + i * ${1000 / perSecond}::float8 from generate_series(0, ${count - 1}) as i`;
  await sql`analyze bench_loop.due`;
  const lateMs: number[] = [];
  while (lateMs.length < count) {
    const taken = await sql<{ due_at: number }[]>`
      update bench_loop.due set state = 'handed_off' where id in (
        select id from bench_loop.due where state = 'waiting' and due_at <= ${now()} order by due_at limit ${CLAIMS} for update skip locked)
      returning due_at`;
    const at = now();
    lateMs.push(...taken.map((row) => at - row.due_at));
    if (taken.length === 0) await sleep(LOOK_EVERY_MS);
  }
  return lateMs;
}

function now(): number {
  return performance.timeOrigin + performance.now();
}

serveCommands({ run }, () => sql.end({ timeout: 5 }));
