import type { ChaosTenant } from './chaos-tenant.ts';
import { acceptedBy, bodyOf, planRequests, type Accepted, type InviteRequest } from './invite-load.ts';
import type { Random } from './seeded-random.ts';
import { sleep } from './wait-until.ts';

/** One try of a request as its caller saw it; status 0: no answer came. */
export type Try = { readonly atMs: number; readonly tookMs: number; readonly status: number; readonly retryAfterSeconds: number | null };
export type SteadyCalls = { readonly accepted: Accepted[]; readonly tries: Try[] };

const REPEAT_AFTER_MS = 300;
const GIVE_UP_MS = 120_000;

/** Requests of every size, the largest first so that there is something to send, and among them as many of one to three invitees. */
export function planCalls(random: Random, tenants: readonly ChaosTenant[], plan: { invites: number; calls: number; label: string }): InviteRequest[] {
  const [first, ...others] = planRequests(random, tenants, plan.invites, `${plan.label}a`);
  const small = Array.from({ length: plan.calls }, (_, i): InviteRequest => ({
    tenant: random.pick(tenants),
    key: `${plan.label}${String(random.seed)}-small-${String(i)}`,
    addresses: Array.from({ length: random.whole(1, 3) }, (_n, n) => `${plan.label}b${String(i)}-${String(n)}@people.example`),
  }));
  const each = Math.ceil(small.length / (others.length + 1));
  return [...(first === undefined ? [] : [first]), ...small.splice(0, each), ...others.flatMap((request) => [request, ...small.splice(0, each)]), ...small];
}

/**
 * Begins these requests one after the other over so long, and repeats each with its key until it is answered, as an app
 * does that nobody waits for. Times are of `performance.now()`.
 */
export async function callThroughout(requests: readonly InviteRequest[], overMs: number): Promise<SteadyCalls> {
  const tries: Try[] = [];
  const begunAtMs = performance.now();
  const accepted = await Promise.all(requests.map(async (request, i) => {
    await sleep((i * overMs) / requests.length - (performance.now() - begunAtMs));
    return callUntilAccepted(request, tries);
  }));
  return { accepted: accepted.flat(), tries };
}

async function callUntilAccepted(request: InviteRequest, tries: Try[]): Promise<Accepted[]> {
  const until = performance.now() + GIVE_UP_MS;
  for (;;) {
    const atMs = performance.now();
    const reply = await request.tenant.api.send('POST', '/v1/invites', bodyOf(request), request.key).catch(() => null);
    tries.push({ atMs, tookMs: performance.now() - atMs, status: reply?.status ?? 0, retryAfterSeconds: reply?.retryAfterSeconds ?? null });
    if (reply !== null && reply.status !== 409 && reply.status < 500) return acceptedBy(request, reply);
    if (performance.now() > until) throw new Error(`a request was not answered: ${reply?.text ?? 'no connection'}`);
    await sleep(REPEAT_AFTER_MS);
  }
}

/** How many of each status, and the longest wait for an answer, of the tries that began in a span. */
export function sumUp(tries: readonly Try[], fromMs = 0, toMs = Number.POSITIVE_INFINITY): { statuses: Record<string, number>; longestMs: number } {
  const those = tries.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs);
  const statuses: Record<string, number> = {};
  for (const { status } of those) statuses[status] = (statuses[status] ?? 0) + 1;
  return { statuses, longestMs: Math.round(Math.max(0, ...those.map(({ tookMs }) => tookMs))) };
}
