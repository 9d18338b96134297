/**
 * A guardian for one native program (PostgreSQL, Temporal, a JVM).
 *
 * Native programs know nothing of the Node process that wanted them: when that process is killed with `kill -9`
 * they would stay behind and keep their ports and files. So each runs below a guardian, forked with an IPC channel.
 * The kernel closes the channel when the parent is gone, however it went; the guardian then stops the program and exits.
 *
 * Messages in:  { kind: 'start', spec } once, then { kind: 'stop' }.
 * Messages out: { kind: 'spawned', pid }, { kind: 'failed', message }, { kind: 'exited', code, signal }.
 *
 * Plain Node without dependencies, so that it starts fast and works before anything is installed.
 */
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';

/** The parent alone decides when and in which order things stop; a terminal's Ctrl-C must not come in between. */
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});

let child;
let stopSignal = 'SIGTERM';
let graceMs = 5000;
let stopping = false;

function tell(message, done = () => {}) {
  if (!process.connected) return done();
  process.send(message, () => done());
}

/** Kills the program and whatever it started in its own process group. */
function killHard() {
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL');
  }
}

function stop() {
  if (stopping) return;
  stopping = true;
  if (!child) process.exit(0);
  if (stopSignal === 'SIGKILL') return killHard();
  child.kill(stopSignal);
  setTimeout(killHard, graceMs);
}

function start(spec) {
  stopSignal = spec.stopSignal;
  graceMs = spec.graceMs;
  const log = openSync(spec.logFile, 'a', 0o600);
  try {
    child = spawn(spec.command, spec.args, {
      stdio: ['ignore', log, log],
      detached: true,
      windowsHide: true,
      ...(spec.cwd === undefined ? {} : { cwd: spec.cwd }),
      ...(spec.env === undefined ? {} : { env: spec.env }),
      ...(spec.uid === undefined ? {} : { uid: spec.uid }),
      ...(spec.gid === undefined ? {} : { gid: spec.gid }),
    });
  } catch (error) {
    return tell({ kind: 'failed', message: error.message }, () => process.exit(1));
  }
  closeSync(log);
  child.once('spawn', () => tell({ kind: 'spawned', pid: child.pid }));
  child.once('error', (error) => tell({ kind: 'failed', message: error.message }, () => process.exit(1)));
  child.once('exit', (code, signal) => tell({ kind: 'exited', code, signal }, () => process.exit(0)));
}

process.on('message', (message) => {
  if (message.kind === 'start') start(message.spec);
  if (message.kind === 'stop') stop();
});
process.on('disconnect', stop);
