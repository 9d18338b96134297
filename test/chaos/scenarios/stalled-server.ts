import { makeChaosTenants } from '../support/chaos-tenant.ts';
import { dealFates, type FateName } from '../support/fates.ts';
import { readFated } from '../support/fate-verdict.ts';
import { bodyOf, acceptedBy, type Accepted } from '../support/invite-load.ts';
import type { Random } from '../support/seeded-random.ts';
import { waitUntil } from '../support/wait-until.ts';
import type { WholeStack } from '../support/whole-stack.ts';

export type StallPlan = { label: string; stalls: Partial<Record<FateName, number>>; slow: number; others: number; tenants: number; sinkDelayMs: number; /** Wait for the others only: of more stalls than there are connections each wave takes three minutes. */ othersOnly?: true };

/** Times in ms from the first stall on. `unknownAfterMs`: from the final dot to `unknown`, of each that stalled after it. */
export type StallReport = { othersDoneMs: number; ownDoneMs: number; allDoneMs: number; unknownAfterMs: number[]; states: Record<string, number> };

/** One tenant's recipients stall; how long do the others of that tenant, and the other tenants, wait? */
export async function serverStalls(stack: WholeStack, random: Random, plan: StallPlan): Promise<StallReport> {
  stack.sink.setDelay(plan.sinkDelayMs);
  const [slow, ...others] = await makeChaosTenants(stack, Array.from({ length: plan.tenants + 1 }, (_, i) => `${plan.label}${String(i)}`));
  if (slow === undefined) throw new Error('no tenant');
  const crowd = (name: string, count: number): string[] => Array.from({ length: count }, (_, i) => `${plan.label}${name}-${String(i)}@people.example`);
  const addresses = crowd('slow', plan.slow);
  const fates = dealFates(random, addresses, plan.stalls, ['taken']);
  stack.sink.setFault(fates.plan);
  const ask = async (tenant: typeof slow, to: readonly string[]): Promise<Accepted[]> => {
    const request = { tenant, key: `${plan.label}${tenant.name}`, addresses: to };
    return acceptedBy(request, await tenant.api.send('POST', '/v1/invites', bodyOf(request), request.key));
  };
  const own = await ask(slow, addresses);
  const hasStalled = (address: string): boolean => fates.notes.get(address)?.some(({ fault }) => fault === 'stall') === true;
  await waitUntil('one stalls', 30_000, () => addresses.some(hasStalled));
  const startedAtMs = performance.now();
  const theirs: Accepted[] = [];
  for (const [i, tenant] of others.entries()) theirs.push(...(await ask(tenant, crowd(`other${String(i)}`, plan.others))));
  const done = async (what: string, of: readonly Accepted[]): Promise<number> => {
    await waitUntil(what, 420_000, async () => (await readFated(stack, of)).every(({ state }) => state !== 'waiting'),
      async () => (await readFated(stack, of)).filter(({ state }) => state === 'waiting').length);
    return Math.round(performance.now() - startedAtMs);
  };
  const stalling = new Set([...fates.of].filter(([, name]) => name.startsWith('stalled')).map(([address]) => address));
  const othersDone = done('the others\' are handed off', theirs);
  if (plan.othersOnly === true) return { othersDoneMs: await othersDone, ownDoneMs: 0, allDoneMs: 0, unknownAfterMs: [], states: {} };
  const [othersDoneMs, ownDoneMs, allDoneMs] = await Promise.all([
    othersDone,
    done('its own that do not stall are handed off', own.filter(({ address }) => !stalling.has(address))),
    done('all are', own),
  ]);
  const states: Record<string, number> = {};
  const unknownAfterMs: number[] = [];
  for (const { address, state, reason, unknownAt } of await readFated(stack, [...own, ...theirs])) {
    const stalledAt = fates.notes.get(address)?.find(({ fault }) => fault === 'stall')?.at;
    if (stalledAt !== undefined && unknownAt !== null) unknownAfterMs.push(unknownAt - stalledAt);
    const end = `${fates.of.get(address) ?? 'other tenant'}: ${state}${reason === null ? '' : `/${reason}`}`;
    states[end] = (states[end] ?? 0) + 1;
  }
  return { othersDoneMs, ownDoneMs, allDoneMs, unknownAfterMs, states };
}
