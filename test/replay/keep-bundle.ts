/**
 * `npx tsx test/replay/keep-bundle.ts <version>`: keeps the sender of this release, as a worker would run it. From then on
 * each change of the sender is tried beside it (`npm run chaos -- side-by-side`) and lives recorded with it must replay.
 */
import { resolve } from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { keepBundle } from './released-bundles.ts';

async function keep(version: string | undefined): Promise<void> {
  if (version === undefined) throw new Error('Which version? npx tsx test/replay/keep-bundle.ts 1.2.3');
  const workflowsPath = resolve(__dirname, '../../workflows/system/sender/workflow.ts');
  const { code } = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('WARN') });
  const bytes = keepBundle({ version, code });
  process.stdout.write(`kept sender-${version}.js.gz: ${String(Math.round(bytes / 1024))} KiB\n`);
}

keep(process.argv[2]).then(() => process.exit(0), (error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
