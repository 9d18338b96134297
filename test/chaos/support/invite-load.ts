import { z } from 'zod';
import { read, type Reply } from './api-caller.ts';
import type { ChaosTenant } from './chaos-tenant.ts';
import type { Random } from './seeded-random.ts';

/** An address the API has accepted, and the invite it became. */
export type Accepted = { readonly address: string; readonly inviteId: string };

export type InviteRequest = { readonly tenant: ChaosTenant; readonly key: string; readonly addresses: readonly string[] };

const acceptedBody = z.object({
  batchId: z.string(),
  accepted: z.number(),
  invites: z.array(z.object({ id: z.string(), outcome: z.string(), reason: z.string().optional() })),
});

/** Requests of very different sizes, 1 to 1,000 invitees, `total` in all, dealt out among the tenants. Each address stands in one of them. */
export function planRequests(random: Random, tenants: readonly ChaosTenant[], total: number, label: string): InviteRequest[] {
  const requests: InviteRequest[] = [];
  let left = total;
  let next = 1;
  const largest = Math.min(1000, Math.ceil(total / 2));
  for (const wanted of sizes(random, largest)) {
    if (left === 0) break;
    const size = Math.min(wanted, left);
    const tenant = random.pick(tenants);
    const first = next;
    requests.push({
      tenant,
      key: `${label}-${String(random.seed)}-${String(requests.length)}`,
      addresses: Array.from({ length: size }, (_, i) => `${label}${String(first + i)}@people.example`),
    });
    next += size;
    left -= size;
  }
  return requests;
}

/** One as large as a request may be, then mostly small ones, as apps send them. */
function* sizes(random: Random, largest: number): Generator<number, never> {
  yield largest;
  for (;;) {
    const kind = random.whole(1, 10);
    if (kind <= 6) yield random.whole(1, 5);
    else if (kind <= 9) yield random.whole(6, 40);
    else yield random.whole(41, 200);
  }
}

export function bodyOf({ tenant, addresses }: Pick<InviteRequest, 'tenant' | 'addresses'>): unknown {
  return { programId: tenant.programId, invitees: addresses.map((email) => ({ email, zone: 'UTC', consent: { basis: 'opt_in' } })) };
}

/** The invites of an answered request. Throws where one was refused: all were acceptable, so it had been accepted before. */
export function acceptedBy(request: InviteRequest, reply: Reply): Accepted[] {
  const { invites } = read(reply, 202, acceptedBody);
  return request.addresses.map((address, i) => {
    const invite = invites[i];
    if (invite?.outcome !== 'accepted') throw new Error(`${address} was not accepted: ${invite?.reason ?? 'no answer for it'}`);
    return { address, inviteId: invite.id };
  });
}

/** Sends the requests, a few at a time, each until it is answered. */
export async function sendAll(requests: readonly InviteRequest[], atOnce = 4): Promise<Accepted[]> {
  const todo = [...requests];
  const accepted: Accepted[] = [];
  await Promise.all(Array.from({ length: atOnce }, async () => {
    for (let request = todo.shift(); request !== undefined; request = todo.shift()) {
      const reply = await request.tenant.api.sendUntilAnswered('POST', '/v1/invites', bodyOf(request), request.key);
      accepted.push(...acceptedBy(request, reply));
    }
  }));
  return accepted;
}
