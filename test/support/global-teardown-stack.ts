import { leaveSharedPostgres } from './shared-postgres.ts';
import { removeWorkflowBundle } from './workflow-bundle.ts';

export default async function tearDown(): Promise<void> {
  await removeWorkflowBundle();
  await leaveSharedPostgres();
}
