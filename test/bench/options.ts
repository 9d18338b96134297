import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

export type BenchOptions = {
  /** Which lanes; all where none is named. */
  readonly lanes: readonly string[];
  readonly rounds: number;
  readonly quick: boolean;
  readonly json: string | null;
  readonly profileDir: string | null;
  readonly writeDocs: boolean;
  /** The programs of Temporal's full server, on PostgreSQL; null: the dev server. */
  readonly fullServer: { readonly temporalServer: string; readonly temporalSqlTool: string } | null;
};

const ROUNDS = 5;
const QUICK_ROUNDS = 1;

const HELP = `npm run bench [-- options]

  --lane NAME              only this lane; may be repeated
  --rounds N               counted rounds of each lane (${String(ROUNDS)}); one more goes first, to warm up
  --quick                  small sizes and one round: shows that the lanes work, its figures say nothing
  --json FILE              the whole result as JSON
  --profile FOLDER         a CPU profile of worker or API per lane, taken after the counted rounds
  --write-docs             put the tables into docs/performance.md
  --server=postgres        Temporal's full server on PostgreSQL instead of the dev server, with
    --temporal-server PATH --temporal-sql-tool PATH   its programs (docs/performance.md says how to build them)
  --help                   this text

Lanes: `;

/** Reads the command line; a text is something to print instead of running, with its exit code. */
export function readBenchOptions(args: readonly string[], known: readonly string[]): BenchOptions | { readonly say: string; readonly exitCode: number } {
  const help = `${HELP}${known.join(', ')}.\n`;
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        lane: { type: 'string', multiple: true }, rounds: { type: 'string' }, quick: { type: 'boolean' }, json: { type: 'string' }, profile: { type: 'string' },
        'write-docs': { type: 'boolean' }, server: { type: 'string' }, 'temporal-server': { type: 'string' }, 'temporal-sql-tool': { type: 'string' }, help: { type: 'boolean' },
      },
    });
    if (values.help === true) return { say: help, exitCode: 0 };
    const strange = (values.lane ?? []).find((lane) => !known.includes(lane));
    if (strange !== undefined) return refuse(`there is no lane ${strange}`, help);
    const quick = values.quick ?? false;
    const rounds = Number(values.rounds ?? (quick ? QUICK_ROUNDS : ROUNDS));
    if (!Number.isInteger(rounds) || rounds < 1 || rounds > 100) return refuse('--rounds takes a whole number from 1 to 100', help);
    if (quick && values['write-docs'] === true) return refuse('the figures of --quick say nothing: they are not written into the docs', help);
    const fullServer = readServer(values.server, values['temporal-server'], values['temporal-sql-tool']);
    if (typeof fullServer === 'string') return refuse(fullServer, help);
    return {
      lanes: values.lane ?? known, rounds, quick, json: values.json === undefined ? null : resolve(values.json),
      profileDir: values.profile === undefined ? null : resolve(values.profile), writeDocs: values['write-docs'] ?? false, fullServer,
    };
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error), help);
  }
}

function refuse(why: string, help: string): { say: string; exitCode: number } {
  return { say: `${why}\n\n${help}`, exitCode: 2 };
}

function readServer(server: string | undefined, temporalServer: string | undefined, temporalSqlTool: string | undefined): BenchOptions['fullServer'] | string {
  if (server === undefined || server === 'dev') return null;
  if (server !== 'postgres') return '--server is dev or postgres';
  if (temporalServer === undefined || temporalSqlTool === undefined) return '--server=postgres needs --temporal-server and --temporal-sql-tool';
  const missing = [temporalServer, temporalSqlTool].find((program) => !existsSync(program));
  return missing === undefined ? { temporalServer: resolve(temporalServer), temporalSqlTool: resolve(temporalSqlTool) } : `there is no program ${missing}`;
}
