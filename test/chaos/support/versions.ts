import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { bundleWorkflows } from '../../../src/worker/bundle-workflows.ts';
import { releasedBundles } from '../../replay/released-bundles.ts';
import { startKillableRole, type KillableRole } from './killable-role.ts';
import type { WholeStack } from './whole-stack.ts';

/**
 * Workflow code of several versions, each as a file for WORKFLOW_BUNDLE: the newest release, today's, and today's with a
 * step that `patched` guards, as the next release might have it.
 */
export const VERSIONS = ['released', 'today', 'patched'] as const;
export type Version = (typeof VERSIONS)[number];

const ROOT = join(__dirname, '../../..');

export async function bundleOf(version: Version, dir: string): Promise<string> {
  const file = join(dir, `${version}.cjs`);
  if (!existsSync(file)) writeFileSync(file, await codeOf(version));
  return file;
}

async function codeOf(version: Version): Promise<string> {
  switch (version) {
    case 'released': {
      const newest = releasedBundles().at(-1);
      if (newest === undefined) throw new Error('no release is kept in test/replay/bundles');
      return newest.code;
    }
    case 'today': return bundleWorkflows();
    case 'patched': return bundlePatched();
  }
}

/** Today's sources, changed as a careful author would: what is new stands behind a patch, so that old lives replay. */
async function bundlePatched(): Promise<string> {
  const cache = join(ROOT, '.flywheel/cache');
  mkdirSync(cache, { recursive: true });
  const dir = mkdtempSync(join(cache, 'patched-'));
  try {
    cpSync(join(ROOT, 'workflows'), join(dir, 'workflows'), { recursive: true });
    for (const folder of ['src', 'activities', 'db']) symlinkSync(join(ROOT, folder), join(dir, folder));
    const file = join(dir, 'workflows/system/sender/workflow.ts');
    writeFileSync(file, patched(readFileSync(file, 'utf8')));
    const { code } = await bundleWorkflowCode({ workflowsPath: join(dir, 'workflows/index.ts'), logger: new DefaultLogger('WARN') });
    return code;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function patched(source: string): string {
  const turn = /^( *)const report = await sendDue\(input\);$/m;
  const sdk = "} from '@temporalio/workflow';";
  if (!turn.test(source) || !source.includes(sdk)) throw new Error('the sender no longer looks as the test changes it; change test/chaos/support/versions.ts with it');
  return source.replace(sdk, `, patched, sleep ${sdk}`).replace(turn, "$1if (patched('rest-first')) await sleep(50);\n$&");
}

/** A worker with this version's workflow code; its activities are today's. */
export async function startVersion(stack: WholeStack, version: Version, dir: string): Promise<KillableRole> {
  return startKillableRole('worker', { ...stack.env, WORKFLOW_BUNDLE: await bundleOf(version, dir) }, join(dir, version));
}
