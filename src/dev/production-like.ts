/**
 * `npm run production-like -- --temporal-server PROGRAM --temporal-sql-tool PROGRAM [--app FOLDER] [--user NAME] [--stay]`
 *
 * Does by hand what docker-compose.yml says, where no container engine is: reads it, starts a real PostgreSQL and the full
 * Temporal server on it, runs its jobs, and api, relay and worker with its commands, its variables and its logins; plays
 * the story; runs the health checks; and lets all drain. Ends with 0 when every part did what it should.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startProduction } from './production-parts.ts';
import { tellProductionStory } from './production-story.ts';

const ROOT = join(__dirname, '../..');
const HELP = 'npm run production-like -- --temporal-server PROGRAM --temporal-sql-tool PROGRAM [--app FOLDER] [--user NAME] [--stay]\n';

type Options = { temporalServer: string; temporalSqlTool: string; app: string; user: string | undefined; stay: boolean };

function readOptions(args: string[]): Options | string {
  const { values } = parseArgs({
    args,
    options: {
      'temporal-server': { type: 'string' }, 'temporal-sql-tool': { type: 'string' },
      app: { type: 'string' }, user: { type: 'string' }, stay: { type: 'boolean' },
    },
  });
  const { 'temporal-server': server, 'temporal-sql-tool': sqlTool } = values;
  if (server === undefined || sqlTool === undefined) return HELP;
  for (const program of [server, sqlTool]) if (!existsSync(program)) return `There is no program ${program}.\n`;
  return { temporalServer: resolve(server), temporalSqlTool: resolve(sqlTool), app: resolve(values.app ?? ROOT), user: values.user, stay: values.stay ?? false };
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (typeof options === 'string') {
    process.stderr.write(options);
    process.exitCode = 2;
    return;
  }
  const asked = new Promise<void>((done) => { for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => { done(); }); });
  const dir = mkdtempSync(join(tmpdir(), 'flywheel-production-'));
  const say = (line: string): void => { process.stdout.write(`${line}\n`); };
  const production = await startProduction({ ...options, dir, composeFile: join(ROOT, 'docker-compose.yml'), cacheDir: join(ROOT, '.flywheel/cache'), say });
  try {
    await tellProductionStory(production, { dir, say });
    if (options.stay) {
      say(`\nUp until Ctrl-C: API ${production.apiUrl}, Temporal ${production.temporalAddress}, logs ${dir}`);
      await Promise.race([asked, production.ended]);
    }
    await production.checkHealth();
    const wrong = (await production.drain()).filter(({ code }) => code !== 0);
    if (wrong.length > 0) throw new Error(`${wrong.map(({ name }) => name).join(', ')} did not end with 0`);
  } finally {
    await production.stop();
  }
  rmSync(dir, { recursive: true, force: true });
  say('\nEverything did what it should.');
}

main().then(() => process.exit(), (error: unknown) => {
  process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
