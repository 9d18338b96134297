import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleWorkflowCode } from '@temporalio/worker';

const PATH = 'FLYWHEEL_TEST_WORKFLOW_BUNDLE';

declare global {
  /** Bundling takes seconds: the projects of one jest run share it. */
  var flywheelTestBundle: Promise<string> | undefined;
}

/** Bundles the workflows once a test run and tells the processes that run the test files where the bundle lies. */
export async function shareWorkflowBundle(): Promise<void> {
  globalThis.flywheelTestBundle ??= writeBundle();
  process.env[PATH] = await globalThis.flywheelTestBundle;
}

export async function removeWorkflowBundle(): Promise<void> {
  const codePath = await globalThis.flywheelTestBundle;
  globalThis.flywheelTestBundle = undefined;
  if (codePath !== undefined) rmSync(join(codePath, '..'), { recursive: true, force: true });
}

/** The bundle, as a worker's or a replay's option `workflowBundle` takes it. */
export function workflowBundle(): { codePath: string } {
  const codePath = process.env[PATH];
  if (codePath === undefined) throw new Error('the workflows were not bundled: move this test into a folder of the loops or replay tier (see jest.config.cjs)');
  return { codePath };
}

/** From now on `workflowBundle` gives this file in this process: to live as another version would. */
export function useWorkflowBundle(codePath: string): void {
  process.env[PATH] = codePath;
}

async function writeBundle(): Promise<string> {
  const messages: string[] = [];
  const note = (level: string, message: string): void => {
    if (level === 'WARN' || level === 'ERROR') messages.push(message);
  };
  try {
    const { code } = await bundleWorkflowCode({
      workflowsPath: join(__dirname, '../../workflows/index.ts'),
      logger: {
        log: note,
        trace: () => {},
        debug: () => {},
        info: () => {},
        warn: (message) => note('WARN', message),
        error: (message) => note('ERROR', message),
      },
    });
    const codePath = join(mkdtempSync(join(tmpdir(), 'flywheel-bundle-')), 'workflows.cjs');
    writeFileSync(codePath, code);
    return codePath;
  } catch (error) {
    throw new Error(`the workflows do not bundle:\n${messages.join('\n')}`, { cause: error });
  }
}
