/**
 * `npm run record-histories [-- name…]`: lives each scenario on virtual time and writes its history to `histories`.
 * Record a new one beside the old when a workflow's life changes: the old must go on replaying for as long as such a run may live.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import startLoopsTier from '../support/global-setup-loops.ts';
import stopLoopsTier from '../support/global-teardown-loops.ts';
import { openVirtualTime } from '../support/loops.ts';
import { SCENARIOS } from './scenarios.ts';

const FOLDER = join(__dirname, 'histories');

async function record(names: readonly string[]): Promise<void> {
  await startLoopsTier();
  const time = await openVirtualTime();
  try {
    mkdirSync(FOLDER, { recursive: true });
    for (const [name, live] of Object.entries(SCENARIOS)) {
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
  }
}

void record(process.argv.slice(2)).then(() => process.exit(0));
