import { join } from 'node:path';
import { startTestServer } from '../../src/dev/test-server.ts';
import type { RunningTestServer } from '../../src/dev/test-server.ts';
import { shareWorkflowBundle } from './workflow-bundle.ts';

declare global {
  var flywheelTestTime: RunningTestServer | undefined;
}

/** One server that skips time, and one bundle, for all files of the tier. */
export default async function setUp(): Promise<void> {
  const executable = process.env['TEMPORAL_TEST_SERVER'];
  const [server] = await Promise.all([
    startTestServer({ cacheDir: join(__dirname, '../../.flywheel/cache'), ...(executable === undefined ? {} : { executable }) }),
    shareWorkflowBundle(),
  ]);
  globalThis.flywheelTestTime = server;
  process.env['FLYWHEEL_TEST_TIME_PORT'] = String(server.port);
}
