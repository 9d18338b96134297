import { spawnSync } from 'node:child_process';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const ANSWERS_WITHIN_MS = 25_000;

/** The name of a Chromium on the PATH; throws with what to do where there is none. */
export function findBrowser(): string {
  const found = NAMES.find((name) => spawnSync(name, ['--version'], { stdio: 'ignore', timeout: ANSWERS_WITHIN_MS }).status === 0);
  if (found === undefined) throw new Error(`Taking pictures needs Chromium or Chrome on the PATH (${NAMES.join(', ')}). Install one and try again; nothing else of Flywheel needs it.`);
  return found;
}
