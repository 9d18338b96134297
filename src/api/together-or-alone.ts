import { limitLockWaits } from '../../db/write/limit-lock-waits.ts';
import type { TenantId } from '../domain/ids.ts';
import type { SharedCall } from './answer-once.ts';
import { TooLate } from './deadline.ts';
import { classifyFailure, mayBeOfOne } from './failure.ts';
import { groupCallsBy } from './group-calls.ts';
import type { Services } from './services.ts';

const LARGEST_GROUP = 50;
/** While one group of a tenant waits for the disk the next is done. */
const AT_ONCE = 2;
/** Who waited longer has been answered without it. */
const PATIENCE_MS = 10_000;
/** A group waits no longer for a lock: less than PostgreSQL takes to look for a ring (deadlock_timeout), more than another group holds one. */
const LOCK_MS = 500;
const ALONE = Symbol('alone');

/** Does what is asked in the transaction of the call; answers in the same order. */
type Work<I, O> = (call: SharedCall, items: readonly I[]) => Promise<readonly O[]>;
type Ask<I, O> = (tenantId: TenantId, item: I) => Promise<O>;

/**
 * Does together, in one transaction, what is asked for one tenant at the same time. Of a group that fails by what may be the fault of one, or waits for somebody's lock,
 * each is done by itself and outside of the groups: who waits for a lock has no place that others wait for.
 */
export function togetherOrAlone<I, O>(work: Work<I, O>): (services: Services, tenantId: TenantId, item: I) => Promise<O> {
  const groups = new WeakMap<Services, Ask<I, O>>();
  return (services, tenantId, item) => {
    const ask = groups.get(services) ?? askIn(services, work);
    groups.set(services, ask);
    return ask(tenantId, item);
  };
}

function askIn<I, O>(services: Services, work: Work<I, O>): Ask<I, O> {
  /** `lockMs`: as long it waits for a lock; null: as long as any request. */
  const perform = (tenantId: TenantId, items: readonly I[], lockMs: number | null): Promise<readonly O[]> => services.db.asTenant(tenantId, (tx) => {
    limitLockWaits(tx, lockMs);
    return work({ tenantId, tx, now: services.clock.now(), services }, items);
  });
  const askGroup = groupCallsBy((tenantId: TenantId) => ({
    most: LARGEST_GROUP, atOnce: AT_ONCE, patienceMs: PATIENCE_MS, mayBeOf: () => false,
    run: (items: readonly I[]): Promise<readonly (O | typeof ALONE)[]> => perform(tenantId, items, LOCK_MS).catch((error: unknown) => {
      if (!isBetterAlone(error, items.length)) throw error;
      return items.map(() => ALONE);
    }),
  }));
  return async (tenantId, item) => {
    const tried = await askGroup(tenantId, item);
    if (tried !== ALONE) return tried;
    const [answer] = await perform(tenantId, [item], null);
    if (answer === undefined) throw new Error('what was asked was not answered');
    return answer;
  };
}

/** Of a group: whatever may be one's. Of one alone: a lock that it waited for. */
function isBetterAlone(error: unknown, count: number): boolean {
  const failure = classifyFailure(error);
  return count === 1 ? failure === 'unavailable' && mayBeOfOne(error) : mayBeOfOne(error) || error instanceof TooLate || failure === 'try_again';
}
