import { TooLate } from './deadline.ts';
import { classifyFailure, mayBeOfOne } from './failure.ts';
import { groupCallsBy } from './group-calls.ts';

const LARGEST_GROUP = 50;
/** While one group of a tenant waits for the disk the next is done. */
const AT_ONCE = 2;
/** Who waited longer has been answered without it. */
const PATIENCE_MS = 10_000;
/** A group waits no longer for a lock: less than PostgreSQL takes to look for a ring (deadlock_timeout), more than another group holds one. */
const LOCK_MS = 500;
const ALONE = Symbol('alone');

/** Does some of what is asked of `of` in one transaction; answers in their order. `lockMs`: it waits no longer for a lock; null: as long as any request. */
type Work<K, I, O> = (of: K, items: readonly I[], lockMs: number | null) => Promise<readonly O[]>;

/**
 * Does together what is asked of one (a tenant) at the same time. Of a group that fails by what may be the fault of one, or waits for somebody's lock,
 * each is done by itself and outside of the groups: who waits for a lock has no place that others wait for.
 */
export function togetherOrAlone<K, I, O>(work: Work<K, I, O>): (of: K, item: I) => Promise<O> {
  const ask = groupCallsBy((of: K) => ({
    most: LARGEST_GROUP, atOnce: AT_ONCE, patienceMs: PATIENCE_MS, mayBeOf: () => false,
    run: (items: readonly I[]): Promise<readonly (O | typeof ALONE)[]> => work(of, items, LOCK_MS).catch((error: unknown) => {
      if (!isBetterAlone(error, items.length)) throw error;
      return items.map(() => ALONE);
    }),
  }));
  return async (of, item) => {
    const tried = await ask(of, item);
    if (tried !== ALONE) return tried;
    const [answer] = await work(of, [item], null);
    if (answer === undefined) throw new Error('what was asked was not answered');
    return answer;
  };
}

/** Of a group: whatever may be one's. Of one alone: a lock that it waited for. */
function isBetterAlone(error: unknown, count: number): boolean {
  const failure = classifyFailure(error);
  return count === 1 ? failure === 'unavailable' && mayBeOfOne(error) : mayBeOfOne(error) || error instanceof TooLate || failure === 'try_again';
}
