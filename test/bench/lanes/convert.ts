import { measure, type Lane, type Measured } from '../lane.ts';
import type { BenchStack } from '../support/bench-stack.ts';
import { makeBenchTenant, type BenchTenant } from '../support/bench-tenant.ts';
import { openHttpLoad, type HttpCall, type HttpLoad } from '../support/http-load.ts';
import { openPlainTables, type PlainTables } from '../support/plain-tables.ts';
import { eventCalls, paymentFacts, rewardPayments, signUpFriends } from '../support/referrals.ts';
import { figureRow, perSecond, rateRow } from '../support/rows.ts';
import { percentile } from '../support/statistics.ts';

const CONNECTIONS = 4;
const SIZE = 100;
const HOLD_DAYS = 30;
/** Single conversions between two looks at the reference. */
const TURN = 20;
const LOOK_EVERY_MS = 100;

/** Conversions that pay: facts in, credit known, reward held and booked in the same transaction; against plain INSERTs of the same rows. */
export const convert: Lane = {
  name: 'convert',
  title: 'Conversions into the ledger: POST of 100 events, 4 connections',
  async run(stack, { rounds, quick, say }) {
    const count = quick ? 200 : 2_000;
    const singles = quick ? 20 : 200;
    const tenant = await makeBenchTenant(stack, 'earning');
    const load = openHttpLoad(stack.apiUrl, CONNECTIONS);
    const one = openHttpLoad(stack.apiUrl, 1);
    await rewardPayments(one, tenant, HOLD_DAYS);
    await signUpFriends(one, tenant, 0, (rounds + 1) * (count + singles));
    await stack.superuser.sql`analyze`;
    const plain = await openPlainTables(stack);
    const [ours, theirs]: [Measured[], Measured[]] = [[], []];
    const [ourP99, theirP99]: [number[], number[]] = [[], []];
    for (let round = 0; round <= rounds; round += 1) {
      const from = round * (count + singles);
      const mine = await measure(stack, () => load.sendAll(eventCalls(tenant, paymentFacts(from, count), SIZE), 200));
      const batches = await plain.newRows(SIZE);
      const their = await measure(stack, async () => (await plain.insertAll(batches, CONNECTIONS)).ms);
      await untilTold(stack, tenant);
      const { answered, each } = await oneByOne(one, plain, eventCalls(tenant, paymentFacts(from + count, singles), 1));
      const [p99, plainP99] = [percentile(answered, 0.99), percentile(each, 0.99)];
      say(`round ${String(round)}: ${perSecond(count, mine)}, plain ${perSecond(count, their)}; one by one p99 ${p99.toFixed(1)} ms, a plain transaction ${plainP99.toFixed(1)} ms`);
      if (round > 0) { ours.push(mine); theirs.push(their); ourP99.push(p99); theirP99.push(plainP99); }
      // What was empty before the first round is known now, here and in the reference.
      else await stack.superuser.sql`analyze`;
    }
    const exactlyOnce = await checkBooked(stack, tenant, (rounds + 1) * (count + singles));
    for (const each of [load, one]) each.close();
    await plain.close();
    return [rateRow({
      lane: this.name, what: this.title, unit: 'conversions/s', perRound: count, items: count, ours, goal: { atLeast: 0.2 }, exactlyOnce,
      reference: { name: 'plain INSERTs of the same rows, in portions of 100', measured: theirs },
    }), figureRow({
      lane: this.name, what: 'One conversion, from the request to the answer, with its transfer visible: p99', unit: 'ms', ours: ourP99,
      reference: { name: 'one plain transaction of the same rows', values: theirP99 }, judge: 'ratio', goal: { atMost: 3 }, exactlyOnce,
    })];
  },
};

/** The runs of the conversions before have heard of them: what follows is measured on a stack that does nothing else. */
async function untilTold({ superuser }: BenchStack, { tenantId }: BenchTenant): Promise<void> {
  for (let left = true; left;) {
    const [row] = await superuser.sql<{ left: boolean }[]>`select exists (select from outbox where tenant_id = ${tenantId}) as left`;
    left = row?.left ?? false;
    if (left) await new Promise((wake) => { setTimeout(wake, LOOK_EVERY_MS); });
  }
}

/** A few of ours, then as many plain transactions of what they wrote: the machine's moods meet both. */
async function oneByOne(one: HttpLoad, plain: PlainTables, calls: readonly HttpCall[]): Promise<{ answered: number[]; each: number[] }> {
  const [answered, each]: [number[], number[]] = [[], []];
  for (let n = 0; n < calls.length; n += TURN) {
    for (const call of calls.slice(n, n + TURN)) answered.push(await one.sendAll([call], 200));
    each.push(...(await plain.insertAll(await plain.newRows(1), 1)).each);
  }
  return { answered, each };
}

async function checkBooked(stack: BenchStack, { tenantId }: BenchTenant, expected: number): Promise<string> {
  const [row] = await stack.superuser.sql<{ rewards: number; transfers: number; payments: number }[]>`
    select (select count(*)::int from rewards where tenant_id = ${tenantId} and state = 'held') as rewards,
           (select count(*)::int from transfers where tenant_id = ${tenantId}) as transfers,
           (select count(*)::int from payments where tenant_id = ${tenantId}) as payments`;
  if (row?.rewards !== expected || row.transfers !== expected || row.payments !== expected) throw new Error(`converted not once each: ${JSON.stringify(row)} of ${String(expected)}`);
  return `${String(expected)} conversions, one payment, reward and transfer each`;
}
