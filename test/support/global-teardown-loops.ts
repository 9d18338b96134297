import { leaveSharedPostgres } from './shared-postgres.ts';
import { removeWorkflowBundle } from './workflow-bundle.ts';

export default async function tearDown(): Promise<void> {
  await Promise.all((globalThis.flywheelTestTimes ?? []).map((server) => server.stop()));
  await removeWorkflowBundle();
  await leaveSharedPostgres();
}
