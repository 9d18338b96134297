import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readJestReport } from '../../src/dev/jest-report.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flywheel-report-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const file = (...statuses: string[]): object => ({ name: 'x.test.ts', status: 'passed', assertionResults: statuses.map((status, n) => ({ status, fullName: `promise ${n}` })) });

function read(report: object, exitCode: number | null): ReturnType<typeof readJestReport> {
  const path = join(folder, 'report.json');
  writeFileSync(path, JSON.stringify({ success: true, numPassedTests: 2, numFailedTests: 0, numRuntimeErrorTestSuites: 0, testResults: [file('passed', 'passed')], ...report }));
  return readJestReport(path, exitCode);
}

test('tests that passed are counted', () => {
  expect(read({}, 0)).toEqual({ passed: 2, failed: 0, complaints: [] });
});

test('a test that was skipped counts as failed, by its name', () => {
  expect(read({ testResults: [file('passed', 'pending'), file('passed', 'todo')] }, 0)).toEqual({
    passed: 2, failed: 2, complaints: ['was skipped: promise 1', 'was skipped: promise 1'],
  });
});

test('a file that could not run counts as failed', () => {
  expect(read({ numRuntimeErrorTestSuites: 1 }, 1)).toMatchObject({ passed: 2, failed: 1 });
});

test('a run that found no test proves nothing and counts as failed', () => {
  expect(read({ numPassedTests: 0, testResults: [] }, 0)).toMatchObject({ passed: 0, failed: 1 });
});

test('a run that failed without a failed test, by a leak or a tear-down, counts as failed', () => {
  expect(read({}, 1)).toMatchObject({ passed: 2, failed: 1 });
  expect(read({}, null)).toMatchObject({ passed: 2, failed: 1 });
});

test('a run that left no report counts as failed', () => {
  expect(readJestReport(join(folder, 'none.json'), 1)).toMatchObject({ passed: 0, failed: 1 });
});
