import { z } from 'zod';
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
    const found = await askTenants(context, tenants.value, async (tx) => {
      const served = await laneServices(tx);
      return Promise.all(served.map(async ({ servedAt, ...lane }) => {
        const { nextAt, ...outlook } = await laneOutlook(tx, { ...lane, channel: channelOfLane(lane.lane) });
        return { ...lane, servedAt: isoOrNull(servedAt), ...outlook, nextAt: isoOrNull(nextAt), workflowId: senderWorkflowId(lane) };
      }));
    });
    return done({ build: buildName(), lanes: found.flat() });
  },
  text: ({ build, lanes: all }) => (all.length === 0 ? 'No lane has been served yet.' : `${table(
    ['tenant', 'lane', 'next', 'batches', 'held', 'served', 'by'],
    all.map((lane) => [lane.tenantId, lane.lane, lane.nextAt === null ? '–' : readable(lane.nextAt), String(lane.openBatches), String(lane.heldBatches),
      lane.servedAt === null ? '–' : readable(lane.servedAt), lane.servedBy ?? 'an older worker']),
  )}\n\nThis code is ${build}.`),
});
