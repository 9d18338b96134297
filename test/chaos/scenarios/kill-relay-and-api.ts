import { catchInTransaction } from '../support/attempts.ts';
import { makeChaosTenants } from '../support/chaos-tenant.ts';
import { acceptedBy, bodyOf, planRequests, sendAll, type Accepted, type InviteRequest } from '../support/invite-load.ts';
import type { Random } from '../support/seeded-random.ts';
import { judge, waitUntilTerminal, type Tally, type Verdict } from '../support/verdict.ts';
import { sleep, waitUntil } from '../support/wait-until.ts';
import type { WholeStack } from '../support/whole-stack.ts';

export type RoleKillPlan = { invites: number; kills: number; tenants: readonly string[]; label: string };
export type RoleKillReport = { verdict: Verdict; tally: Tally; kills: number; inTransaction: number; requests: number; batches: number; replayed: number; outboxLeft: number };

/**
 * Kills the relay while it hands outbox rows over: wherever possible with its transaction open, which is between the
 * nudge and the delete. Requests trickle in meanwhile, so that there always is something to hand over.
 */
export async function killRelayUnderLoad(stack: WholeStack, random: Random, plan: RoleKillPlan): Promise<RoleKillReport> {
  return killUnderLoad(stack, random, plan, { role: 'relay', application: 'flywheel relay' });
}

/** Kills the API in the middle of keyed requests; each is repeated with its key until it is answered, and then once more. */
export async function killApiUnderLoad(stack: WholeStack, random: Random, plan: RoleKillPlan): Promise<RoleKillReport> {
  return killUnderLoad(stack, random, plan, { role: 'api', application: 'flywheel api' });
}

async function killUnderLoad(stack: WholeStack, random: Random, plan: RoleKillPlan, victim: { role: 'relay' | 'api'; application: string }): Promise<RoleKillReport> {
  const tenants = await makeChaosTenants(stack, plan.tenants);
  const requests = planRequests(random, tenants, plan.invites, plan.label);
  const share = Math.ceil(requests.length / plan.kills);
  const accepted: Accepted[] = [];
  let kills = 0;
  let inTransaction = 0;
  for (let i = 0; i < requests.length; i += share) {
    const sending = sendAll(requests.slice(i, i + share));
    await sleep(random.whole(0, 60));
    if (await catchInTransaction(stack, victim.application, 1_000)) inTransaction += 1;
    await stack.roles[victim.role].kill();
    kills += 1;
    await stack.roles[victim.role].start();
    accepted.push(...(await sending));
  }
  const replayed = await repeatAll(requests, new Map(accepted.map((one) => [one.address, one.inviteId])));
  await waitUntilTerminal(stack, accepted, 120_000);
  const outboxLeft = await waitUntil('the outbox is empty', 10_000, async () => {
    const [row] = await stack.superuser.sql<{ count: number }[]>`select count(*)::int as count from outbox`;
    return row?.count === 0 ? { count: 0 } : null;
  });
  const ids = tenants.map(({ tenantId }) => tenantId);
  const [batches] = await stack.superuser.sql<{ count: number }[]>`select count(*)::int as count from invite_batches where tenant_id = any(${ids}::text[])`;
  return {
    ...(await judge(stack, accepted, plan.label)), kills, inTransaction, replayed,
    requests: requests.length, batches: batches?.count ?? 0, outboxLeft: outboxLeft.count,
  };
}

/** Every request once more with its key: the same answer, word for word, and nothing done. Returns how many were replays. */
async function repeatAll(requests: readonly InviteRequest[], known: ReadonlyMap<string, string>): Promise<number> {
  let replayed = 0;
  for (const request of requests) {
    const reply = await request.tenant.api.send('POST', '/v1/invites', bodyOf(request), request.key);
    if (!reply.replayed) continue;
    if (acceptedBy(request, reply).some(({ address, inviteId }) => known.get(address) !== inviteId)) throw new Error('a replay told of other invites');
    replayed += 1;
  }
  return replayed;
}
