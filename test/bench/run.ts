/**
 * `npm run bench`: starts the real product beside its references on one machine, runs each lane several times, interleaved
 * with its reference, and prints medians, ratios and goals. Ends with 1 where a lane could not show that everything
 * happened exactly once; a missed goal is said in the table. See docs/performance.md.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import type { Lane, Row } from './lane.ts';
import { LANES } from './lanes/all.ts';
import { readBenchOptions, type BenchOptions } from './options.ts';
import { openBenchStack, type BenchStack } from './support/bench-stack.ts';
import { tableOf, verdictOf } from './support/table.ts';
import { startDevServer, startFullServer } from './support/temporal-server.ts';
import { versionsOf, type Versions } from './support/versions.ts';
import { writeDocs, type BenchResult } from './support/write-docs.ts';

const say = (line: string): void => { process.stdout.write(`${line}\n`); };

let stack: Promise<BenchStack> | null = null;

/** Ctrl-C leaves neither servers nor folders behind. */
for (const [signal, number] of [['SIGINT', 2], ['SIGTERM', 15]] as const) {
  process.once(signal, () => {
    void Promise.resolve(stack).then((opened) => opened?.close()).finally(() => process.exit(128 + number));
  });
}

/** A stack of its own for each lane: none finds the rows of another. */
async function runLane(lane: Lane, { rounds, quick, profileDir, fullServer }: BenchOptions): Promise<{ rows: Row[]; versions: Versions }> {
  say(`\n${lane.title}`);
  stack = openBenchStack({ startTemporal: (place) => (fullServer === null ? startDevServer(place.dir) : startFullServer(place, fullServer)), say });
  const opened = await stack;
  try {
    return { rows: await lane.run(opened, { rounds, quick, profileDir, say: (line) => { say(`  ${line}`); } }), versions: await versionsOf(opened) };
  } finally {
    await opened.close();
    stack = null;
  }
}

async function main(): Promise<number> {
  const options = readBenchOptions(process.argv.slice(2), LANES.map(({ name }) => name));
  if ('say' in options) {
    process.stdout.write(options.say);
    return options.exitCode;
  }
  if (options.profileDir !== null) mkdirSync(options.profileDir, { recursive: true });
  const rows: Row[] = [];
  const failed: string[] = [];
  let versions: Versions = {};
  for (const lane of LANES.filter(({ name }) => options.lanes.includes(name))) {
    try {
      const done = await runLane(lane, options);
      rows.push(...done.rows);
      versions = done.versions;
    } catch (error) {
      failed.push(`${lane.name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
  }
  const result: BenchResult = { takenOn: new Date().toISOString().slice(0, 10), server: options.fullServer === null ? 'dev' : 'postgres', rounds: options.rounds, versions, rows };
  say(`\n${Object.entries(versions).map(([name, version]) => `${name} ${version}`).join('; ')}\n\n${tableOf(rows)}\n`);
  for (const row of rows) say(`${row.lane}: ${verdictOf(row)}; exactly once: ${row.exactlyOnce}`);
  if (options.json !== null) writeFileSync(options.json, `${JSON.stringify({ ...result, rows: rows.map((row) => ({ ...row, verdict: verdictOf(row) })) }, null, 2)}\n`);
  if (options.writeDocs && failed.length === 0) writeDocs(result);
  for (const failure of failed) process.stderr.write(`\n${failure}\n`);
  return failed.length === 0 ? 0 : 1;
}

main().then((code) => process.exit(code), (error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
});
