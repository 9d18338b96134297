import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { startInbox } from './inbox.ts';
import type { RunningInbox } from './inbox.ts';
import { clearLeftover } from './pid-file.ts';
import { startSmsStandIn } from './sms/stand-in.ts';
import type { RunningSmsStandIn } from './sms/stand-in.ts';
import { startPostgres } from './postgres.ts';
import type { RunningPostgres } from './postgres.ts';
import { silent } from './progress.ts';
import type { OnProgress } from './progress.ts';
import { takeLock } from './stack-lock.ts';
import { startTemporal } from './temporal.ts';
import type { RunningTemporal, TemporalOptions } from './temporal.ts';

export type StackOptions = {
  /** Holds everything: data and logs of each part in a folder of its own, fetched programs in `cache`. Made when missing. */
  readonly dir: string;
  /** Which parts to bring up; those replaced by something of the user's own are left out. */
  readonly needs: { readonly postgres: boolean; readonly temporal: boolean; readonly inbox: boolean; readonly sms?: boolean };
  /** Free ones near by are taken, and said, when these are in use. */
  readonly preferredPorts?: {
    readonly postgres?: number;
    readonly temporal?: number;
    readonly temporalUi?: number;
    readonly smtp?: number;
    readonly inbox?: number;
    readonly sms?: number;
  };
  /** Forgets all that `dir` holds, except the fetched programs, before anything starts. */
  readonly fresh?: boolean;
  /** For tests: nothing waits for the disk. */
  readonly throwaway?: boolean;
  /** Where fetched programs are kept; `cache` below `dir` when not given. */
  readonly cacheDir?: string;
  readonly temporal?: Pick<TemporalOptions, 'searchAttributes' | 'dynamicConfig' | 'headless'>;
  readonly onProgress?: OnProgress;
};

export type RunningStack = {
  readonly postgres: RunningPostgres | undefined;
  readonly temporal: RunningTemporal | undefined;
  readonly inbox: RunningInbox | undefined;
  /** The stand-in of the SMS vendor; tell it where the API takes what phones answer. */
  readonly sms: RunningSmsStandIn | undefined;
  /** Stops every part, within 5 s. Stop what uses them first. May be called twice. */
  stop(): Promise<void>;
};

const CACHE = 'cache';
const LOCK = 'stack.lock';

/** Leaves out what is undefined, as exact optional properties ask for. */
function given<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  const entries: { [P in K]?: V } = {};
  if (value !== undefined) entries[key] = value;
  return entries;
}

async function forget(dir: string): Promise<void> {
  // A guardian may still be writing out a database whose parent was just killed.
  await clearLeftover(join(dir, 'postgres', 'postgres.pid'), 'PostgreSQL', 'SIGQUIT', 2000);
  await clearLeftover(join(dir, 'temporal', 'temporal.pid'), 'Temporal', 'SIGTERM', 2000);
  for (const name of readdirSync(dir)) {
    if (name !== CACHE && !name.endsWith('.lock')) rmSync(join(dir, name), { recursive: true, force: true });
  }
}

type Stoppable = { stop(): Promise<void> };

/** Starts all parts side by side; when one cannot start, those that could are stopped before its error is thrown. */
async function startParts(options: StackOptions, dir: string): Promise<Omit<RunningStack, 'stop'>> {
  const { needs, preferredPorts: ports = {}, throwaway = false, onProgress = silent } = options;
  const cacheDir = resolve(options.cacheDir ?? join(dir, CACHE));
  const started: Stoppable[] = [];
  const part = async <T extends Stoppable>(needed: boolean, start: () => Promise<T>): Promise<T | undefined> => {
    if (!needed) return undefined;
    const running = await start();
    started.push(running);
    return running;
  };
  const parts = [
    part(needs.postgres, () => startPostgres({ dir: join(dir, 'postgres'), throwaway, onProgress, ...given('port', ports.postgres) })),
    part(needs.temporal, () =>
      startTemporal({
        ...{ dir: join(dir, 'temporal'), cacheDir, onProgress },
        ...given('port', ports.temporal),
        ...given('uiPort', ports.temporalUi),
        ...options.temporal,
      }),
    ),
    part(needs.inbox, () =>
      startInbox({ dir: join(dir, 'inbox'), sync: !throwaway, onProgress, ...given('smtpPort', ports.smtp), ...given('httpPort', ports.inbox) }),
    ),
    part(needs.sms === true, () => startSmsStandIn({ dir: join(dir, 'sms'), onProgress, ...given('port', ports.sms) })),
  ] as const;
  try {
    const [postgres, temporal, inbox, sms] = await Promise.all(parts);
    return { postgres, temporal, inbox, sms };
  } catch (error) {
    await Promise.allSettled(parts);
    await Promise.allSettled(started.map((running) => running.stop()));
    throw error;
  }
}

/**
 * Brings up the embedded parts a user has not replaced by parts of their own. One stack a folder: a second one gets a
 * plain message. All parts bind to the loopback interface and stop with this process, however that ends.
 */
export async function startStack(options: StackOptions): Promise<RunningStack> {
  const dir = resolve(options.dir);
  mkdirSync(dir, { recursive: true });
  const release = await takeLock(join(dir, LOCK), `The stack in ${dir}`);
  try {
    if (options.fresh === true && existsSync(dir)) await forget(dir);
    const parts = await startParts(options, dir);
    let stopping: Promise<void> | undefined;
    const stopAll = async (): Promise<void> => {
      // No part uses another one, so they may go side by side; the lock goes last.
      await Promise.allSettled([parts.sms?.stop(), parts.inbox?.stop(), parts.temporal?.stop(), parts.postgres?.stop()]);
      release();
    };
    return {
      ...parts,
      stop: () => {
        stopping ??= stopAll();
        return stopping;
      },
    };
  } catch (error) {
    release();
    throw error;
  }
}
