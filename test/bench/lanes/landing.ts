import { z } from 'zod';
import { measure, type Lane, type Measured } from '../lane.ts';
import { makeBenchTenant, type BenchTenant } from '../support/bench-tenant.ts';
import type { BenchStack } from '../support/bench-stack.ts';
import { openHttpLoad, type HttpCall, type HttpLoad } from '../support/http-load.ts';
import { makeLoopProgram, makeMembers } from '../support/live-loops.ts';
import { figureRow, perSecond, rateRow } from '../support/rows.ts';
import { percentile } from '../support/statistics.ts';

const CONNECTIONS = 16;
const RUNS = 50;
const AGENT = 'Mozilla/5.0 (Linux; Android 16; rv:140.0) Gecko/140.0 Firefox/140.0';
const started = z.object({ link: z.object({ code: z.string() }) });

/** The page that a shared link opens: the visit is committed, the page is made of the run. */
export const landing: Lane = {
  name: 'landing',
  title: 'Landing pages, 16 connections, the visit committed',
  async run(stack, { rounds, quick, say }) {
    const opened = quick ? 200 : 5_000;
    const tenant = await makeBenchTenant(stack, 'landed');
    const load = openHttpLoad(stack.apiUrl, CONNECTIONS);
    const codes = await startRuns(load, tenant);
    await stack.owner.sql`analyze`;
    const ours: Measured[] = [];
    const p99: number[] = [];
    for (let round = 0; round <= rounds; round += 1) {
      const mine = await measure(stack, () => load.sendAll(visits(codes, opened, round * 2), 200));
      const each = await load.sendSteadily(visits(codes, opened, round * 2 + 1), 4 * mine.ms / opened, 200);
      say(`round ${String(round)}: ${perSecond(opened, mine)}; at a quarter of that p99 ${percentile(each, 0.99).toFixed(1)} ms`);
      if (round > 0) { ours.push(mine); p99.push(percentile(each, 0.99)); }
    }
    load.close();
    const about = { lane: this.name, exactlyOnce: await checkVisits(stack, tenant, opened * 2 * (rounds + 1)) };
    return [
      rateRow({ ...about, what: this.title, unit: 'pages/s', perRound: opened, items: opened, ours, reference: null, goal: null }),
      figureRow({ ...about, what: 'The same at a quarter of that rate: p99 from when its request was due', unit: 'ms', ours: p99, reference: null, judge: 'ours', goal: null }),
    ];
  },
};

async function startRuns(load: HttpLoad, tenant: BenchTenant): Promise<string[]> {
  const programId = await makeLoopProgram(load, tenant, 'achievement-spotlight');
  await makeMembers(load, tenant, RUNS);
  const codes: string[] = [];
  for (let n = 0; n < RUNS; n += 1) {
    const answer = await load.send({ method: 'POST', path: '/v1/runs', secret: tenant.secret, body: JSON.stringify({ programId, externalId: `member-${String(n)}`, input: { badge: 'Night owl', level: 3 } }) });
    if (answer.status !== 201) throw new Error(`a run was answered ${String(answer.status)}: ${answer.text.slice(0, 500)}`);
    codes.push(started.parse(JSON.parse(answer.text)).link.code);
  }
  return codes;
}

/** Each from a network of its own, as people come. */
function visits(codes: readonly string[], count: number, turn: number): HttpCall[] {
  return Array.from({ length: count }, (_none, n): HttpCall => {
    const visitor = turn * count + n;
    const address = `10.${String(visitor >> 16 & 255)}.${String(visitor >> 8 & 255)}.${String(visitor & 255)}`;
    return { method: 'GET', path: `/i/${codes[n % codes.length] ?? ''}`, headers: { 'user-agent': AGENT, 'x-forwarded-for': address, accept: 'text/html', 'accept-language': 'de' } };
  });
}

async function checkVisits(stack: BenchStack, { tenantId }: BenchTenant, expected: number): Promise<string> {
  const [row] = await stack.superuser.sql<{ visits: number }[]>`select count(*)::int as visits from touches where tenant_id = ${tenantId} and counted`;
  if (row?.visits !== expected) throw new Error(`visits: ${JSON.stringify(row)} of ${String(expected)}`);
  return `${String(expected)} visits, each counted once`;
}
