import { join } from 'node:path';
import { z } from 'zod';
import { measure, profiled, type Lane, type Measured } from '../lane.ts';
import type { BenchChild } from '../support/bench-child.ts';
import type { BenchStack } from '../support/bench-stack.ts';
import { makeBenchTenant } from '../support/bench-tenant.ts';
import { checkDelivered, deliverHeld, handedBy, takeHanded } from '../support/deliveries.ts';
import { acceptHeld } from '../support/invites.ts';
import { perSecond, rateRow } from '../support/rows.ts';

const bossRun = z.object({ ms: z.number(), handled: z.number() });
const bossCount = z.object({ invites: z.number(), messages: z.number(), receipts: z.number(), jobs: z.number() });

/** From the commit that lets them go to `handed_off`, on a channel that does nothing; against pg-boss with the same writes. */
export const deliverLarge: Lane = {
  name: 'deliver-1000',
  title: 'Deliver to a channel that does nothing, requests of 1,000',
  async run(stack, { rounds, quick, profileDir, say }) {
    const sizes = Array.from({ length: quick ? 2 : 10 }, () => 1000);
    const items = sizes.length * 1000;
    const worker = await stack.worker('no-op');
    const boss = await startBoss(stack);
    const tenant = await makeBenchTenant(stack, 'large');
    const ours: Measured[] = [];
    const theirs: Measured[] = [];
    const theirTwo: Measured[] = [];
    let checked = '';
    for (let round = 0; round <= rounds; round += 1) {
      const addresses = await acceptHeld(stack, [tenant], sizes);
      await stack.superuser.sql`analyze`;
      const mine = await measure(stack, () => deliverHeld(stack, [tenant], items, handedBy(worker)));
      checked = await checkDelivered(stack, [tenant], addresses, (await takeHanded(worker)).map(({ to }) => to));
      const their = await bossRound(stack, boss, { sizes, perJob: false }, { batchSize: 100, workers: 1, handler: 'batch', writes: true, mails: 0 }, items);
      const theirWithTwo = await bossRound(stack, boss, { sizes, perJob: false }, { batchSize: 100, workers: 2, handler: 'batch', writes: true, mails: 0 }, items);
      say(`round ${String(round)}: ${perSecond(items, mine)}, pg-boss ${perSecond(items, their)}, two of it ${perSecond(items, theirWithTwo)}`);
      // The first warms up whatever warms up: caches, plans, pools, compiled code.
      if (round > 0) { ours.push(mine); theirs.push(their); theirTwo.push(theirWithTwo); }
    }
    if (profileDir !== null) {
      await acceptHeld(stack, [tenant], sizes);
      await profiled(worker, join(profileDir, 'deliver-1000.cpuprofile'), () => deliverHeld(stack, [tenant], items, handedBy(worker)));
      await takeHanded(worker);
    }
    return [rateRow({
      lane: this.name, what: this.title, unit: 'invites/s', perRound: items, items, ours, goal: { atLeast: 1.2 }, exactlyOnce: checked,
      reference: { name: 'pg-boss, a handler per batch of 100, same writes', measured: theirs },
    }), rateRow({
      lane: this.name, what: this.title, unit: 'invites/s', perRound: items, items, ours, goal: null, exactlyOnce: checked,
      reference: { name: 'pg-boss, two such handlers side by side', measured: theirTwo },
    })];
  },
};

export function startBoss(stack: BenchStack): Promise<BenchChild> {
  return stack.startReference('pg-boss', {}, [stack.superuserUrl, stack.sinkUrl]);
}

export type BossJobs = { readonly sizes: readonly number[]; readonly perJob: boolean };
export type BossRun = { readonly batchSize: number; readonly workers: number; readonly handler: 'batch' | 'job'; readonly writes: boolean; readonly mails: number };

/** One round of pg-boss with as many invites; throws where not all were handled once. */
export async function bossRound(stack: BenchStack, boss: BenchChild, jobs: BossJobs, run: BossRun, items: number): Promise<Measured> {
  await boss.call('enqueue', jobs, z.unknown());
  const measured = await measure(stack, async () => {
    const { ms, handled } = await boss.call('run', run, bossRun);
    if (handled !== items) throw new Error(`pg-boss handled ${String(handled)} of ${String(items)}`);
    return ms;
  });
  const left = await boss.call('count', null, bossCount);
  const all = run.writes ? items : 0;
  if (left.invites !== all || left.messages !== all || left.receipts !== all) throw new Error(`pg-boss left ${JSON.stringify(left)} of ${String(items)}`);
  return measured;
}
