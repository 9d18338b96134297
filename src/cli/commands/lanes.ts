import { z } from 'zod';
import { laneHold } from '../../../db/read/lane-hold.ts';
import { laneOutlook } from '../../../db/read/lane-outlook.ts';
import { laneServices } from '../../../db/read/lane-service.ts';
import { channelOfLane, senderWorkflowId } from '../../../workflows/system/sender/contract.ts';
import { buildName } from '../../config/build.ts';
import { command, done } from '../command.ts';
import { id, noFields, value } from '../fields.ts';
import { askTenants, tenantsToAsk } from '../tenant-access.ts';
import { table } from '../text/table.ts';
import { isoOrNull, readable } from '../text/time.ts';

export const lanes = command({
  name: 'lanes',
  summary: 'show each lane: what is next, and which worker served it last',
  description: 'Lists the lanes through which messages leave: when the next is due, how many batches are open or held, and which build of the worker served the lane last. A lane appears with its first turn.',
  examples: [{ line: 'npx flywheel lanes --tenant tnt_01kx7m3p9q2r4s5t6v7w8x9y0z', does: 'the lanes of one tenant' }],
  args: noFields,
  options: z.strictObject({ tenant: value('tenant id', 'only of this tenant', id('tnt').optional()) }),
  async run({ context, options: { tenant } }) {
    const tenants = await tenantsToAsk(context, tenant);
    if (tenants.kind === 'failed') return tenants;
    const now = await context.now(context.relay().sql);
    const found = await askTenants(context, tenants.value, async (tx) => {
      const served = await laneServices(tx);
      return Promise.all(served.map(async ({ servedAt, ...lane }) => {
        const named = { ...lane, channel: channelOfLane(lane.lane) };
        const { nextAt, ...outlook } = await laneOutlook(tx, named);
        const hold = nextAt === null ? null : await laneHold(tx, named, now);
        const held = hold === null ? {} : { heldBatches: outlook.openBatches, heldBy: hold.by };
        return { ...lane, servedAt: isoOrNull(servedAt), ...outlook, ...held, nextAt: isoOrNull(hold === null ? nextAt : Math.max(nextAt ?? 0, hold.until)), workflowId: senderWorkflowId(lane) };
      }));
    });
    return done({ build: buildName(), lanes: found.flat() });
  },
  text: ({ build, lanes: all }) => (all.length === 0 ? 'No lane has been served yet.' : `${table(
    ['tenant', 'lane', 'next', 'batches', 'held', 'served', 'by'],
    all.map((lane) => [lane.tenantId, lane.lane, lane.nextAt === null ? '–' : readable(lane.nextAt), String(lane.openBatches), String(lane.heldBatches),
      lane.servedAt === null ? '–' : readable(lane.servedAt), lane.servedBy ?? 'an older worker']),
  )}${heldText(all)}\n\nThis code is ${build}.`),
});

/** A line for each thing that holds something. */
function heldText(lanes: readonly { heldBy: string | null }[]): string {
  const why = [...new Set(lanes.flatMap(({ heldBy }) => (heldBy === null ? [] : [heldBy])))];
  return why.length === 0 ? '' : `\n\nHeld by:\n${why.map((by) => `- ${by}`).join('\n')}`;
}
