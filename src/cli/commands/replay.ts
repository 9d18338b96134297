import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { TASK_QUEUE } from '../../../workflows/system/sender/contract.ts';
import { buildName } from '../../config/build.ts';
import { command, done } from '../command.ts';
import type { Context } from '../context.ts';
import { noFields, text, value, whole } from '../fields.ts';
import { withTemporal } from '../temporal.ts';
import { count } from '../text/table.ts';

export const replay = command({
  name: 'replay',
  summary: 'replay a cluster\'s histories against this code',
  description: 'Downloads the histories of workflows, those that run first, and replays each with this code\'s workflows: what would break when workers of this version take over shows before they do. Nothing in the cluster is changed. Exit code 1 if one breaks.',
  examples: [
    { line: 'npx flywheel replay', does: 'before a release: the running workflows, then the last that closed' },
    { line: 'npx flywheel replay --limit 1000 --query "FlywheelTenant = \'tnt_01kx7m3p9q2r4s5t6v7w8x9y0z\'"', does: 'those of one tenant' },
  ],
  args: noFields,
  options: z.strictObject({
    limit: value('number', 'how many histories at most: 100 when left out', whole(1, 100_000).default(100)),
    query: value('filter', 'a list filter that narrows which workflows, as the Temporal UI takes it', text.optional()),
  }),
  limitMs: null,
  async run({ context, options: { limit, query } }) {
    const answered = await withTemporal(context, async (temporal) => {
      const filter = `TaskQueue = '${TASK_QUEUE}'${query === undefined ? '' : ` AND (${query})`}`;
      // A worker's libraries take most of a second to load: no other command waits for them.
      const { replayRuns } = await import('../replay-runs.ts');
      return replayRuns(temporal, { filter, limit, workflowBundle: await bundleOf(context), say: context.say });
    });
    if (answered.kind === 'failed') return answered;
    return done({ build: buildName(), ...answered.value }, answered.value.broken.length > 0);
  },
  text: ({ build, replayed, gone, broken }) => [
    ...broken.map(({ workflowId, runId, why }) => `${workflowId} (run ${runId}) breaks:\n  ${why}`),
    `${count(replayed, 'history', 'histories')} replayed with ${build}: ${broken.length === 0 ? 'none breaks' : `${String(broken.length)} break`}.${gone > 0 ? ` ${String(gone)} were gone before they could be read.` : ''}`,
    ...(broken.length > 0 ? ['  → Do not roll this version out: guard the change with patched(), and record a history for it.'] : []),
    ...(replayed === 0 ? ['  → Nothing was compared: is this the right namespace, and has a sender ever run?'] : []),
  ].join('\n'),
});

/** What a worker here would run: the file it is given, else the sources. */
async function bundleOf(context: Context): Promise<{ code: string }> {
  const { WORKFLOW_BUNDLE: file } = context.env(['WORKFLOW_BUNDLE']);
  if (file !== undefined) return { code: await readFile(file, 'utf8') };
  const { bundleWorkflows } = await import('../../worker/bundle-workflows.ts');
  return { code: await bundleWorkflows() };
}
