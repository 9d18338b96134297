import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabaseClock } from '../../db/clock.ts';
import { openDatabase } from '../../db/client.ts';
import { migrate } from '../../db/migrate.ts';
import { makeKey } from '../../db/write/make-key.ts';
import { makeTenant } from '../../db/write/make-tenant.ts';
import { createApi } from '../../src/api/app.ts';
import { listen } from '../../src/api/listen.ts';
import { openKeyring } from '../../src/config/keyring.ts';
import { startPostgres } from '../../src/dev/postgres.ts';
import { prepareDatabase } from '../../src/dev/prepare-database.ts';
import { createLogger } from '../../src/telemetry/logger.ts';

/*
 * `npm run fuzz [-- seconds]`: what schemathesis (a tool that reads an OpenAPI document and tries to break its promises)
 * finds in ours, on a server and a database of this run. It is no part of `npm test`: it needs Python 3 and, once, a
 * package index. Ends with 1 where anything is found.
 */
const VERSION = '4.32.5';
const SEED = 5;
const SECONDS = Number(process.argv[2] ?? 90);
/** Left out: what asks for more than the document can say (a text that is no time zone fits its schema, and is refused). */
const CHECKS = ['not_a_server_error', 'status_code_conformance', 'content_type_conformance', 'response_schema_conformance', 'response_headers_conformance', 'ignored_auth', 'negative_data_rejection', 'missing_required_header', 'unsupported_method'];

/** An address of 16 KB is refused before anybody reads it. */
const CONFIG = `[checks.negative_data_rejection]
expected-statuses = [400, 401, 403, 404, 405, 406, 408, 409, 413, 415, 422, 428, 429, 431]
`;

async function run(command: string, args: readonly string[], cwd?: string): Promise<number> {
  const child = spawn(command, args, { stdio: 'inherit', cwd });
  return new Promise((done, failed) => {
    child.once('error', failed);
    child.once('close', (code) => { done(code ?? 1); });
  });
}

/** The pinned schemathesis in an environment of its own; answers its program. */
async function install(): Promise<string> {
  const home = join(__dirname, '../../.flywheel/cache', `schemathesis-${VERSION}`);
  const program = join(home, 'bin', 'schemathesis');
  if (existsSync(program)) return program;
  mkdirSync(home, { recursive: true });
  const steps = [['python3', '-m', 'venv', home], [join(home, 'bin', 'python'), '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', `schemathesis==${VERSION}`]];
  for (const [command = '', ...args] of steps) {
    if (await run(command, args) === 0) continue;
    rmSync(home, { recursive: true, force: true });
    throw new Error(`schemathesis ${VERSION} could not be installed: "${command} ${args.join(' ')}" failed`);
  }
  return program;
}

/** A tenant of its own, with a key that is real. */
async function makeCaller(owner: ReturnType<typeof openDatabase>, now: number): Promise<string> {
  const made = await makeTenant(owner.sql, {
    name: 'Fuzz', fromAddress: 'hello@fuzz.example', fromName: 'Fuzz', postalAddress: 'Fuzz, 1 Long Street, 1000 Town', zone: 'UTC',
    publicUrl: 'https://flywheel.example', allowedDestinations: ['app.fuzz.example', 'app.example.com'],
  }, now);
  if (made.outcome === 'refused') throw new Error(made.problems.join('\n'));
  return (await makeKey(owner.sql, { tenantId: made.tenantId, name: 'fuzz' }, now)).secret;
}

async function fuzz(): Promise<number> {
  const program = await install();
  const dir = mkdtempSync(join(tmpdir(), 'flywheel-fuzz-'));
  const config = join(dir, 'schemathesis.toml');
  writeFileSync(config, CONFIG);
  const postgres = await startPostgres({ dir: join(dir, 'postgres'), throwaway: true });
  try {
    const { ownerUrl } = await prepareDatabase(postgres.url, { name: 'flywheel', password: 'fuzz' });
    await migrate(ownerUrl);
    const owner = openDatabase({ url: ownerUrl, max: 2, name: 'fuzz owner' });
    const db = openDatabase({ url: ownerUrl, role: 'flywheel_app', name: 'fuzz app' });
    const clock = await openDatabaseClock(db.sql);
    const log = createLogger({ level: 'error', destination: process.stderr });
    const secret = await makeCaller(owner, clock.now());
    const server = await listen(createApi({ db, clock, log, keyring: openKeyring(randomBytes(32)) }), { port: 0, host: '127.0.0.1' });
    try {
      return await run(program, [
        '--config-file', config, 'run', `${server.url}/openapi.json`, '--header', `Authorization:Bearer ${secret}`, '--checks', CHECKS.join(','),
        '--seed', String(SEED), '--max-time', String(SECONDS), '--workers', '2', '--phases', 'examples,coverage,fuzzing,stateful',
        '--suppress-health-check', 'all', '--warnings', 'off', '--continue-on-failure', '--no-color',
      ], dir); // it leaves notes where it stands
    } finally {
      await server.close(500);
      clock.close();
      await Promise.all([db.close(), owner.close()]);
    }
  } finally {
    await postgres.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

fuzz().then((code) => { process.exitCode = code; }, (error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
