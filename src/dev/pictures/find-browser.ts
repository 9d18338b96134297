import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { systemEnv } from '../../config/env.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

/** The file of a Chromium on the PATH; throws with what to do where there is none. */
export function findBrowser(): string {
  const folders = (systemEnv()['PATH'] ?? '').split(delimiter);
  const found = NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find((file) => existsSync(file));
  if (found === undefined) throw new Error(`Taking pictures needs Chromium or Chrome on the PATH (${NAMES.join(', ')}). Install one and try again; nothing else of Flywheel needs it.`);
  return found;
}
