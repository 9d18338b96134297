import { accessSync, constants, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { runGuarded } from './guarded-program.ts';

/** The two servers the Temporal SDK can fetch by itself: how it calls them, and how it names their files. */
const SERVERS = {
  'dev-server': { method: 'createLocal', filePrefix: 'temporal-sdk-typescript-' },
  'time-skipping': { method: 'createTimeSkipping', filePrefix: 'temporal-test-server-sdk-typescript-' },
} as const;

export type SdkServer = keyof typeof SERVERS;

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The server file fetched earlier into the cache folder, or undefined. */
export function findSdkServer(server: SdkServer, cacheDir: string): string | undefined {
  const folder = join(cacheDir, 'sdk');
  if (!existsSync(folder)) return undefined;
  return readdirSync(folder)
    .filter((name) => name.startsWith(SERVERS[server].filePrefix) && !name.endsWith('.downloading'))
    .map((name) => join(folder, name))
    .find(isExecutable);
}

/** The SDK repeats the address at every level of its error; what went wrong stands at the end. */
function shortReason(output: string): string {
  const line = output.split('\n').at(-1) ?? '';
  return line.replace(/^.*\burl \([^)]*\): /, '') || 'no file arrived';
}

/** Lets the SDK fetch the server. Returns its path, or why it could not be had (no network: after some 50 ms). */
export async function downloadSdkServer(server: SdkServer, cacheDir: string): Promise<{ path: string } | { reason: string }> {
  const folder = join(cacheDir, 'sdk');
  mkdirSync(folder, { recursive: true });
  const { output } = await runGuarded({
    what: "The SDK's download",
    command: process.execPath,
    args: [join(__dirname, 'sdk-download.mjs'), SERVERS[server].method, folder],
    logFile: join(cacheDir, `sdk-${server}.log`),
    stopSignal: 'SIGKILL',
    graceMs: 0,
  });
  const path = findSdkServer(server, cacheDir);
  return path === undefined ? { reason: shortReason(output) } : { path };
}
