import { z } from 'zod';
import { measure, type Lane, type Measured } from '../lane.ts';
import type { BenchChild } from '../support/bench-child.ts';
import type { BenchStack } from '../support/bench-stack.ts';
import { makeBenchTenant, type BenchTenant } from '../support/bench-tenant.ts';
import { checkDelivered, deliverHeld, handedBy, takeHanded } from '../support/deliveries.ts';
import { acceptHeld } from '../support/invites.ts';
import { perSecond, rateRow } from '../support/rows.ts';
import { bossRound, startBoss } from './deliver-large.ts';

const naiveRun = z.object({ ms: z.number(), sent: z.number() });

/** The same with requests of 1 to 5 invitees; also against a workflow per invite, on the same Temporal server. */
export const deliverSmall: Lane = {
  name: 'deliver-small',
  title: 'The same, requests of 1 to 5 invitees',
  async run(stack, { rounds, quick, say }) {
    const sizes = Array.from({ length: quick ? 100 : 2000 }, (_, i) => 1 + (i % 5));
    const items = sizes.reduce((sum, size) => sum + size, 0);
    const workflows = quick ? 20 : 200;
    const worker = await stack.worker('no-op');
    const boss = await startBoss(stack);
    const naive = await stack.startReference('naive-temporal', {}, [stack.temporal.address, stack.temporal.namespace]);
    const one = [await makeBenchTenant(stack, 'small')];
    const many: BenchTenant[] = [];
    for (let i = 0; i < (quick ? 10 : 200); i += 1) many.push(await makeBenchTenant(stack, `small${String(i)}`));
    const [ours, ofMany, bosses, naives]: [Measured[], Measured[], Measured[], Measured[]] = [[], [], [], []];
    const checks = { one: '', many: '' };
    for (let round = 0; round <= rounds; round += 1) {
      const mine = await ourRound(stack, worker, one, sizes);
      const their = await bossRound(stack, boss, { sizes, perJob: true }, { batchSize: 50, workers: 1, handler: 'job', writes: true, mails: 0 }, items);
      const ofTenants = await ourRound(stack, worker, many, sizes);
      const asWorkflows = await measure(stack, async () => {
        const { ms, sent } = await naive.call('run', workflows, naiveRun);
        if (sent !== workflows) throw new Error(`naive Temporal sent ${String(sent)} of ${String(workflows)}`);
        return ms;
      });
      say(`round ${String(round)}: ${perSecond(items, mine)}, pg-boss ${perSecond(items, their)}, ${String(many.length)} tenants ${perSecond(items, ofTenants)}, a workflow each ${perSecond(workflows, asWorkflows)}`);
      if (round > 0) { ours.push(mine); bosses.push(their); ofMany.push(ofTenants); naives.push(asWorkflows); }
      Object.assign(checks, { one: mine.checked, many: ofTenants.checked });
    }
    const about = { lane: this.name, unit: 'invites/s', perRound: items, items };
    return [
      rateRow({ ...about, what: `${this.title}, one tenant`, ours, goal: { atLeast: 1 }, exactlyOnce: checks.one, reference: { name: "pg-boss, a handler per request's invitees, same writes", measured: bosses } }),
      rateRow({ ...about, what: `${this.title}, ${String(many.length)} tenants`, ours: ofMany, goal: null, exactlyOnce: checks.many, reference: { name: "pg-boss, a handler per request's invitees, same writes", measured: bosses } }),
      rateRow({ ...about, what: `${this.title}, one tenant`, ours, goal: { atLeast: 100 }, exactlyOnce: checks.one, reference: { name: `a workflow per invite, timer and two activities (${String(workflows)} a round)`, perRound: workflows, measured: naives } }),
    ];
  },
};

async function ourRound(stack: BenchStack, worker: BenchChild, tenants: readonly BenchTenant[], sizes: readonly number[]): Promise<Measured & { checked: string }> {
  const addresses = await acceptHeld(stack, tenants, sizes);
  await stack.superuser.sql`analyze`;
  const measured = await measure(stack, () => deliverHeld(stack, tenants, addresses.length, handedBy(worker)));
  return { ...measured, checked: await checkDelivered(stack, tenants, addresses, (await takeHanded(worker)).map(({ to }) => to)) };
}
