import { z } from 'zod';
import { openRunsOfAll } from '../../../db/read/runs.ts';
import { runWorkflowId } from '../../../workflows/kit/contract.ts';
import { command, done } from '../command.ts';
import { flag, id, noFields, text, value, whole } from '../fields.ts';
import { count, table } from '../text/table.ts';
import { iso, isoOrNull, lengthText, readable } from '../text/time.ts';

/** A run is late when its deadline has passed for so long; the relay asks after it then. */
const LATE_MS = 60_000;
const USUAL = 50;

export const runs = command({
  name: 'runs',
  summary: 'list open runs: what each waits for, and which are late',
  description: 'Lists the open runs of all tenants, the earliest deadline first: of referrals under hold, payouts under way. A run whose deadline passed more than a minute ago is late: it is paused, no worker runs, or Temporal lost it; the relay lets one that is lost begin again.',
  examples: [
    { line: 'npx flywheel runs', does: 'the open runs whose deadline comes first' },
    { line: 'npx flywheel runs --late', does: 'only those whose deadline has passed; exit code 1 if there is one' },
    { line: 'npx flywheel runs --loop referral --most 500', does: 'up to 500 referrals that something is to come of' },
  ],
  args: noFields,
  options: z.strictObject({
    late: flag('only those whose deadline passed more than a minute ago; there being one is a problem'),
    loop: value('loop', 'only runs of this loop', text.optional()),
    tenant: value('tenant id', 'only of this tenant', id('tnt').optional()),
    most: value('number', `how many to list; ${String(USUAL)} when left out`, whole(1, 10_000).optional()),
  }),
  async run({ context, options: { late, loop, tenant, most = USUAL } }) {
    const { sql } = context.relay();
    const now = await context.now(sql);
    const found = await openRunsOfAll(sql, { dueBefore: late ? now - LATE_MS : null, loop: loop ?? null, tenantId: tenant ?? null, limit: most + 1 });
    const open = found.slice(0, most).map(({ tenantId, runId, loop: key, generation, dueAt, seenAt, openedAt }) => ({
      tenantId, runId, loop: key, generation, dueAt: isoOrNull(dueAt), lateMs: dueAt === null || dueAt >= now - LATE_MS ? null : now - dueAt,
      seenAt: iso(seenAt), openedAt: iso(openedAt), workflowId: runWorkflowId({ loop: key, runId, generation }),
    }));
    return done({ late, runs: open, more: found.length > most }, late && open.length > 0);
  },
  text: ({ late, runs: open, more }) => (open.length === 0 ? (late ? 'No run is late.' : 'No run is open.') : `${table(
    ['tenant', 'run', 'loop', 'life', 'next', 'late', 'seen'],
    open.map((run) => [run.tenantId, run.runId, run.loop, String(run.generation), run.dueAt === null ? 'waits for facts' : readable(run.dueAt), run.lateMs === null ? '–' : lengthText(run.lateMs), readable(run.seenAt)]),
  )}\n\n${count(open.length, 'run')}${more ? '; there are more' : ''}.`),
});
