import { join } from 'node:path';
import { silent } from '../../src/dev/progress.ts';
import { findTemporalBinary } from '../../src/dev/temporal-binary.ts';
import { joinSharedPostgres } from './shared-postgres.ts';
import { shareWorkflowBundle } from './workflow-bundle.ts';

/** A PostgreSQL and a workflow bundle for all files of the tier; and Temporal's program is at hand before the first test's time runs. */
export default async function setUp(): Promise<void> {
  await findTemporalBinary(join(__dirname, '../../.flywheel/cache'), silent);
  await Promise.all([joinSharedPostgres(), shareWorkflowBundle()]);
}
