import { carryTrace } from '../../db/write/carry-trace.ts';
import { limitLockWaits } from '../../db/write/limit-lock-waits.ts';
import type { KeyId, TenantId } from '../domain/ids.ts';
import type { Answer } from './answer.ts';
import { answerEachOnce, type KeyedRequest, type SharedCall, type WireAnswer } from './answer-once.ts';
import { TooLate } from './deadline.ts';
import type { Problem } from './problems.ts';
import type { Services } from './services.ts';
import { togetherOrAlone } from './together-or-alone.ts';

/** One of them. */
export type Asked<Body> = { readonly keyId: KeyId; readonly body: Body };
/** How it came. `isOver`: has the caller been told to come again? */
export type Sent = KeyedRequest & { readonly tenantId: TenantId; readonly traceparent: string | null; isOver(): boolean };

type HandleAll<Body> = (call: SharedCall, asked: readonly Asked<Body>[]) => Promise<readonly (Answer | Problem)[]>;
type Waiting<Body> = Sent & Asked<Body>;

const LATE = 'late';

/**
 * Answers keyed requests of one tenant that are sent at the same time in one transaction: one commit, and as many statements as one of them
 * would take. On the trace of the first that is traced hangs what the group hands over.
 */
export function shareTransactions<Body>(handleAll: HandleAll<Body>): (services: Services, request: Sent & Asked<Body>) => Promise<WireAnswer> {
  const groups = new WeakMap<Services, (tenantId: TenantId, request: Waiting<Body>) => Promise<WireAnswer | typeof LATE>>();
  return async (services, request) => {
    const ask = groups.get(services) ?? togetherOrAlone((tenantId: TenantId, requests: readonly Waiting<Body>[], lockMs) => answerGroup(handleAll, services, { tenantId, requests, lockMs }));
    groups.set(services, ask);
    const answer = await ask(request.tenantId, request);
    if (answer === LATE) throw new TooLate();
    return answer;
  };
}

type Group<Body> = { readonly tenantId: TenantId; readonly requests: readonly Waiting<Body>[]; readonly lockMs: number | null };

async function answerGroup<Body>(handleAll: HandleAll<Body>, services: Services, { tenantId, requests, lockMs }: Group<Body>): Promise<(WireAnswer | typeof LATE)[]> {
  const inTime = requests.filter((request) => !request.isOver());
  if (inTime.length === 0) return requests.map(() => LATE);
  const answers = await services.db.asTenant(tenantId, async (tx) => {
    limitLockWaits(tx, lockMs);
    carryTrace(tx, inTime.find(({ traceparent }) => traceparent !== null)?.traceparent ?? null);
    const call = { tenantId, tx, now: services.clock.now(), services };
    const made = await answerEachOnce(call, inTime, (fresh) => handleAll(call, fresh));
    // Rolled back rather than done behind a caller's back: he may have asked for something else meanwhile. The others are done without him.
    if (inTime.some((request) => request.isOver())) throw new TooLate();
    return new Map(inTime.map((request, i) => [request, made[i]] as const));
  });
  return requests.map((request) => answers.get(request) ?? LATE);
}
