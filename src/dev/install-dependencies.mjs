/** Installs the npm dependencies when they are missing or older than the lock file. Plain Node: it runs before they exist. */
import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const HEARTBEAT_MS = 5000;
const LONGEST_INSTALL_MS = 900_000;

function lockHash(root) {
  return createHash('sha256').update(readFileSync(join(root, 'package-lock.json'))).digest('hex');
}

/** True when `node_modules` is whole and was made from today's lock file. */
export function isInstalled(root) {
  const stamp = join(root, 'node_modules', '.flywheel-lock-hash');
  // npm writes this file last: without it an installation was cut off.
  const npmsOwn = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(npmsOwn)) return false;
  if (existsSync(stamp)) return readFileSync(stamp, 'utf8') === lockHash(root);
  // Installed by hand: its time decides.
  return statSync(npmsOwn).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs;
}

function npmCommand() {
  const fromNpm = process.env.npm_execpath;
  if (fromNpm && /npm-cli\.c?js$/.test(fromNpm)) return { command: process.execPath, args: [fromNpm] };
  return { command: process.platform === 'win32' ? 'npm.cmd' : 'npm', args: [] };
}

/** Runs npm below a guardian, so that it ends with us. Resolves with its exit code, or why it could not be run. */
function runNpm(npmArguments, logFile, root) {
  return new Promise((resolve) => {
    const { command, args } = npmCommand();
    const guard = fork(join(here, 'guard.mjs'), [], { detached: true, execArgv: [], stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    guard.on('message', (message) => {
      if (message.kind === 'failed') resolve(message.message);
      if (message.kind === 'exited') resolve(message.code ?? message.signal);
    });
    guard.once('exit', () => resolve('the guardian ended'));
    guard.send({
      kind: 'start',
      spec: {
        command,
        // A machine set to production would leave out the embedded parts, which are development dependencies.
        args: [...args, ...npmArguments, '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=http'],
        cwd: root,
        logFile,
        stopSignal: 'SIGKILL',
        graceMs: 0,
      },
    });
  });
}

function countFetched(logFile) {
  return existsSync(logFile) ? (readFileSync(logFile, 'utf8').match(/^npm http (fetch|cache) /gm) ?? []).length : 0;
}

/** Waits while another process installs into the same folder. Returns how to let the next one in. */
async function waitForTurn(lock, say) {
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      return () => rmSync(lock, { force: true });
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const holder = Number(readFileSync(lock, 'utf8'));
    try {
      // A number may be in use again after a crash; no installation takes that long.
      if (statSync(lock).mtimeMs < Date.now() - LONGEST_INSTALL_MS) throw new Error('too old');
      process.kill(holder, 0);
    } catch {
      rmSync(lock, { force: true });
      continue;
    }
    say(`waiting: process ${holder} is installing the dependencies`);
    await new Promise((wake) => setTimeout(wake, 2000));
  }
}

/** What npm complained about, without its list of options and its record of downloads. */
function complaints(logFile) {
  const lines = existsSync(logFile) ? readFileSync(logFile, 'utf8').split('\n') : [];
  const errors = lines.filter((line) => /^npm (error|ERR!) \S/.test(line));
  return (errors.length > 0 ? errors : lines).slice(0, 12).join('\n');
}

async function runInstallation(logFile, root, say) {
  const result = await runNpm(['ci'], logFile, root);
  if (result === 0 || !/EUSAGE/.test(complaints(logFile))) return result;
  // A registry that lacks packages of other platforms, or a dependency just added by hand: the locked versions still hold.
  say('"npm ci" finds package.json and package-lock.json out of step: using "npm install --no-save", which keeps the locked versions');
  rmSync(logFile, { force: true });
  return runNpm(['install', '--no-save'], logFile, root);
}

/** Installs when needed. Returns true when all is there, false when it failed (already said why). */
export async function installDependencies(root, say) {
  if (isInstalled(root)) return true;
  const workDir = join(root, '.flywheel');
  mkdirSync(workDir, { recursive: true });
  const release = await waitForTurn(join(workDir, 'install.lock'), say);
  try {
    if (isInstalled(root)) return true;
    const logFile = join(workDir, 'npm-ci.log');
    rmSync(logFile, { force: true });
    say('installing the dependencies (npm ci); a first time takes about a minute');
    const startedAt = Date.now();
    const heartbeat = setInterval(() => {
      say(`still installing: ${Math.round((Date.now() - startedAt) / 1000)} s, ${countFetched(logFile)} downloads`);
    }, HEARTBEAT_MS);
    const result = await runInstallation(logFile, root, say);
    clearInterval(heartbeat);
    if (result !== 0) {
      say(`npm failed (${result}):\n${complaints(logFile)}\nRun "npm ci" yourself to see more; the whole log is in ${logFile}.`);
      return false;
    }
    writeFileSync(join(root, 'node_modules', '.flywheel-lock-hash'), lockHash(root));
    say(`dependencies installed in ${Math.round((Date.now() - startedAt) / 1000)} s`);
    return true;
  } finally {
    release();
  }
}
