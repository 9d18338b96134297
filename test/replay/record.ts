/**
 * `npm run record-histories [-- name…]`: lives each scenario on virtual time and writes its history to `histories`.
 * Record a new one beside the old when a workflow's life changes: the old must go on replaying for as long as such a run may live.
 * `npm run record-histories -- --released <version>` lives the sender's with the bundle of that release: see keep-bundle.ts.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import startLoopsTier from '../support/global-setup-loops.ts';
import stopLoopsTier from '../support/global-teardown-loops.ts';
import { openVirtualTime } from '../support/loops.ts';
import { useWorkflowBundle } from '../support/workflow-bundle.ts';
import { releasedBundles } from './released-bundles.ts';
import { SCENARIOS } from './scenarios.ts';

const FOLDER = join(__dirname, 'histories');

async function record(names: readonly string[], released: string | undefined): Promise<void> {
  await startLoopsTier();
  const dir = mkdtempSync(join(tmpdir(), 'flywheel-released-'));
  if (released !== undefined) useReleased(released, join(dir, 'workflows.cjs'));
  const time = await openVirtualTime();
  try {
    mkdirSync(FOLDER, { recursive: true });
    for (const [life, live] of Object.entries(SCENARIOS)) {
      if (released !== undefined && !life.startsWith('sender-')) continue;
      const name = released === undefined ? life : `${life}-by-${released}`;
      const file = join(FOLDER, `${name}.json`);
      // A recorded history is a promise to runs that live: it is written over only by name.
      if (names.length === 0 ? existsSync(file) : !names.includes(name)) continue;
      const history: unknown = JSON.parse(historyToJSON(await live(time)));
      writeFileSync(file, `${JSON.stringify(history)}\n`);
      process.stdout.write(`recorded ${name}\n`);
    }
  } finally {
    await time.close();
    await stopLoopsTier();
    rmSync(dir, { recursive: true, force: true });
  }
}

function useReleased(version: string, file: string): void {
  const bundle = releasedBundles().find((one) => one.version === version);
  if (bundle === undefined) throw new Error(`no bundle of ${version} is kept`);
  writeFileSync(file, bundle.code);
  useWorkflowBundle(file);
}

const [first, second, ...rest] = process.argv.slice(2);
const names = [first, second, ...rest].filter((name) => name !== undefined);
void (first === '--released' ? record(rest, second) : record(names, undefined)).then(() => process.exit(0));
