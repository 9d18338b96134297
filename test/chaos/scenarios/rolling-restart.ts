import { dirname, join } from 'node:path';
import { makeKey } from '../../../db/write/make-key.ts';
import { findFreePort } from '../../../src/dev/free-port.ts';
import type { NodeChild } from '../../../src/dev/node-child.ts';
import { startRole, type RoleName } from '../../../src/dev/roles.ts';
import { claimedNow } from '../support/attempts.ts';
import type { Reply } from '../support/api-caller.ts';
import { balancedCaller, type BalancedCaller } from '../support/balanced-caller.ts';
import { makeChaosTenants, type ChaosTenant } from '../support/chaos-tenant.ts';
import { acceptedBy, bodyOf, type Accepted, type InviteRequest } from '../support/invite-load.ts';
import type { Random } from '../support/seeded-random.ts';
import { judge, waitUntilTerminal, type Tally, type Verdict } from '../support/verdict.ts';
import { sleep } from '../support/wait-until.ts';
import type { WholeStack } from '../support/whole-stack.ts';

export type RollPlan = { rounds: number; tenants: readonly string[]; sinkDelayMs: number; label: string; drainMs: number };

/** How one process ended after its SIGTERM. `toldNotReady`: an API that answered /readyz with 503 meanwhile; `claimed`: messages claimed at that instant. */
export type Drain = { role: RoleName; code: number | null; ms: number; toldNotReady: boolean; claimed: number };

export type RollReport = {
  verdict: Verdict;
  tally: Tally;
  drains: Drain[];
  requests: number;
  /** Rows that the requests made: as many as there were requests, or one had two effects or none. */
  batches: number;
  /** Requests whose repetition gave the first answer, word for word. */
  replayed: number;
  tries: { refused: number; unavailable: number };
};

/** Longer than any drain may take: what is killed at its end has no exit code. */
const GRACE_MS = 60_000;
const AT_ONCE = 4;
/** So that about as much comes in as a slow sink takes: the worker always has something on the wire. */
const PAUSE_MS = 100;
const LARGEST_REQUEST = 8;

/** One process of the rolled product, replaced again and again. */
type Place = { readonly role: RoleName; child: NodeChild; url: string };

/**
 * Replaces two APIs, the relay and the worker one after another, several times, as a deployment does: the new one first,
 * then SIGTERM to the old one, which is still sent requests until it refuses them. Keyed requests run all the while.
 */
export async function rollWhileSending(stack: WholeStack, random: Random, plan: RollPlan): Promise<RollReport> {
  stack.sink.setDelay(plan.sinkDelayMs);
  const tenants = await makeChaosTenants(stack, plan.tenants);
  const places: Place[] = [];
  // From here on they are ours: a stack that was rolled has no roles of its own any more.
  for (const role of ['api', 'api', 'relay', 'worker'] as const) places.push({ role, ...(await startOne(stack, role, plan)) });
  for (const role of Object.values(stack.roles)) await role.stop();
  const leaving = new Set<string>();
  const targets = (): string[] => [...places.filter(({ role }) => role === 'api').map(({ url }) => url), ...leaving];
  const callers = await callersOf(stack, tenants, targets, random);

  const nextRequest = requestMaker(random, tenants, plan.label);
  const drains: Drain[] = [];
  let isRolling = true;
  try {
    const sending = sendWhile(() => isRolling, nextRequest, callers);
    for (let round = 0; round < plan.rounds; round += 1) {
      for (const place of places) {
        await sleep(random.whole(0, 400));
        drains.push(await replace(stack, place, plan, leaving));
      }
    }
    isRolling = false;
    const sent = await sending;
    const accepted = sent.flatMap((one) => one.accepted);
    const replayed = await repeatAll(sent, callers);
    stack.sink.setDelay(0);
    await waitUntilTerminal(stack, accepted, 120_000);
    const tries = [...callers.values()].reduce((sum, { tries: one }) => ({ refused: sum.refused + one.refused, unavailable: sum.unavailable + one.unavailable }), { refused: 0, unavailable: 0 });
    return { ...(await judge(stack, accepted, plan.label)), drains, requests: sent.length, batches: await countBatches(stack, tenants), replayed, tries };
  } finally {
    isRolling = false;
    for (const { child } of places) await child.stop(GRACE_MS);
  }
}

