import PgBoss from 'pg-boss';
import postgres from 'postgres';
import { createTransport } from 'nodemailer';
import type { SendMailOptions } from 'nodemailer';
import { z } from 'zod';
import { insertWaiting, makeReferenceTables, writeClaim, writeRecord, type Place } from './reference-tables.ts';
import { poolOptions } from './pool-options.ts';
import { serveCommands } from './serve-commands.ts';

/**
 * pg-boss as its documentation has it, at its fastest: `work` with a batch size, woken at once for the next batch instead
 * of waiting for a poll. Its pool and the handlers' have as many connections together as our worker's.
 */
const url = z.string().parse(process.argv[2]);
const smtpUrl = z.string().parse(process.argv[3]);
const TENANT = 'tnt_00000000000000000000000000';
const POOL = 10;

const boss = new PgBoss({ connectionString: url, max: POOL, supervise: false, schedule: false, application_name: 'bench pg-boss' });
const sql = postgres(url, { max: POOL, onnotice: () => {}, connection: { application_name: 'bench pg-boss handler' } });
const place = z.object({ batchId: z.string(), n: z.number() });
const job = z.object({ places: z.array(place) });
const LOOK_EVERY_MS = 10;

let rounds = 0;
let queue = '';
let handled = 0;
let waiting = 0;

/** `perJob` false: a job for each invite; true: a job for each request, with its invitees. */
const enqueueInput = z.object({ sizes: z.array(z.number()), perJob: z.boolean() });

async function enqueue(input: unknown): Promise<void> {
  const { sizes, perJob } = enqueueInput.parse(input);
  rounds += 1;
  queue = `bench${String(rounds)}`;
  await boss.createQueue(queue);
  const batches = sizes.map((size, i) => ({ batchId: `bat_${String(rounds).padStart(6, '0')}${String(i).padStart(20, '0')}`, size }));
  await insertWaiting(sql, TENANT, batches);
  firstMailOf.clear();
  const jobs = batches.flatMap(({ batchId, size }, i) => {
    firstMailOf.set(batchId, sizes.slice(0, i).reduce((sum, earlier) => sum + earlier, 0));
    const places = Array.from({ length: size }, (_, n): Place => ({ batchId, n }));
    return perJob ? [{ places }] : places.map((one) => ({ places: [one] }));
  });
  for (let i = 0; i < jobs.length; i += 1000) await boss.insert(jobs.slice(i, i + 1000).map((data) => ({ name: queue, data })));
  await sql`analyze`;
  handled = 0;
  waiting = sizes.reduce((sum, size) => sum + size, 0);
}

const runInput = z.object({
  batchSize: z.number(), workers: z.number(),
  /** One handling for a fetched batch, or one for each job of it. */
  handler: z.enum(['batch', 'job']),
  writes: z.boolean(),
  /** With mails: the same pool of nodemailer as everybody's. */
  mails: z.number(),
});

async function run(input: unknown): Promise<{ ms: number; handled: number }> {
  const { batchSize, workers, handler, writes, mails } = runInput.parse(input);
  const send = mails > 0 ? mailer(mails) : null;
  const handle = async (places: readonly Place[]): Promise<void> => {
    const attemptId = writes ? await writeClaim(sql, TENANT, places) : '';
    if (send !== null) await Promise.all(places.map((each) => send.one(each)));
    if (writes) await writeRecord(sql, TENANT, attemptId, places);
  };
  const startedMs = performance.now();
  const ids: string[] = [];
  const wakeAll = (): void => { for (const id of ids) boss.notifyWorker(id); };
  for (let i = 0; i < workers; i += 1) {
    ids.push(await boss.work(queue, { batchSize, pollingIntervalSeconds: 0.5, priority: false }, async (jobs: PgBoss.Job<unknown>[]) => {
      wakeAll();
      const asked = jobs.map(({ data }) => job.parse(data).places);
      if (handler === 'batch') await handle(asked.flat());
      else await Promise.all(asked.map(handle));
      handled += asked.flat().length;
    }));
  }
  while (handled < waiting || await jobsLeft()) await new Promise((resolve) => { setTimeout(resolve, LOOK_EVERY_MS); });
  const ms = performance.now() - startedMs;
  await boss.offWork(queue);
  send?.close();
  return { ms, handled };
}

/** The last batch's jobs are completed after their handler. */
async function jobsLeft(): Promise<boolean> {
  const [row] = await sql`select 1 from pgboss.job where name = ${queue} and state < 'completed' limit 1`;
  return row !== undefined;
}

let mailsToSend: readonly SendMailOptions[] = [];
/** Where a request's mails begin. */
const firstMailOf = new Map<string, number>();

function mailer(connections: number) {
  const pool = createTransport(poolOptions(smtpUrl, connections));
  return { one: ({ batchId, n }: Place) => pool.sendMail(mailsToSend[(firstMailOf.get(batchId) ?? 0) + n] ?? {}), close: () => { pool.close(); } };
}

const countRow = z.object({ invites: z.number(), messages: z.number(), receipts: z.number(), jobs: z.number() });

/** What this round left behind. */
async function count(): Promise<z.output<typeof countRow>> {
  const like = `bat_${String(rounds).padStart(6, '0')}%`;
  const [row] = await sql`
    select (select count(*)::int from reference.invites where batch_id like ${like} and state = 'handed_off') as invites,
           (select count(*)::int from reference.messages where batch_id like ${like}) as messages,
           (select count(*)::int from reference.messages where batch_id like ${like} and receipt is not null) as receipts,
           (select count(*)::int from pgboss.job where name = ${queue} and state = 'completed') as jobs`;
  return countRow.parse(row);
}

async function main(): Promise<void> {
  boss.on('error', (error) => { process.stderr.write(`${String(error)}\n`); });
  await makeReferenceTables(sql);
  await boss.start();
  serveCommands({
    enqueue, run, count,
    mails: (input) => { mailsToSend = z.array(z.custom<SendMailOptions>()).parse(input); },
    version: async () => (await sql<{ version: string }[]>`select version()`)[0]?.version,
  }, async () => {
    await boss.stop({ graceful: false });
    await sql.end({ timeout: 5 });
  });
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exit(1);
});
