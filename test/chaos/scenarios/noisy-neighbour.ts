import type { TenantId } from '../../../src/domain/ids.ts';
import { makeChaosTenants, type ChaosTenant } from '../support/chaos-tenant.ts';
import { acceptedBy, bodyOf } from '../support/invite-load.ts';
import { sleep, waitUntil } from '../support/wait-until.ts';
import type { WholeStack } from '../support/whole-stack.ts';

export type NoisyPlan = {
  label: string;
  quiet: number;
  /** Requests of one invitee, of each quiet tenant, in each span. */
  callsEach: number;
  everyMs: number;
  /** How often alone and beside the crowd take turns. */
  rounds: number;
  /** What is due of the crowd at once while the others are measured beside it. */
  backlog: number;
  sinkDelayMs: number;
};

/** From due (accepted, to be sent at once) to hand-off recorded, in ms. */
export type Latency = { readonly messages: number; readonly p50Ms: number; readonly p99Ms: number; readonly mostMs: number };
export type NoisyReport = { readonly alone: Latency; readonly beside: Latency; readonly ratio: number; readonly crowdPerSecond: number; readonly quietPerSecond: number };

/** How long do the messages of quiet tenants take alone, and how long beside a tenant of which everything is due at once? */
export async function noisyNeighbour(stack: WholeStack, plan: NoisyPlan): Promise<NoisyReport> {
  stack.sink.setDelay(plan.sinkDelayMs);
  const [crowd, ...quiet] = await makeChaosTenants(stack, Array.from({ length: plan.quiet + 1 }, (_, i) => `${plan.label}${String(i)}`));
  if (crowd === undefined) throw new Error('no tenant');
  // The first turn of every sender is another matter.
  await callAll(quiet, plan, 'warm', 2);
  const spans: Record<'alone' | 'beside', number[]> = { alone: [], beside: [] };
  let [handedOff, lastedMs] = [0, 0];
  for (let round = 0; round < plan.rounds; round += 1) {
    // Accepted and held: what is measured is the sending, not the API's work for a hundred times as much.
    await stop(crowd);
    await makeBacklog(crowd, plan, round, plan.backlog - (await countWaiting(stack, crowd.tenantId)));
    spans.alone.push(...(await span(stack, quiet, plan, `alone${String(round)}`)));
    const before = await countHandedOff(stack, crowd.tenantId);
    await letGo(crowd);
    await waitUntil('the crowd leaves', 30_000, async () => (await countHandedOff(stack, crowd.tenantId)) > before);
    const begunAtMs = performance.now();
    const begunWith = await countHandedOff(stack, crowd.tenantId);
    spans.beside.push(...(await span(stack, quiet, plan, `beside${String(round)}`)));
    lastedMs += performance.now() - begunAtMs;
    handedOff += (await countHandedOff(stack, crowd.tenantId)) - begunWith;
    if ((await countWaiting(stack, crowd.tenantId)) === 0) throw new Error('the crowd was through before the others: give it more');
  }
  const [alone, beside] = [latencyOf(spans.alone), latencyOf(spans.beside)];
  return { alone, beside, ratio: Math.round((beside.p99Ms / alone.p99Ms) * 100) / 100, crowdPerSecond: Math.round(handedOff / (lastedMs / 1000)), quietPerSecond: Math.round((plan.quiet * 1000) / plan.everyMs) };
}

async function span(stack: WholeStack, quiet: readonly ChaosTenant[], plan: NoisyPlan, label: string): Promise<number[]> {
  const batchIds = await callAll(quiet, plan, label, plan.callsEach);
  return waitUntil('the quiet tenants\' messages have left', 60_000, async () => {
    const rows = await stack.superuser.sql<{ ms: number }[]>`
      select (extract(epoch from m.recorded_at - b.created_at) * 1000)::float8 as ms from messages m join invite_batches b on b.id = m.batch_id
      where m.batch_id = any(${batchIds}::text[]) and m.state = 'handed_off'`;
    return rows.length === batchIds.length ? rows.map(({ ms }) => ms) : null;
  });
}

/** Each tenant's requests, evenly spread and apart from the others'; returns their batches. */
async function callAll(quiet: readonly ChaosTenant[], plan: NoisyPlan, label: string, calls: number): Promise<string[]> {
  const batches = await Promise.all(quiet.map(async (tenant, place) => {
    const ids: string[] = [];
    await sleep((place * plan.everyMs) / quiet.length);
    for (let i = 0; i < calls; i += 1) {
      const next = sleep(plan.everyMs);
      const request = { tenant, key: `${plan.label}${label}-${tenant.name}-${String(i)}`, addresses: [`${plan.label}${label}-${String(place)}-${String(i)}@people.example`] };
      const [accepted] = acceptedBy(request, await tenant.api.sendUntilAnswered('POST', '/v1/invites', bodyOf(request), request.key));
      if (accepted !== undefined) ids.push(`bat_${accepted.inviteId.slice(4, 30)}`);
      await next;
    }
    return ids;
  }));
  return batches.flat();
}

async function makeBacklog(crowd: ChaosTenant, plan: NoisyPlan, round: number, missing: number): Promise<void> {
  for (let done = 0; done < missing; done += 1000) {
    const name = `${plan.label}crowd-${String(round)}-${String(done)}`;
    const addresses = Array.from({ length: Math.min(1000, missing - done) }, (_, i) => `${name}-${String(i)}@people.example`);
    const request = { tenant: crowd, key: name, addresses };
    acceptedBy(request, await crowd.api.sendUntilAnswered('POST', '/v1/invites', bodyOf(request), name));
  }
}

async function stop(crowd: ChaosTenant): Promise<void> {
  await crowd.api.sendUntilAnswered('PUT', '/v1/hard-stops/email', { reason: 'until the others were measured alone' });
}

async function letGo(crowd: ChaosTenant): Promise<void> {
  await crowd.api.sendUntilAnswered('DELETE', '/v1/hard-stops/email', undefined);
}

async function countHandedOff(stack: WholeStack, tenantId: TenantId): Promise<number> {
  const [row] = await stack.superuser.sql<{ count: number }[]>`select count(*)::int as count from messages where tenant_id = ${tenantId} and state = 'handed_off'`;
  return row?.count ?? 0;
}

async function countWaiting(stack: WholeStack, tenantId: TenantId): Promise<number> {
  const [row] = await stack.superuser.sql<{ count: number }[]>`select count(*)::int as count from invites where tenant_id = ${tenantId} and state = 'waiting'`;
  return row?.count ?? 0;
}

function latencyOf(all: readonly number[]): Latency {
  const sorted = all.toSorted((a, b) => a - b);
  const at = (share: number): number => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN);
  return { messages: sorted.length, p50Ms: at(0.5), p99Ms: at(0.99), mostMs: at(1) };
}
