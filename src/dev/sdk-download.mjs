/**
 * Makes the Temporal SDK fetch one of its servers: `node sdk-download.mjs createLocal|createTimeSkipping <folder>`.
 *
 * A process of its own, because the SDK downloads only while starting the server, and brings up its whole native
 * runtime for that. Ends with 0 when the server is in the folder; prints the reason and ends with 1 when it is not.
 */
import { createRequire } from 'node:module';

const { TestWorkflowEnvironment } = createRequire(import.meta.url)('@temporalio/testing');
const [, , method, downloadDir] = process.argv;

try {
  const environment = await TestWorkflowEnvironment[method]({ server: { executable: { type: 'cached-download', downloadDir } } });
  await environment.teardown();
  process.exit(0);
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
