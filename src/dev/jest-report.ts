import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';

const fileReport = z.object({
  name: z.string(),
  status: z.enum(['passed', 'failed', 'skipped', 'focused', 'pending']),
  assertionResults: z.array(z.object({ status: z.string(), fullName: z.string() })),
});

const jestReport = z.object({
  success: z.boolean(),
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numRuntimeErrorTestSuites: z.number(),
  testResults: z.array(fileReport),
});

export type TestCounts = {
  readonly passed: number;
  readonly failed: number;
  /** Why a run counts as failed beyond the tests that failed: files that could not run, tests that were skipped, nothing run. */
  readonly complaints: readonly string[];
};

/**
 * Counts what one jest run proved, from the file of its `--outputFile`. A file that could not run counts as one failure,
 * and so does every test that was skipped: what did not run proves nothing.
 */
export function readJestReport(outputFile: string, exitCode: number | null): TestCounts {
  if (!existsSync(outputFile)) return { passed: 0, failed: 1, complaints: ['nothing ran: its set-up failed'] };
  const report = jestReport.parse(JSON.parse(readFileSync(outputFile, 'utf8')));
  const skipped = report.testResults.flatMap((file) => file.assertionResults.filter((test) => test.status !== 'passed' && test.status !== 'failed'));
  const complaints = [
    ...(report.numRuntimeErrorTestSuites > 0 ? [`${report.numRuntimeErrorTestSuites} test files could not run`] : []),
    ...skipped.map((test) => `was skipped: ${test.fullName}`),
    ...(report.numPassedTests + report.numFailedTests === 0 ? ['no test was found'] : []),
  ];
  const failed = report.numFailedTests + report.numRuntimeErrorTestSuites + skipped.length;
  // Jest may fail without a failed test: an error in a tear-down, a leak.
  const failedOtherwise = failed === 0 && (exitCode !== 0 || complaints.length > 0);
  return { passed: report.numPassedTests, failed: failedOtherwise ? 1 : failed, complaints };
}
