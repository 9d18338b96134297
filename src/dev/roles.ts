import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { lastLines } from './guarded-program.ts';
import { startNodeChild } from './node-child.ts';
import type { NodeChild } from './node-child.ts';

export const ROLE_NAMES = ['api', 'relay', 'worker'] as const;
export type RoleName = (typeof ROLE_NAMES)[number];

const MAIN = join(__dirname, '..', 'main.ts');

/** Starts API, relay or worker as a process of its own, as production does; resolves when it is ready. */
export async function startRole(role: RoleName, env: Readonly<Record<string, string>>, logDir: string): Promise<NodeChild> {
  mkdirSync(logDir, { recursive: true });
  const logFile = join(logDir, `${role}.log`);
  const child = await startNodeChild({ script: MAIN, args: [role], env, logFile });
  try {
    await child.ready;
  } catch {
    throw new Error(`The ${role} could not start. The last it said (${logFile}):\n${lastLines(logFile, 12)}`);
  }
  return child;
}

/** Starts the three side by side. When one fails, the others are stopped before its error is thrown. */
export async function startRoles(env: Readonly<Record<string, string>>, logDir: string): Promise<Record<RoleName, NodeChild>> {
  const results = await Promise.allSettled(ROLE_NAMES.map((role) => startRole(role, env, logDir)));
  const [api, relay, worker] = results.map((result) => (result.status === 'fulfilled' ? result.value : undefined));
  if (api !== undefined && relay !== undefined && worker !== undefined) return { api, relay, worker };
  await Promise.all([api, relay, worker].map(async (child) => { await child?.stop(); }));
  const failed = results.find((result) => result.status === 'rejected');
  throw failed?.status === 'rejected' ? failed.reason : new Error('a role could not be started');
}
