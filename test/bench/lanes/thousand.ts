import { z } from 'zod';
import type { Lane } from '../lane.ts';
import type { BenchStack } from '../support/bench-stack.ts';
import { makeBenchTenant, type BenchTenant } from '../support/bench-tenant.ts';
import { checkDelivered, deliverHeld } from '../support/deliveries.ts';
import { openHttpLoad } from '../support/http-load.ts';
import { inviteCall, newAddresses } from '../support/invites.ts';
import { writtenMails } from '../support/mails.ts';
import { figureRow } from '../support/rows.ts';
import { expectEach, sinkCount, takeMailed } from './smtp.ts';

/** One request of 1,000: from its first byte to the last answer of the mail server; against nodemailer alone with the same mails. */
export const thousand: Lane = {
  name: 'thousand',
  title: '1,000 invites, from the request to the last SMTP answer',
  async run(stack, { rounds, quick, say }) {
    const size = quick ? 200 : 1000;
    await stack.worker('smtp');
    const tenant = await makeBenchTenant(stack, 'thousand');
    const alone = await stack.startReference('nodemailer', {}, [stack.sinkUrl, String(stack.connections)]);
    const [ours, theirs]: [number[], number[]] = [[], []];
    let checked = '';
    for (let round = 0; round <= rounds; round += 1) {
      const addresses = newAddresses(size);
      const mine = await wholeWay(stack, tenant, addresses);
      checked = await checkDelivered(stack, [tenant], addresses, await takeMailed(stack));
      const others = newAddresses(size);
      await alone.call('mails', writtenMails(others), z.unknown());
      const their = await alone.call('run', null, z.number());
      expectEach(others, await takeMailed(stack));
      say(`round ${String(round)}: ${String(Math.round(mine))} ms, nodemailer alone ${String(Math.round(their))} ms`);
      if (round > 0) { ours.push(mine); theirs.push(their); }
    }
    return [figureRow({
      lane: this.name, what: this.title, unit: 'ms', ours, reference: { name: 'nodemailer alone, same mails', values: theirs }, judge: 'ratio', goal: { atMost: 2 }, exactlyOnce: checked,
    })];
  },
};

async function wholeWay(stack: BenchStack, tenant: BenchTenant, addresses: readonly string[]): Promise<number> {
  const load = openHttpLoad(stack.apiUrl, 1);
  const startedAt = performance.timeOrigin + performance.now();
  await load.sendAll([inviteCall(tenant, addresses)], 202);
  // Nothing was held: this waits until all is recorded. When the last was answered, the sink knows.
  await deliverHeld(stack, [tenant], addresses.length, async () => (await stack.sink.call('count', null, sinkCount)).count);
  load.close();
  return (await stack.sink.call('count', null, sinkCount)).lastAt - startedAt;
}
