import { startRole, type RoleName } from '../../../src/dev/roles.ts';
import type { NodeChild } from '../../../src/dev/node-child.ts';

/** API, relay or worker as a process that tests kill, freeze and start again. */
export type KillableRole = {
  readonly pid: number;
  /** False once it has ended, however it did. */
  readonly alive: boolean;
  /** How often it ended without having been told to. */
  readonly endedByItself: number;
  /** `kill -9`; resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGTERM, as a deployment would. */
  stop(): Promise<void>;
  /** SIGSTOP: the process stands still and knows nothing of it. */
  freeze(): void;
  /** SIGCONT. */
  thaw(): void;
  /** Starts it again after its end; resolves when it is ready. */
  start(): Promise<void>;
};

export async function startKillableRole(role: RoleName, env: Readonly<Record<string, string>>, logDir: string): Promise<KillableRole> {
  let child: NodeChild;
  let alive = false;
  let told = false;
  let endedByItself = 0;
  const start = async (): Promise<void> => {
    if (alive) throw new Error(`the ${role} still runs`);
    child = await startRole(role, env, logDir);
    const started = child;
    alive = true;
    told = false;
    void started.exited.then(() => {
      if (!told) endedByItself += 1;
      if (child === started) alive = false;
    });
  };
  const ended = async (how: () => Promise<void>): Promise<void> => {
    told = true;
    await how();
    alive = false;
  };
  await start();
  return {
    get pid() { return child.pid; },
    get alive() { return alive; },
    get endedByItself() { return endedByItself; },
    kill: () => ended(() => child.kill()),
    stop: () => ended(() => child.stop()),
    freeze: () => { process.kill(child.pid, 'SIGSTOP'); },
    thaw: () => { process.kill(child.pid, 'SIGCONT'); },
    start,
  };
}
