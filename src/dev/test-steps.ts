import { join } from 'node:path';
import { readJestReport } from './jest-report.ts';
import type { TestCounts } from './jest-report.ts';
import { runProgram } from './run-program.ts';

export type StepResult = TestCounts & { readonly durationMs: number; readonly output: string };
export type Step = {
  readonly name: string;
  readonly what: string;
  /** Of jest.config.cjs; none for what is no tier of tests. */
  readonly projects: readonly string[];
  run(context: { readonly workDir: string; readonly root: string }): Promise<StepResult>;
};

const CODE_FOLDERS = ['src', 'workflows', 'activities', 'db', 'examples', 'test'];
const MINUTE_MS = 60_000;

/** A program that passes or fails as one. */
function programStep(name: string, what: string, script: string, args: readonly string[]): Step {
  return {
    name,
    what,
    projects: [],
    async run({ root, workDir }) {
      const { code, timedOut, ...result } = await runProgram({ script: join(root, 'node_modules', script), args, tempDir: workDir, limitMs: 5 * MINUTE_MS });
      return { ...result, passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, complaints: [...timeComplaint(timedOut, 5), ...warningsIn(result.output)] };
    },
  };
}

type Tier = { readonly name: string; readonly what: string; readonly limitMinutes: number; readonly projects?: readonly string[]; readonly flags: readonly string[] };

/** One tier of tests: the project of jest.config.cjs with its name, or those named. */
function tierStep({ name, what, limitMinutes, projects = [name], flags }: Tier): Step {
  return {
    name,
    what,
    projects,
    async run({ workDir, root }) {
      const outputFile = join(workDir, `${name}.json`);
      const args = ['--selectProjects', ...projects, '--ci', '--json', '--outputFile', outputFile, ...flags];
      const result = await runProgram({ script: join(root, 'node_modules/jest/bin/jest.js'), args, tempDir: workDir, limitMs: limitMinutes * MINUTE_MS });
      const counts = readJestReport(outputFile, result.code);
      const complaints = [...counts.complaints, ...timeComplaint(result.timedOut, limitMinutes)];
      return { ...counts, complaints, durationMs: result.durationMs, output: withoutJson(result.output) };
    },
  };
}

function timeComplaint(timedOut: boolean, minutes: number): string[] {
  return timedOut ? [`did not end within ${minutes} minutes and was stopped`] : [];
}

/** What a linter only warns of (a file or function that has grown long) fails nothing, yet it is said. */
function warningsIn(output: string): string[] {
  const count = Number(/Found (\d+) warning/.exec(output)?.[1] ?? 0);
  return count > 0 ? [`${count} warnings; "npm run lint" shows them`] : [];
}

/** With `--json` jest prints its report as one line beside what it says to people. */
function withoutJson(output: string): string {
  return output.split('\n').filter((line) => !line.startsWith('{"numFailedTestSuites"') && !line.startsWith('Test results written to')).join('\n').trim();
}

/**
 * Everything that proves the product. Steps of one group run side by side; a group waits for the one before it.
 * A tier in which a timed-out test may leave something running is forced to its end.
 */
export const STEP_GROUPS: readonly (readonly Step[])[] = [
  [
    programStep('types', 'the compiler', 'typescript/bin/tsc', ['-p', '.', '--noEmit']),
    programStep('lint', 'rules for the code, with types', 'oxlint/bin/oxlint', ['--type-aware', ...CODE_FOLDERS]),
  ],
  [
    tierStep({ name: 'rules', what: 'pure rules', limitMinutes: 10, projects: ['rules-together', 'workflows'], flags: ['--maxWorkers=1'] }),
    tierStep({ name: 'checks', what: 'import boundaries, one clock, tenants apart', limitMinutes: 10, flags: ['--maxWorkers=1'] }),
    tierStep({ name: 'replay', what: 'recorded histories', limitMinutes: 5, flags: ['--maxWorkers=1', '--forceExit'] }),
  ],
  [tierStep({ name: 'database', what: 'on a real PostgreSQL', limitMinutes: 25, projects: ['database-together'], flags: ['--maxWorkers=2'] })],
  // One at a time: who sleeps on virtual time moves it, and on a busy machine activities under way would time out.
  [tierStep({ name: 'loops', what: 'on virtual time', limitMinutes: 15, flags: ['--maxWorkers=1', '--forceExit'] })],
  [tierStep({ name: 'stack', what: 'the whole, with real parts', limitMinutes: 25, flags: ['--maxWorkers=2', '--forceExit'] })],
  [tierStep({ name: 'browser', what: 'what people see, in Chromium', limitMinutes: 10, flags: ['--maxWorkers=2', '--forceExit'] })],
];
