import { join } from 'node:path';
import { z } from 'zod';
import { newId } from '../../../src/config/new-id.ts';
import { sellerToBuyerDefinition } from '../../../workflows/seller-to-buyer/definition.ts';
import { measure, profiled, type Lane, type Measured } from '../lane.ts';
import type { BenchChild } from '../support/bench-child.ts';
import type { BenchStack } from '../support/bench-stack.ts';
import { makeBenchTenant, type BenchTenant } from '../support/bench-tenant.ts';
import { openHttpLoad, type HttpCall, type HttpLoad } from '../support/http-load.ts';
import { makeLoopProgram, makeMembers } from '../support/live-loops.ts';
import { perSecond, rateRow } from '../support/rows.ts';

const CONNECTIONS = 16;
const LOOK_EVERY_MS = 5;
/** Of the loop that is measured. */
const FIRST_STAGE = sellerToBuyerDefinition.life.start.stage;
const bare = z.object({ startsMs: z.number(), factsMs: z.number(), endedMs: z.number() });

/**
 * Runs of a live loop started and told a fact each: until Temporal has the last, and until each lives, or has ended by its fact. Held against
 * the bare client that starts and tells the same workflows on the same worker, and against workflows that only wait.
 */
export const runs: Lane = {
  name: 'runs',
  title: 'Runs through API, outbox, relay and Temporal',
  async run(stack, { rounds, quick, profileDir, say }) {
    const count = quick ? 20 : 300;
    const more = profileDir === null ? 0 : 1;
    const worker = await stack.worker('no-op');
    const naive = await stack.startReference('naive-temporal', {}, [stack.temporal.address, stack.temporal.namespace]);
    const tenant = await makeBenchTenant(stack, 'started');
    const load = openHttpLoad(stack.apiUrl, CONNECTIONS);
    const programId = await makeLoopProgram(load, tenant, 'seller-to-buyer');
    await makeMembers(load, tenant, count * (rounds + more + 1));
    const bareClient = await stack.startReference('bare-client', {}, [stack.temporal.address, stack.temporal.namespace]);
    const figures: { ours: Pair; same: Pair; idle: Pair }[] = [];
    for (let round = 0; round <= rounds; round += 1) {
      const each = { ours: await ourRound(stack, load, { tenant, programId, count, round }), same: await sameRound(stack, bareClient, { tenant, count, round }), idle: await idleRound(stack, naive, count) };
      const sayAll = (which: keyof Pair): string => `${which} ${perSecond(count, each.ours[which].done)}, the bare client ${perSecond(count, each.same[which].done)}; until Temporal has them ${perSecond(count, each.ours[which].had)}, the bare client ${perSecond(count, each.same[which].had)}, of idle workflows ${perSecond(count, each.idle[which].had)}`;
      say(`round ${String(round)}: ${sayAll('starts')}`);
      say(`round ${String(round)}: ${sayAll('facts')}`);
      if (round === 0) await stack.owner.sql`analyze`;
      else figures.push(each);
    }
    if (profileDir !== null) {
      const all = [['api', stack.api], ['relay', stack.relay], ['worker', worker]] as const;
      await all.reduce<() => Promise<unknown>>((work, [name, child]) => () => profiled(child, join(profileDir, `runs-${name}.cpuprofile`), work), () => ourRound(stack, load, { tenant, programId, count, round: rounds + 1 }))();
    }
    load.close();
    const about = { lane: this.name, perRound: count, items: count, exactlyOnce: await checkRuns(stack, tenant, count * (rounds + more + 1)) };
    const row = (which: keyof Pair, until: keyof Told, against: 'same' | 'idle') => rateRow({
      ...about, what: WHAT[which][until], unit: `${which}/s`, goal: until === 'done' ? { atLeast: 0.7 } : null, ours: figures.map(({ ours }) => ours[which][until]),
      reference: { name: AGAINST[against], measured: figures.map((each) => each[against][which][until]) },
    });
    return [row('starts', 'done', 'same'), row('facts', 'done', 'same'), row('starts', 'had', 'idle'), row('facts', 'had', 'idle')];
  },
};

/** From the first request until Temporal has the last, and until the last is done: a run lives and has written its deadline; a fact has ended its run. */
type Told = { readonly had: Measured; readonly done: Measured };
type Pair = { readonly starts: Told; readonly facts: Told };
const WHAT = {
  starts: { done: 'Starts: from the first request until the last run lives and has written its deadline', had: 'The same until Temporal has the last start' },
  facts: { done: 'Facts: from the first request until the last has ended its run', had: 'The same until Temporal has the last signal' },
} as const;
const AGAINST = { same: 'the bare client, the same workflows on the same worker', idle: 'the bare client, workflows that only wait and write nothing' } as const;
type Round = { readonly tenant: BenchTenant; readonly programId: string; readonly count: number; readonly round: number };

async function ourRound(stack: BenchStack, load: HttpLoad, { tenant, programId, count, round }: Round): Promise<Pair> {
  const member = (n: number): string => `member-${String(round * count + n)}`;
  const call = (path: string, body: unknown): HttpCall => ({ method: 'POST', path, secret: tenant.secret, body: JSON.stringify(body) });
  const each = <T>(make: (n: number) => T): T[] => Array.from({ length: count }, (_none, n) => make(n));
  const send = async (calls: readonly HttpCall[], status: number): Promise<void> => {
    await load.sendAll(calls, status);
    await untilTold(stack, tenant);
  };
  const starts = await told(stack, () => send(each((n) => call('/v1/runs', { programId, externalId: member(n), input: { quoteId: 'quote-1' } })), 201), () => untilAll(stack, tenant, 'begun'));
  const facts = await told(stack, () => send(each((n) => call('/v1/events', { events: [{ eventId: `need-${String(round)}-${String(n)}`, type: 'need_posted', externalId: member(n) }] })), 200), () => untilAll(stack, tenant, 'ended'));
  return { starts, facts };
}

