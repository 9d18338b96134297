import { carryTrace } from '../../db/write/carry-trace.ts';
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
export function shareTransactions<Body>(handleAll: HandleAll<Body>): (services: Services, request: Waiting<Body>) => Promise<WireAnswer> {
  const ask = togetherOrAlone((call, requests: readonly Waiting<Body>[]) => answerGroup(handleAll, call, requests));
  return async (services, request) => {
    const answer = await ask(services, request.tenantId, request);
    if (answer === LATE) throw new TooLate();
    return answer;
  };
}

async function answerGroup<Body>(handleAll: HandleAll<Body>, call: SharedCall, requests: readonly Waiting<Body>[]): Promise<(WireAnswer | typeof LATE)[]> {
  const inTime = requests.filter((request) => !request.isOver());
  if (inTime.length === 0) return requests.map(() => LATE);
  carryTrace(call.tx, inTime.find(({ traceparent }) => traceparent !== null)?.traceparent ?? null);
  const made = await answerEachOnce(call, inTime, (fresh) => handleAll(call, fresh));
  // Rolled back rather than done behind a caller's back: he may have asked for something else meanwhile. The others are done without him.
  if (inTime.some((request) => request.isOver())) throw new TooLate();
  const answers = new Map(inTime.map((request, i) => [request, made[i]] as const));
  return requests.map((request) => answers.get(request) ?? LATE);
}
