import { join } from 'node:path';
import { z } from 'zod';
import { measure, profiled, type Goal, type Lane, type Measured, type Row } from '../lane.ts';
import type { BenchStack } from '../support/bench-stack.ts';
import { makeBenchTenant } from '../support/bench-tenant.ts';
import { checkDelivered, deliverHeld } from '../support/deliveries.ts';
import { acceptHeld, newAddresses } from '../support/invites.ts';
import { writtenMails } from '../support/mails.ts';
import { perSecond, rateRow } from '../support/rows.ts';
import { bossRound, startBoss } from './deliver-large.ts';

export const sinkCount = z.object({ count: z.number(), lastAt: z.number() });
const sinkTaken = z.array(z.tuple([z.string(), z.number()]));

/** By SMTP to a local sink; against nodemailer's pool alone with the same mails, and pg-boss in front of the same nodemailer. */
export const smtp: Lane = {
  name: 'smtp',
  title: 'Deliver by SMTP to a local sink',
  async run(stack, { rounds, quick, profileDir, say }) {
    const sizes = Array.from({ length: quick ? 1 : 3 }, () => (quick ? 500 : 1000));
    const items = sizes.reduce((sum, size) => sum + size, 0);
    const worker = await stack.worker('smtp');
    const tenant = await makeBenchTenant(stack, 'mailing');
    const boss = await startBoss(stack);
    const alone = await stack.startReference('nodemailer', {}, [stack.sinkUrl, String(stack.connections)]);
    const ours: Measured[] = [];
    const alones: Measured[] = [];
    const bosses: Measured[] = [];
    const writing: Measured[] = [];
    let checked = '';
    for (let round = 0; round <= rounds; round += 1) {
      const addresses = await acceptHeld(stack, [tenant], sizes);
      await stack.superuser.sql`analyze`;
      const mine = await measure(stack, () => deliverHeld(stack, [tenant], items, async () => (await stack.sink.call('count', null, sinkCount)).count));
      checked = await checkDelivered(stack, [tenant], addresses, (await takeMailed(stack)));
      const others = newAddresses(items);
      const mails = writtenMails(others);
      await alone.call('mails', mails, z.unknown());
      const byItself = await measure(stack, () => alone.call('run', null, z.number()));
      expectEach(others, await takeMailed(stack));
      await boss.call('mails', mails, z.unknown());
      const behindBoss = await bossRound(stack, boss, { sizes, perJob: false }, { batchSize: 50, workers: 2, handler: 'batch', writes: false, mails: stack.connections }, items);
      expectEach(others, await takeMailed(stack));
      const withWrites = await bossRound(stack, boss, { sizes, perJob: false }, { batchSize: 50, workers: 2, handler: 'batch', writes: true, mails: stack.connections }, items);
      expectEach(others, await takeMailed(stack));
      say(`round ${String(round)}: ${perSecond(items, mine)}, nodemailer ${perSecond(items, byItself)}, behind pg-boss ${perSecond(items, behindBoss)}, with its writes ${perSecond(items, withWrites)}`);
      if (round > 0) { ours.push(mine); alones.push(byItself); bosses.push(behindBoss); writing.push(withWrites); }
    }
    if (profileDir !== null) {
      await acceptHeld(stack, [tenant], sizes);
      await profiled(worker, join(profileDir, 'smtp.cpuprofile'), () => deliverHeld(stack, [tenant], items, async () => (await stack.sink.call('count', null, sinkCount)).count));
      await takeMailed(stack);
    }
    const row = (name: string, measured: readonly Measured[], goal: Goal): Row => rateRow({
      lane: this.name, what: this.title, unit: 'mails/s', perRound: items, items, ours, reference: { name, measured }, goal, exactlyOnce: checked,
    });
    return [
      row('pg-boss in front of the same nodemailer', bosses, { atLeast: 1 }),
      row('pg-boss in front of it, with the same writes', writing, null),
      row("nodemailer's pool alone, same mails (an aim)", alones, { atLeast: 0.9 }),
    ];
  },
};

/** Who the sink had a mail for, once for each; forgets it. */
export async function takeMailed(stack: BenchStack): Promise<string[]> {
  const taken = await stack.sink.call('taken', null, sinkTaken);
  await stack.sink.call('forget', null, z.unknown());
  return taken.flatMap(([address, times]) => Array.from({ length: times }, () => address));
}

export function expectEach(addresses: readonly string[], mailed: readonly string[]): void {
  if (mailed.length !== addresses.length || new Set(mailed).size !== addresses.length) throw new Error(`the reference mailed ${String(mailed.length)} (${String(new Set(mailed).size)} people) of ${String(addresses.length)}`);
}
