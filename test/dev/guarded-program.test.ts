import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { runGuarded, startGuarded } from '../../src/dev/guarded-program.ts';
import type { ProgramSpec } from '../../src/dev/guarded-program.ts';
import { identifyProcess, isAlive, waitUntilGone } from '../../src/dev/process-identity.ts';
import type { ProcessIdentity } from '../../src/dev/process-identity.ts';

const GONE_WITHIN_MS = 10_000;
jest.setTimeout(60_000);

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'flywheel-guard-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function spec(command: string, args: readonly string[], more: Partial<ProgramSpec> = {}): ProgramSpec {
  return { what: command, command, args, logFile: join(dir, 'program.log'), stopSignal: 'SIGTERM', graceMs: 300, ...more };
}

function identify(pid: number): ProcessIdentity {
  const identity = identifyProcess(pid);
  if (identity === undefined) throw new Error(`process ${pid} does not run`);
  return identity;
}

async function parentOfSleep(): Promise<{ parent: ChildProcess; sleep: ProcessIdentity }> {
  const parent = fork(join(__dirname, 'fixtures', 'guarded-sleep.ts'), [dir], { execArgv: ['--import', 'tsx'], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const [message]: unknown[] = await once(parent, 'message');
  return { parent, sleep: identify(z.object({ pid: z.number() }).parse(message).pid) };
}

test('a program does not outlive a parent that was killed with kill -9, and the next start finds the way free', async () => {
  const { parent, sleep } = await parentOfSleep();
  parent.kill('SIGKILL');
  expect(await waitUntilGone(sleep, GONE_WITHIN_MS)).toBe(true);
  const next = await startGuarded(spec('sleep', ['600'], { pidFile: join(dir, 'sleep.pid') }));
  await next.stop();
});

test('a program in use by a living process is not taken away from it', async () => {
  const { parent, sleep } = await parentOfSleep();
  await expect(startGuarded(spec('sleep', ['600'], { pidFile: join(dir, 'sleep.pid') }))).rejects.toThrow(`already in use by process ${parent.pid}`);
  expect(isAlive(sleep)).toBe(true);
  parent.kill('SIGKILL');
  expect(await waitUntilGone(sleep, GONE_WITHIN_MS)).toBe(true);
});

test('a program that ignores the stop signal is killed after the grace, with what it started', async () => {
  const stubborn = await startGuarded(spec('sh', ['-c', 'trap "" TERM; sleep 600; sleep 600']));
  const program = identify(stubborn.pid);
  await stubborn.stop();
  expect(isAlive(program)).toBe(false);
});

test('stopping twice is the same as stopping once, and leaves no note of the program', async () => {
  const pidFile = join(dir, 'sleep.pid');
  const program = await startGuarded(spec('sleep', ['600'], { pidFile }));
  await Promise.all([program.stop(), program.stop()]);
  await program.stop();
  expect(existsSync(pidFile)).toBe(false);
});

test('a program that does not exist is an error that names it', async () => {
  await expect(startGuarded(spec('/no/such/program', []))).rejects.toThrow('/no/such/program');
});

test('a program that runs to its end hands back its exit code and what it printed', async () => {
  expect(await runGuarded(spec('sh', ['-c', 'echo out; echo err >&2; exit 3']))).toEqual({ code: 3, signal: null, output: 'out\nerr' });
});
