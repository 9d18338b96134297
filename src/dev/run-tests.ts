/**
 * `npm test`: everything that proves the product, with a line a step and one closing line.
 * `npm test -- --only rules,database` runs the steps named.
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stopPrograms } from './run-program.ts';
import { STEP_GROUPS } from './test-steps.ts';
import type { Step, StepResult } from './test-steps.ts';

const ROOT = join(__dirname, '../..');
const STILL_RUNNING_EVERY_MS = 20_000;

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

/** The groups with only the steps asked for; a message where a name is none of theirs. */
function chooseSteps(args: readonly string[]): readonly (readonly Step[])[] | string {
  const names = STEP_GROUPS.flat().map((step) => step.name);
  if (args.length === 0) return STEP_GROUPS;
  const [flag, list, ...rest] = args;
  const wanted = list?.split(',') ?? [];
  const unknown = wanted.filter((name) => !names.includes(name));
  if (flag !== '--only' || wanted.length === 0 || rest.length > 0) return `Say "npm test" or "npm test -- --only ${names.join(',')}" with the steps you want.`;
  if (unknown.length > 0) return `There is no step ${unknown.join(', ')}. Steps: ${names.join(', ')}.`;
  return STEP_GROUPS.map((group) => group.filter((step) => wanted.includes(step.name))).filter((group) => group.length > 0);
}

async function runStep(step: Step, workDir: string): Promise<StepResult> {
  const startedAt = performance.now();
  const timer = setInterval(() => say(`     ${step.name.padEnd(10)}still running (${seconds(performance.now() - startedAt)})`), STILL_RUNNING_EVERY_MS);
  try {
    const result = await step.run({ workDir, root: ROOT });
    report(step, result);
    return result;
  } finally {
    clearInterval(timer);
  }
}

function report(step: Step, result: StepResult): void {
  const counts = `${result.passed} passed${result.failed > 0 ? `, ${result.failed} failed` : ''}`;
  say(`${result.failed > 0 ? 'FAIL' : 'ok  '} ${step.name.padEnd(10)}${counts}, ${seconds(result.durationMs)}  (${step.what})`);
  for (const complaint of result.complaints) say(`     ${complaint}`);
  if (result.failed > 0) say(`\n${result.output}\n`);
}

function seconds(durationMs: number): string {
  return `${(durationMs / 1000).toFixed(1)} s`;
}

async function main(): Promise<void> {
  const groups = chooseSteps(process.argv.slice(2));
  if (typeof groups === 'string') {
    say(groups);
    process.exitCode = 2;
    return;
  }
  const workDir = mkdtempSync(join(tmpdir(), 'flywheel-tests-'));
  // Started by root, PostgreSQL runs as somebody else: its own folders below must be within reach, not in sight.
  chmodSync(workDir, 0o711);
  process.once('exit', () => {
    stopPrograms();
    rmSync(workDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  });
  const startedAt = performance.now();
  const results: StepResult[] = [];
  for (const group of groups) results.push(...(await Promise.all(group.map((step) => runStep(step, workDir)))));
  const total = (of: 'passed' | 'failed'): number => results.reduce((sum, result) => sum + result[of], 0);
  say(`\nfinished in ${seconds(performance.now() - startedAt)}`);
  say(`${total('passed')} passed, ${total('failed')} failed`);
  process.exitCode = total('failed') > 0 ? 1 : 0;
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));
void main();
