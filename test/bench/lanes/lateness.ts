import { z } from 'zod';
import { refreshNextDue } from '../../../db/write/refresh-next-due.ts';
import { inviteId, type InviteRef } from '../../../src/domain/ids.ts';
import type { Lane } from '../lane.ts';
import type { BenchStack } from '../support/bench-stack.ts';
import { makeBenchTenant, type BenchTenant } from '../support/bench-tenant.ts';
import { checkDelivered, deliverHeld, handedBy, takeHanded } from '../support/deliveries.ts';
import { acceptHeld } from '../support/invites.ts';
import { figureRow } from '../support/rows.ts';
import { percentile } from '../support/statistics.ts';

const PER_SECOND = 300;
const SIZE = 100;
/** Time to set the due times and let go before the first is due. */
const AHEAD_MS = 3_000;
/** The worker's clock is the database's, right to half of the round trip it was asked by; ours here is the machine's. */
const CLOCKS_DIFFER_MS = 10;

/** 300 invites due a second, each at its own instant: how late the hand-off begins; beside a claim loop in plain SQL. */
export const lateness: Lane = {
  name: 'lateness',
  title: 'Timer lateness, p99 at 300 due invites a second',
  async run(stack, { rounds, quick, say }) {
    const count = (quick ? 2 : 10) * PER_SECOND;
    const worker = await stack.worker('no-op');
    const tenant = await makeBenchTenant(stack, 'timely');
    const loop = await stack.startReference('claim-loop', {}, [stack.superuserUrl]);
    const [ours, theirs]: [number[], number[]] = [[], []];
    let checked = '';
    for (let round = 0; round <= rounds; round += 1) {
      const addresses = await acceptHeld(stack, [tenant], Array.from({ length: count / SIZE }, () => SIZE));
      await stack.superuser.sql`analyze`;
      const dueAt = await spreadDueTimes(stack, tenant);
      await deliverHeld(stack, [tenant], count, handedBy(worker));
      const handed = await takeHanded(worker);
      checked = await checkDelivered(stack, [tenant], addresses, handed.map(({ to }) => to));
      const late = handed.map(({ messageId, at }) => at - (dueAt.get(messageId.slice(1, messageId.indexOf('.'))) ?? Number.NaN));
      if (!late.every((ms) => ms >= -CLOCKS_DIFFER_MS)) throw new Error(`a message left ${(-Math.min(...late)).toFixed(1)} ms before it was due`);
      const mine = percentile(late, 0.99);
      const their = percentile(await loop.call('run', { count, perSecond: PER_SECOND }, z.array(z.number())), 0.99);
      say(`round ${String(round)}: p99 ${mine.toFixed(1)} ms (p50 ${percentile(late, 0.5).toFixed(1)}), the loop ${their.toFixed(1)} ms`);
      if (round > 0) { ours.push(mine); theirs.push(their); }
    }
    return [figureRow({
      lane: this.name, what: this.title, unit: 'ms', ours, reference: { name: 'a claim loop in plain SQL', values: theirs }, judge: 'ours', goal: { atMost: 60 }, exactlyOnce: checked,
    })];
  },
};

/** Gives each waiting invite an instant of its own, spread evenly, in an order that jumps between the requests; returned by its id. */
async function spreadDueTimes(stack: BenchStack, tenant: BenchTenant): Promise<Map<string, number>> {
  const firstAt = Date.now() + AHEAD_MS;
  const rows = await stack.superuser.sql<InviteRef[]>`
    select batch_id as "batchId", n from invites where tenant_id = ${tenant.tenantId} and state = 'waiting' order by n, batch_id`;
  const due = rows.map((_, i) => firstAt + i * 1000 / PER_SECOND);
  await stack.superuser.sql`
    update invites i set due_at = to_timestamp(d.at / 1000) from unnest(${rows.map((row) => row.batchId)}::text[], ${rows.map((row) => row.n)}::smallint[], ${due.map(String)}::float8[]) as d (batch_id, n, at)
    where i.batch_id = d.batch_id and i.n = d.n`;
  await stack.superuser.asTenant(tenant.tenantId, (tx) => refreshNextDue(tx, rows.map(({ batchId }) => batchId)));
  return new Map(rows.map((row, i) => [inviteId(row), due[i] ?? Number.NaN]));
}