/** Rows like ours are there already; then the bare client starts their workflows and tells them the same fact. */
async function sameRound(stack: BenchStack, client: BenchChild, { tenant, count, round }: Omit<Round, 'programId'>): Promise<Pair> {
  const rows = await copyRuns(stack, tenant, count);
  const starts = await told(stack, () => client.call('start', rows, z.number()), () => untilAll(stack, tenant, 'begun'));
  const calls = rows.map(({ runId, loop, memberId }, n) => ({ runId, loop, fact: { id: `need-${String(round)}-${String(n)}`, kind: 'need_posted', data: { personId: memberId, role: 'member' }, at: Date.now() } }));
  const facts = await told(stack, () => client.call('tell', calls, z.number()), () => untilAll(stack, tenant, 'ended'));
  return { starts, facts };
}

/** Runs of other workflows, on a worker of their own. */
async function idleRound(stack: BenchStack, naive: BenchChild, count: number): Promise<Pair> {
  let reply = { startsMs: 0, factsMs: 0, endedMs: 0 };
  const starts = await measure(stack, async () => { reply = await naive.call('runs', count, bare); return reply.startsMs; });
  const facts = { ...starts, ms: reply.factsMs };
  return { starts: { had: starts, done: starts }, facts: { had: facts, done: { ...facts, ms: reply.factsMs + reply.endedMs } } };
}

async function told(stack: BenchStack, hand: () => Promise<unknown>, untilDone: () => Promise<void>): Promise<Told> {
  const startedMs = performance.now();
  let had: Measured | undefined;
  const done = await measure(stack, async () => {
    had = await measure(stack, async () => {
      await hand();
      return performance.now() - startedMs;
    });
    await untilDone();
    return performance.now() - startedMs;
  });
  return { had: had ?? done, done };
}

type CopiedRun = { runId: string; tenantId: string; loop: string; stage: string; input: unknown; memberId: string };

/** The last `count` runs once more, as rows alone: open, and known to nobody. */
async function copyRuns({ superuser }: BenchStack, { tenantId }: BenchTenant, count: number): Promise<CopiedRun[]> {
  const [row] = await superuser.sql<{ now: number }[]>`select now() as now`;
  const now = row?.now ?? 0;
  return superuser.sql<CopiedRun[]>`
    with last as (
      select r.*, row_number() over (order by r.id) as place from (select * from runs where tenant_id = ${tenantId} order by opened_at desc, id desc limit ${count}) r
    ), copied as (
      insert into runs (tenant_id, id, loop, input, stage, opened_at, moved_at, seen_at, program_id, program_version, member_id)
      select tenant_id, n.id, loop, input, ${FIRST_STAGE}, ${now}, ${now}, ${now}, program_id, program_version, member_id
      from last join unnest(${Array.from({ length: count }, () => newId('run', now))}::text[]) with ordinality as n (id, place) using (place)
      returning *
    ), people as (
      insert into run_people (tenant_id, run_id, person_id, role, hears, joined_at) select tenant_id, id, member_id, 'member', '{}', ${now} from copied
    )
    select id as "runId", tenant_id as "tenantId", loop, stage, input, member_id as "memberId" from copied`;
}

async function untilTold({ superuser }: BenchStack, { tenantId }: BenchTenant): Promise<void> {
  for (;;) {
    const [row] = await superuser.sql<{ left: boolean }[]>`select exists (select from outbox where tenant_id = ${tenantId} and kind in ('start_run', 'tell_run')) as left`;
    if (row?.left !== true) return;
    await new Promise((wake) => { setTimeout(wake, LOOK_EVERY_MS); });
  }
}

/** `begun`: each open run has written its deadline; `ended`: none is open. */
async function untilAll({ superuser }: BenchStack, { tenantId }: BenchTenant, are: 'begun' | 'ended'): Promise<void> {
  for (;;) {
    const [row] = await superuser.sql<{ left: boolean }[]>`select exists (select from runs where tenant_id = ${tenantId} and closed_at is null and (${are === 'ended'} or due_at is null)) as left`;
    if (row?.left !== true) return;
    await new Promise((wake) => { setTimeout(wake, LOOK_EVERY_MS); });
  }
}

async function checkRuns(stack: BenchStack, { tenantId }: BenchTenant, expected: number): Promise<string> {
  const [row] = await stack.superuser.sql<{ runs: number; became: number; told: number }[]>`
    select count(*)::int as runs, count(*) filter (where outcome = 'became_buyer')::int as became, (select count(*)::int from run_facts where tenant_id = ${tenantId}) as told
    from runs r where tenant_id = ${tenantId} and exists (select from links l where l.tenant_id = r.tenant_id and l.run_id = r.id)`;
  if (row?.runs !== expected || row.became !== expected || row.told !== expected) throw new Error(`runs: ${JSON.stringify(row)} of ${String(expected)}`);
  return `${String(expected)} runs, each told once and ended as it was told`;
}
