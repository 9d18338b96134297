import { z } from 'zod';
import { measure, type Lane, type Measured } from '../lane.ts';
import type { BenchStack } from '../support/bench-stack.ts';
import { makeBenchTenant, type BenchTenant } from '../support/bench-tenant.ts';
import { openHttpLoad, type HttpCall, type HttpLoad } from '../support/http-load.ts';
import { makeLoopProgram, makeMembers } from '../support/live-loops.ts';
import { perSecond, rateRow } from '../support/rows.ts';

const CONNECTIONS = 16;
const LOOK_EVERY_MS = 5;
const bare = z.object({ startsMs: z.number(), factsMs: z.number(), endedMs: z.number() });

/** Runs of a live loop started and told a fact each, from the first request until Temporal has the last; against the bare client. */
export const runs: Lane = {
  name: 'runs',
  title: 'Runs through API, outbox, relay and Temporal',
  async run(stack, { rounds, quick, say }) {
    const count = quick ? 20 : 300;
    await stack.worker('no-op');
    const naive = await stack.startReference('naive-temporal', {}, [stack.temporal.address, stack.temporal.namespace]);
    const tenant = await makeBenchTenant(stack, 'started');
    const load = openHttpLoad(stack.apiUrl, CONNECTIONS);
    const programId = await makeLoopProgram(load, tenant, 'seller-to-buyer');
    await makeMembers(load, tenant, count * (rounds + 1));
    const [starts, facts, theirStarts, theirFacts]: [Measured[], Measured[], Measured[], Measured[]] = [[], [], [], []];
    for (let round = 0; round <= rounds; round += 1) {
      const [mine, told] = await ourRound(stack, load, { tenant, programId, count, round });
      let reply = { startsMs: 0, factsMs: 0, endedMs: 0 };
      const their = await measure(stack, async () => { reply = await naive.call('runs', count, bare); return reply.startsMs; });
      say(`round ${String(round)}: starts ${perSecond(count, mine)}, bare ${perSecond(count, their)}; facts ${perSecond(count, told)}, bare ${String(Math.round(count / reply.factsMs * 1000))}/s`);
      if (round === 0) await stack.owner.sql`analyze`;
      else { starts.push(mine); facts.push(told); theirStarts.push(their); theirFacts.push({ ...their, ms: reply.factsMs }); }
    }
    load.close();
    const about = { lane: this.name, perRound: count, items: count, goal: { atLeast: 0.7 }, exactlyOnce: await checkRuns(stack, tenant, count * (rounds + 1)) } as const;
    return [
      rateRow({ ...about, what: 'Starts: from the first request until Temporal has the last run', unit: 'starts/s', ours: starts, reference: { name: 'the bare client starting as many', measured: theirStarts } }),
      rateRow({ ...about, what: 'Facts: from the first request until Temporal has the last signal', unit: 'facts/s', ours: facts, reference: { name: 'the bare client signalling as many', measured: theirFacts } }),
    ];
  },
};

type Round = { readonly tenant: BenchTenant; readonly programId: string; readonly count: number; readonly round: number };

async function ourRound(stack: BenchStack, load: HttpLoad, { tenant, programId, count, round }: Round): Promise<[Measured, Measured]> {
  const member = (n: number): string => `member-${String(round * count + n)}`;
  const call = (path: string, body: unknown): HttpCall => ({ method: 'POST', path, secret: tenant.secret, body: JSON.stringify(body) });
  const each = <T>(make: (n: number) => T): T[] => Array.from({ length: count }, (_none, n) => make(n));
  const until = async (calls: readonly HttpCall[], status: number): Promise<number> => {
    const startedMs = performance.now();
    await load.sendAll(calls, status);
    await untilTold(stack, tenant);
    return performance.now() - startedMs;
  };
  const starts = await measure(stack, () => until(each((n) => call('/v1/runs', { programId, externalId: member(n), input: { quoteId: 'quote-1' } })), 201));
  const told = await measure(stack, () => until(each((n) => call('/v1/events', { events: [{ eventId: `need-${String(round)}-${String(n)}`, type: 'need_posted', externalId: member(n) }] })), 200));
  await untilEnded(stack, tenant);
  return [starts, told];
}

async function untilTold({ superuser }: BenchStack, { tenantId }: BenchTenant): Promise<void> {
  for (;;) {
    const [row] = await superuser.sql<{ left: boolean }[]>`select exists (select from outbox where tenant_id = ${tenantId} and kind in ('start_run', 'tell_run')) as left`;
    if (row?.left !== true) return;
    await new Promise((wake) => { setTimeout(wake, LOOK_EVERY_MS); });
  }
}

async function untilEnded({ superuser }: BenchStack, { tenantId }: BenchTenant): Promise<void> {
  for (;;) {
    const [row] = await superuser.sql<{ open: number }[]>`select count(*)::int as open from runs where tenant_id = ${tenantId} and closed_at is null`;
    if (row?.open === 0) return;
    await new Promise((wake) => { setTimeout(wake, 50); });
  }
}

async function checkRuns(stack: BenchStack, { tenantId }: BenchTenant, expected: number): Promise<string> {
  const [row] = await stack.superuser.sql<{ runs: number; became: number; told: number }[]>`
    select count(*)::int as runs, count(*) filter (where outcome = 'became_buyer')::int as became, (select count(*)::int from run_facts where tenant_id = ${tenantId}) as told from runs where tenant_id = ${tenantId}`;
  if (row?.runs !== expected || row.became !== expected || row.told !== expected) throw new Error(`runs: ${JSON.stringify(row)} of ${String(expected)}`);
  return `${String(expected)} runs, each told once and ended as it was told`;
}
