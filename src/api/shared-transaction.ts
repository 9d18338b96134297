import { carryTrace } from '../../db/write/carry-trace.ts';
import type { KeyId, TenantId } from '../domain/ids.ts';
import type { Answer } from './answer.ts';
import { answerEachOnce, type KeyedRequest, type SharedCall, type WireAnswer } from './answer-once.ts';
import { TooLate } from './deadline.ts';
import { mayBeOfOne } from './failure.ts';
import { groupCallsBy } from './group-calls.ts';
import type { Problem } from './problems.ts';
import type { Services } from './services.ts';

/** One of them. */
export type Asked<Body> = { readonly keyId: KeyId; readonly body: Body };
/** How it came. `isOver`: has the caller been told to come again? */
export type Sent = KeyedRequest & { readonly tenantId: TenantId; readonly traceparent: string | null; isOver(): boolean };

type HandleAll<Body> = (call: SharedCall, asked: readonly Asked<Body>[]) => Promise<readonly (Answer | Problem)[]>;
type Waiting<Body> = Sent & Asked<Body>;

const LARGEST_GROUP = 50;
/** While one group of a tenant waits for the disk the next is done. */
const AT_ONCE = 2;
/** Who waited longer has been answered without it. */
const PATIENCE_MS = 10_000;
const LATE = 'late';

/**
 * Answers keyed requests of one tenant that are sent at the same time in one transaction: one commit, and as many statements as one of them
 * would take. A group that fails by what may be the fault of one is done one by one. On the trace of a group's first hangs what it hands over.
 */
export function shareTransactions<Body>(handleAll: HandleAll<Body>): (services: Services, request: Sent & Asked<Body>) => Promise<WireAnswer> {
  const groups = new WeakMap<Services, (tenantId: TenantId, request: Waiting<Body>) => Promise<WireAnswer | typeof LATE>>();
  return async (services, request) => {
    const ask = groups.get(services) ?? groupCallsBy((tenantId: TenantId) => ({
      most: LARGEST_GROUP, atOnce: AT_ONCE, patienceMs: PATIENCE_MS, mayBeOf: (error: unknown) => error instanceof TooLate || mayBeOfOne(error),
      run: (requests: readonly Waiting<Body>[]) => answerGroup(handleAll, services, tenantId, requests),
    }));
    groups.set(services, ask);
    const answer = await ask(request.tenantId, request);
    if (answer === LATE) throw new TooLate();
    return answer;
  };
}

async function answerGroup<Body>(handleAll: HandleAll<Body>, services: Services, tenantId: TenantId, requests: readonly Waiting<Body>[]): Promise<(WireAnswer | typeof LATE)[]> {
  const inTime = requests.filter((request) => !request.isOver());
  if (inTime.length === 0) return requests.map(() => LATE);
  const answers = await services.db.asTenant(tenantId, async (tx) => {
    carryTrace(tx, inTime[0]?.traceparent ?? null);
    const call = { tenantId, tx, now: services.clock.now(), services };
    const made = await answerEachOnce(call, inTime, (fresh) => handleAll(call, fresh));
    // Rolled back rather than done behind a caller's back: he may have asked for something else meanwhile. The others are done without him.
    if (inTime.some((request) => request.isOver())) throw new TooLate();
    return new Map(inTime.map((request, i) => [request, made[i]] as const));
  });
  return requests.map((request) => answers.get(request) ?? LATE);
}
