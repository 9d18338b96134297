import { acceptedBy, bodyOf, type Accepted, type InviteRequest } from './invite-load.ts';
import type { WholeStack } from './whole-stack.ts';

/** Every request once more with its key: the same answer, and nothing done. Returns how many were replays. */
export async function replayAll(requests: readonly InviteRequest[], accepted: readonly Accepted[]): Promise<number> {
  const known = new Map(accepted.map((one) => [one.address, one.inviteId]));
  let replayed = 0;
  for (const request of requests) {
    const reply = await request.tenant.api.send('POST', '/v1/invites', bodyOf(request), request.key);
    if (!reply.replayed) continue;
    if (acceptedBy(request, reply).some(({ address, inviteId }) => known.get(address) !== inviteId)) throw new Error('a replay told of other invites');
    replayed += 1;
  }
  return replayed;
}

/** Batches these requests' tenants have: as many as requests where each had one effect. */
export async function batchesOf(stack: WholeStack, requests: readonly InviteRequest[]): Promise<number> {
  const ids = [...new Set(requests.map(({ tenant }) => tenant.tenantId))];
  const [row] = await stack.superuser.sql<{ count: number }[]>`select count(*)::int as count from invite_batches where tenant_id = any(${ids}::text[])`;
  return row?.count ?? 0;
}
