import { join } from 'node:path';
import { startTestServer } from '../../src/dev/test-server.ts';
import type { RunningTestServer } from '../../src/dev/test-server.ts';
import { joinSharedPostgres } from './shared-postgres.ts';
import { shareWorkflowBundle } from './workflow-bundle.ts';

declare global {
  var flywheelTestTimes: readonly RunningTestServer[] | undefined;
}

/** A server that skips time for each of jest's workers, and one bundle and one PostgreSQL for all files of the tier. */
export default async function setUp({ maxWorkers }: { readonly maxWorkers: number } = { maxWorkers: 1 }): Promise<void> {
  const executable = process.env['TEMPORAL_TEST_SERVER'];
  const cacheDir = join(__dirname, '../../.flywheel/cache');
  const start = (): Promise<RunningTestServer> => startTestServer({ cacheDir, ...(executable === undefined ? {} : { executable }) });
  // The first may have to be fetched.
  const [first] = await Promise.all([start(), shareWorkflowBundle(), joinSharedPostgres()]);
  const servers = [first, ...await Promise.all(Array.from({ length: maxWorkers - 1 }, start))];
  globalThis.flywheelTestTimes = servers;
  process.env['FLYWHEEL_TEST_TIME_PORTS'] = servers.map(({ port }) => String(port)).join(' ');
}