async function startOne(stack: WholeStack, role: RoleName, plan: RollPlan): Promise<{ child: NodeChild; url: string }> {
  const port = await findFreePort();
  const env = { ...stack.env, API_PORT: String(port), API_DRAIN_MS: String(plan.drainMs) };
  return { child: await startRole(role, env, join(dirname(stack.sinkDir), 'logs')), url: `http://127.0.0.1:${String(port)}` };
}

/** The new one first; the old one keeps its place among the addresses until it is gone. */
async function replace(stack: WholeStack, place: Place, plan: RollPlan, leaving: Set<string>): Promise<Drain> {
  const { child: old, url: oldUrl, role } = place;
  Object.assign(place, await startOne(stack, role, plan));
  if (role === 'api') leaving.add(oldUrl);
  const claimed = role === 'worker' ? await claimedNow(stack, 0) : 0;
  const startedAt = performance.now();
  const stopped = old.stop(GRACE_MS);
  const toldNotReady = role === 'api' && (await saysNotReady(oldUrl, plan.drainMs));
  await stopped;
  const { code } = await old.exited;
  leaving.delete(oldUrl);
  return { role, code, ms: performance.now() - startedAt, toldNotReady, claimed };
}

async function saysNotReady(url: string, withinMs: number): Promise<boolean> {
  for (const until = performance.now() + withinMs; performance.now() < until; await sleep(20)) {
    const response = await fetch(`${url}/readyz`).catch(() => null);
    if (response?.status === 503) return true;
  }
  return false;
}

async function callersOf(stack: WholeStack, tenants: readonly ChaosTenant[], targets: () => readonly string[], random: Random): Promise<Map<string, BalancedCaller>> {
  const callers = new Map<string, BalancedCaller>();
  for (const { tenantId } of tenants) {
    const { secret } = await makeKey(stack.owner.sql, { tenantId, name: 'rolling' }, Date.now());
    callers.set(tenantId, balancedCaller(targets, secret, random));
  }
  return callers;
}

function callerOf(callers: ReadonlyMap<string, BalancedCaller>, { tenant }: InviteRequest): BalancedCaller {
  const caller = callers.get(tenant.tenantId);
  if (caller === undefined) throw new Error('a tenant without a caller');
  return caller;
}

type Sent = { readonly request: InviteRequest; readonly text: string; readonly accepted: Accepted[] };

function requestMaker(random: Random, tenants: readonly ChaosTenant[], label: string): () => InviteRequest {
  let requests = 0;
  let addresses = 0;
  return () => ({
    tenant: random.pick(tenants),
    key: `${label}-${String(random.seed)}-${String((requests += 1))}`,
    addresses: Array.from({ length: random.whole(1, LARGEST_REQUEST) }, () => `${label}${String((addresses += 1))}@people.example`),
  });
}

/** Sends new requests, and between them says earlier ones again, a few at a time for as long as the restarts take. */
async function sendWhile(isRolling: () => boolean, next: () => InviteRequest, callers: ReadonlyMap<string, BalancedCaller>): Promise<Sent[]> {
  const sent: Sent[] = [];
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    while (isRolling()) {
      const request = next();
      const reply = await sendOne(request, callers);
      const earlier = sent.at(-AT_ONCE);
      sent.push({ request, text: reply.text, accepted: acceptedBy(request, reply) });
      await sleep(PAUSE_MS);
      if (earlier === undefined) continue;
      const again = await sendOne(earlier.request, callers);
      if (again.text !== earlier.text) throw new Error(`the repetition of ${earlier.request.key} was answered otherwise`);
      await sleep(PAUSE_MS);
    }
  }));
  return sent;
}

function sendOne(request: InviteRequest, callers: ReadonlyMap<string, BalancedCaller>): Promise<Reply> {
  return callerOf(callers, request).send('/v1/invites', bodyOf(request), request.key);
}

/** Every request once more with its key. Returns how many were replays, word for word. */
async function repeatAll(sent: readonly Sent[], callers: ReadonlyMap<string, BalancedCaller>): Promise<number> {
  let replayed = 0;
  for (const { request, text } of sent) {
    const reply = await sendOne(request, callers);
    if (reply.replayed && reply.text === text) replayed += 1;
  }
  return replayed;
}

async function countBatches(stack: WholeStack, tenants: readonly ChaosTenant[]): Promise<number> {
  const ids = tenants.map(({ tenantId }) => tenantId);
  const [row] = await stack.superuser.sql<{ count: number }[]>`select count(*)::int as count from invite_batches where tenant_id = any(${ids}::text[])`;
  return row?.count ?? 0;
}
