import { outboxWaiting } from '../../../db/read/outbox-waiting.ts';
import { command, done } from '../command.ts';
import { noFields } from '../fields.ts';
import { count, table } from '../text/table.ts';
import { iso, isoOrNull, lengthText } from '../text/time.ts';

export const outbox = command({
  name: 'outbox',
  summary: 'show what Temporal has still to be told',
  description: 'Counts the outbox by tenant and lane, the longest wait first. It is empty within a second or two while a relay runs and Temporal answers.',
  examples: [{ line: 'npx flywheel outbox', does: 'what waits, and for how long' }],
  args: noFields,
  options: noFields,
  async run({ context }) {
    const { sql } = context.relay();
    const [now, lanes] = [await context.now(sql), await outboxWaiting(sql)];
    const oldestAt = lanes[0]?.oldestAt ?? null;
    return done({
      waiting: lanes.reduce((sum, { waiting }) => sum + waiting, 0),
      oldestAt: isoOrNull(oldestAt),
      oldestAgeMs: oldestAt === null ? null : Math.max(0, now - oldestAt),
      lanes: lanes.map((lane) => ({ tenantId: lane.tenantId, lane: lane.lane, waiting: lane.waiting, oldestAt: iso(lane.oldestAt), oldestAgeMs: Math.max(0, now - lane.oldestAt) })),
    });
  },
  text: ({ waiting, oldestAgeMs, lanes }) => (oldestAgeMs === null
    ? 'The outbox is empty.'
    : `${count(waiting, 'row')} ${waiting === 1 ? 'waits' : 'wait'}, the oldest for ${lengthText(oldestAgeMs)}.\n\n${table(['tenant', 'lane', 'rows', 'oldest'], lanes.map((lane) => [lane.tenantId, lane.lane, String(lane.waiting), lengthText(lane.oldestAgeMs)]))}`),
});
