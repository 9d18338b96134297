import { TooLate } from './deadline.ts';

export type GroupRules<I, O> = {
  /** What is done for a group: one outcome for each, in the same order. A failure it throws left nothing behind, or is nobody's by himself. */
  readonly run: (items: readonly I[]) => Promise<readonly O[]>;
  /** The largest group. */
  readonly most: number;
  /** Groups under way at once. */
  readonly atOnce: number;
  /** Who waited longer than this to be taken into a group gets TooLate: nobody waits for the answer any more. */
  readonly patienceMs: number;
  /** May this failure of a group be that of one of them? Then each is done by itself, and fails or succeeds alone. */
  readonly mayBeOf: (error: unknown) => boolean;
};

type Waiter<I, O> = { readonly item: I; readonly askedAtMs: number; resolve(outcome: O): void; reject(error: unknown): void };

/**
 * Does together what is asked for at the same time: what arrives in one turn of the event loop leaves as one group, at once
 * while there is room; whoever comes while `atOnce` groups are under way goes with the next, together with all who wait by then.
 * No timer: a single call in a quiet process waits for nobody.
 */
export function groupCalls<I, O>(rules: GroupRules<I, O>): (item: I) => Promise<O> {
  const waiting: Waiter<I, O>[] = [];
  let underWay = 0;
  let isLeaving = false;
  const leave = (): void => {
    isLeaving = false;
    while (waiting.length > 0 && underWay < rules.atOnce) {
      const group = inTime(waiting.splice(0, rules.most), rules.patienceMs);
      if (group.length === 0) continue;
      underWay += 1;
      void runGroup(rules, group).finally(() => {
        underWay -= 1;
        leave();
      });
    }
  };
  return (item) => new Promise((resolve, reject) => {
    waiting.push({ item, askedAtMs: performance.now(), resolve, reject });
    if (isLeaving || underWay >= rules.atOnce) return;
    isLeaving = true;
    setImmediate(leave);
  });
}

/** Groups of one key each, so that nobody waits for what another key's group waits for. A key that nobody asks for is forgotten. */
export function groupCallsBy<K, I, O>(rulesOf: (key: K) => GroupRules<I, O>): (key: K, item: I) => Promise<O> {
  const groups = new Map<K, { readonly call: (item: I) => Promise<O>; asked: number }>();
  return async (key, item) => {
    const group = groups.get(key) ?? { call: groupCalls(rulesOf(key)), asked: 0 };
    groups.set(key, group);
    group.asked += 1;
    try {
      return await group.call(item);
    } finally {
      group.asked -= 1;
      if (group.asked === 0) groups.delete(key);
    }
  };
}

function inTime<I, O>(waiters: readonly Waiter<I, O>[], patienceMs: number): Waiter<I, O>[] {
  const sinceMs = performance.now() - patienceMs;
  return waiters.filter((waiter) => {
    if (waiter.askedAtMs >= sinceMs) return true;
    waiter.reject(new TooLate());
    return false;
  });
}

async function runGroup<I, O>(rules: GroupRules<I, O>, group: readonly Waiter<I, O>[]): Promise<void> {
  try {
    const outcomes = await rules.run(group.map(({ item }) => item));
    if (outcomes.length !== group.length) throw new Error('a group was not answered for each of its calls');
    for (const [i, outcome] of outcomes.entries()) group[i]?.resolve(outcome);
  } catch (error) {
    if (group.length > 1 && rules.mayBeOf(error)) await Promise.all(group.map((waiter) => runGroup(rules, [waiter])));
    else for (const waiter of group) waiter.reject(error);
  }
}
