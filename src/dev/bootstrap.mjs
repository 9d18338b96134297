/**
 * What `npm start` and `npm test` run first: `node src/dev/bootstrap.mjs start|test [arguments]`.
 * Checks the Node version, installs the dependencies when needed, then runs the real program in the foreground.
 * Plain Node without dependencies, because it runs before they exist.
 */
import { fork } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { installDependencies } from './install-dependencies.mjs';

const OLDEST_NODE = [20, 19];
const PROGRAMS = { start: 'start.ts', test: 'run-tests.ts' };
const SIGNAL_NUMBERS = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 };
const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(dirname(here));

function say(text) {
  process.stdout.write(`  ${'setup'.padEnd(12)}${text}\n`);
}

function refuse(text) {
  process.stderr.write(`${text}\n`);
  process.exit(1);
}

function checkNodeVersion() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
    refuse(`Flywheel needs Node ${OLDEST_NODE.join('.')} or newer; this is Node ${process.versions.node}. Install a newer one from https://nodejs.org and start again.`);
  }
}

/** The parent of a process, on Linux; elsewhere unknown. */
function parentOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return undefined;
  }
}

/**
 * npm gives its scripts no channel, so its sudden end shows only in that its orphans get another parent: we, or the shell
 * that it put in between. Started without npm there is nobody to watch: a shell may leave its background jobs behind on purpose.
 */
function whenNpmIsGone(act) {
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  const isShell = existsSync(`/proc/${parent}/comm`) && /^(sh|ash|bash|dash|busybox)$/.test(readFileSync(`/proc/${parent}/comm`, 'utf8').trim());
  const grandparent = isShell ? parentOf(parent) : undefined;
  const timer = setInterval(() => {
    if (process.ppid === parent && (grandparent === undefined || parentOf(parent) === grandparent)) return;
    clearInterval(timer);
    act();
  }, 500);
  timer.unref();
}

function runInForeground(program, args) {
  const child = fork(join(here, program), args, {
    cwd: root,
    execArgv: ['--import', 'tsx', '--import', pathToFileURL(join(here, 'exit-with-parent.mjs')).href],
    // A session of its own: it hears Ctrl-C once, from us, and not a `kill -9` meant for our whole group; the closed channel tells it.
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  whenNpmIsGone(() => child.kill('SIGTERM'));
  child.once('error', (error) => refuse(`${program} could not be started: ${error.message}`));
  child.once('exit', (code, signal) => process.exit(code ?? 128 + (SIGNAL_NUMBERS[signal] ?? 1)));
}

async function main() {
  checkNodeVersion();
  const [, , name, ...args] = process.argv;
  const program = PROGRAMS[name];
  if (program === undefined) refuse(`Say what to run: node src/dev/bootstrap.mjs ${Object.keys(PROGRAMS).join('|')} [arguments]`);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(128 + SIGNAL_NUMBERS[signal]));
  whenNpmIsGone(() => process.exit(1));
  if (!(await installDependencies(root, say))) process.exit(1);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.removeAllListeners(signal);
  runInForeground(program, args);
}

void main();
