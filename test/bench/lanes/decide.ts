import { join } from 'node:path';
import { measure, perItem, profiled, type Lane, type Measured } from '../lane.ts';
import type { BenchStack } from '../support/bench-stack.ts';
import { makeBenchTenant, type BenchTenant } from '../support/bench-tenant.ts';
import { openHttpLoad, type HttpCall } from '../support/http-load.ts';
import { makeLoopProgram, makeMembers } from '../support/live-loops.ts';
import { figureRow } from '../support/rows.ts';
import { median, percentile } from '../support/statistics.ts';

const CONNECTIONS = 32;
const PER_SECOND = 1_000;

/** What to offer at a moment, asked at a steady rate, each time of another member. */
export const decide: Lane = {
  name: 'decide',
  title: 'Prompts decided at 1,000 a second',
  async run(stack, { rounds, quick, profileDir, say }) {
    const asked = quick ? 200 : 5_000;
    const tenant = await makeBenchTenant(stack, 'asked');
    const load = openHttpLoad(stack.apiUrl, CONNECTIONS);
    await makeLoopProgram(load, tenant, 'seller-to-buyer');
    const more = profileDir === null ? 0 : asked;
    await makeMembers(load, tenant, asked * (rounds + 1) + more);
    await stack.owner.sql`analyze`;
    const p99: number[] = [];
    const cost: Measured[] = [];
    for (let round = 0; round <= rounds; round += 1) {
      let took: number[] = [];
      const measured = await measure(stack, async () => { took = await load.sendSteadily(calls(tenant, round * asked, asked), 1000 / PER_SECOND, 200); return asked / PER_SECOND * 1000; });
      say(`round ${String(round)}: p50 ${percentile(took, 0.5).toFixed(1)} ms, p99 ${percentile(took, 0.99).toFixed(1)} ms`);
      if (round === 0) {
        await stack.owner.sql`analyze`;
        continue;
      }
      p99.push(percentile(took, 0.99));
      cost.push(measured);
    }
    if (profileDir !== null) await profiled(stack.api, join(profileDir, 'decide.cpuprofile'), () => load.sendSteadily(calls(tenant, (rounds + 1) * asked, asked), 1000 / PER_SECOND, 200));
    load.close();
    const exactlyOnce = await checkOffers(stack, tenant, asked * (rounds + 1) + more);
    return [figureRow({ lane: this.name, what: `${this.title}: p99 from when its request was due`, unit: 'ms', ours: p99, reference: null, judge: 'ours', goal: { atMost: 15 }, exactlyOnce,
      cpuMsPerItem: perItem({ product: median(cost.map(({ cpu }) => cpu.product)), postgres: median(cost.map(({ cpu }) => cpu.postgres)), temporal: median(cost.map(({ cpu }) => cpu.temporal)) }, asked),
      walBytesPerItem: median(cost.map(({ walBytes }) => walBytes)) / asked })];
  },
};

function calls({ secret }: BenchTenant, from: number, count: number): HttpCall[] {
  return Array.from({ length: count }, (_none, n): HttpCall => ({
    method: 'POST', path: '/v1/prompts/decide', secret, body: JSON.stringify({ externalId: `member-${String(from + n)}`, moment: 'quote_received', momentId: 'quote-1' }),
  }));
}

async function checkOffers(stack: BenchStack, { tenantId }: BenchTenant, expected: number): Promise<string> {
  const [row] = await stack.superuser.sql<{ offers: number; members: number }[]>`select count(*)::int as offers, count(distinct member_id)::int as members from prompts where tenant_id = ${tenantId}`;
  if (row?.offers !== expected || row.members !== expected) throw new Error(`offers: ${JSON.stringify(row)} of ${String(expected)}`);
  return `${String(expected)} offers, one a member`;
}
