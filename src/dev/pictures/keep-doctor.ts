import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const FLYWHEEL = join(__dirname, '..', '..', 'cli', 'flywheel.mjs');
const ENDS_WITHIN_MS = 60_000;
const BLOCK = /(<!-- doctor: written by npm run pictures -->\n)[\s\S]*?(<!-- end of doctor -->)/;
const run = promisify(execFile);

/** Writes what `npx flywheel doctor` says of the running product into its place on a page of docs/. Throws where it finds a problem. */
export async function keepDoctor(page: string, { apiUrl, env }: { apiUrl: string; env: Readonly<Record<string, string>> }): Promise<void> {
  // Not in the way of this process: the inbox, which is asked too, runs in it.
  const { stdout } = await run(process.execPath, [FLYWHEEL, 'doctor', '--api-url', apiUrl], { env: { ...env }, timeout: ENDS_WITHIN_MS });
  const text = readFileSync(page, 'utf8');
  if (!BLOCK.test(text)) throw new Error(`${page} has no place for what doctor says`);
  writeFileSync(page, text.replace(BLOCK, (_all, begins: string, ends: string) => `${begins}\n\`\`\`text\n$ npx flywheel doctor --api-url ${apiUrl}\n${stdout.trim()}\n\`\`\`\n\n${ends}`));
}
