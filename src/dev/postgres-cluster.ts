import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readlinkSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runGuarded } from './guarded-program.ts';
import { identifyProcess } from './process-identity.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';
import type { RunAs } from './postgres-user.ts';

export const SUPERUSER = 'postgres';

/** PostgreSQL's programs see nothing of our environment: no PG* variable, no locale and no zone of the machine can change them. */
export const CLEAN_ENVIRONMENT = { LC_ALL: 'C', TZ: 'UTC' } as const;

/**
 * How to name the data folder to PostgreSQL. Run as another user it may not be able to walk the path to it (a clone
 * below a closed home folder). It is therefore started inside the folder and told to look where it stands.
 */
export function dataFolderFor(dataDir: string, runAs: RunAs): string {
  return runAs.uid !== undefined && process.platform === 'linux' ? '/proc/self/cwd' : dataDir;
}

/** The password of this cluster: made once, readable by the owner alone. */
function readOrMakePassword(dir: string, clusterExists: boolean): string {
  const file = join(dir, 'password');
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  if (clusterExists) {
    throw new Error(`The database in ${dir} has lost its password file (${file}). Start afresh with "npm start -- --fresh"; this forgets its data.`);
  }
  const password = randomBytes(24).toString('base64url');
  writeFileSync(file, `${password}\n`, { mode: 0o600 });
  return password;
}

type Place = { readonly dir: string; readonly logFile: string; readonly throwaway: boolean };

async function runInitdb(binaries: PostgresBinaries, building: string, password: string, runAs: RunAs, place: Place): Promise<void> {
  const secretDir = mkdtempSync(join(tmpdir(), 'flywheel-initdb-'));
  const passwordFile = join(secretDir, 'password');
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  for (const path of [building, secretDir, passwordFile]) {
    if (runAs.uid !== undefined && runAs.gid !== undefined) chownSync(path, runAs.uid, runAs.gid);
  }
  try {
    const { code, output } = await runGuarded({
      what: 'initdb',
      command: binaries.initdb,
      args: [
        ...['--pgdata', dataFolderFor(building, runAs), '--username', SUPERUSER, '--pwfile', passwordFile, '--auth', 'scram-sha-256'],
        // The built-in locale provider: the same order of text on every machine, whatever locales it has.
        ...['--encoding', 'UTF8', '--locale', 'C', '--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8'],
        ...(place.throwaway ? ['--no-instructions', '--no-sync'] : ['--no-instructions']),
      ],
      ...{ logFile: place.logFile, cwd: building, env: CLEAN_ENVIRONMENT, stopSignal: 'SIGKILL', graceMs: 0, ...runAs },
    });
    if (code !== 0) throw new Error(`PostgreSQL could not make its data folder ${building}:\n${output}`);
  } finally {
    rmSync(secretDir, { recursive: true, force: true });
  }
}

/**
 * Makes the cluster below `dir` when there is none yet and returns its superuser's password. A cluster appears under
 * its name only when it is whole: a kill in the middle leaves nothing that a later start could take for one.
 */
export async function ensureCluster(binaries: PostgresBinaries, place: Place, runAs: RunAs): Promise<{ dataDir: string; password: string }> {
  const { dir } = place;
  const dataDir = join(dir, 'data');
  const exists = existsSync(join(dataDir, 'PG_VERSION'));
  const password = readOrMakePassword(dir, exists);
  if (!exists) {
    const building = join(dir, 'data.new');
    for (const leftover of [building, dataDir]) rmSync(leftover, { recursive: true, force: true });
    mkdirSync(building);
    chmodSync(building, 0o700);
    await runInitdb(binaries, building, password, runAs, place);
    renameSync(building, dataDir);
  }
  removeStrangersLock(dataDir);
  return { dataDir, password };
}

/**
 * PostgreSQL takes its lock file for valid when any process of the same user has the number in it: after a reboot, or in
 * a restarted container, that may be a stranger. A stranger stands in another folder; PostgreSQL stands in its data.
 */
function removeStrangersLock(dataDir: string): void {
  const file = join(dataDir, 'postmaster.pid');
  if (process.platform !== 'linux' || !existsSync(file)) return;
  const pid = Number.parseInt(readFileSync(file, 'utf8').split('\n')[0] ?? '', 10);
  // A number that is free again is PostgreSQL's own affair: it also looks for what a killed server left in shared memory.
  if (!Number.isInteger(pid) || identifyProcess(pid) === undefined) return;
  if (workingFolderOf(pid) !== realpathSync(dataDir)) rmSync(file, { force: true });
}

function workingFolderOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
}
