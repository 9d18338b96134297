import type { BucketAnswer, BucketAsk } from '../../../db/write/take-rate-units.ts';
import type { Lease } from '../../domain/limits/lease.ts';
import { spacingUs } from '../../domain/limits/rate-rule.ts';
import type { SharedBucket } from './shared-bucket.ts';

/** `open`: the shared buckets could not be asked in time; whoever waits goes on unlimited. */
export type LeaseOutcome = { kind: 'taken'; used: Lease } | { kind: 'refused'; waitUs: number } | { kind: 'open' };

export type LeaseDesk = { take(bucket: SharedBucket, cost: number): Promise<LeaseOutcome> };
export type DeskDeps = {
  ask(asks: readonly BucketAsk[], atUs: number): Promise<readonly BucketAnswer[]>;
  nowUs(): number;
  /** Nobody waits longer than this for a lease. */
  patienceMs: number;
  /** Told when the buckets do not answer. */
  onTrouble(error: unknown): void;
};

type Waiting = Map<SharedBucket, Waiter[]>;
type Waiter = { cost: number; settle(outcome: LeaseOutcome): void };

/**
 * Asks the shared buckets for many requests at once: one statement at a time is under way, and whoever comes meanwhile goes
 * with the next. So a busy process asks no more often than it gets answers, on one connection.
 */
export function openLeaseDesk(deps: DeskDeps): LeaseDesk {
  const waiting: Waiting = new Map();
  let isAsking = false;
  let isLate = false;

  const round = async (): Promise<void> => {
    const asked = [...waiting];
    waiting.clear();
    const late = setTimeout(() => {
      isLate = true;
      deps.onTrouble(new Error('the shared buckets do not answer'));
      openAll([...asked, ...waiting]);
      waiting.clear();
    }, deps.patienceMs);
    try {
      const again = await askOnce(deps, asked);
      if (!isLate) for (const [bucket, waiters] of again) waiting.set(bucket, [...waiters, ...(waiting.get(bucket) ?? [])]);
    } catch (error) {
      if (!isLate) deps.onTrouble(error);
      openAll(asked);
    } finally {
      clearTimeout(late);
      isLate = false;
    }
  };
  const work = async (): Promise<void> => {
    while (waiting.size > 0) await round();
    isAsking = false;
  };
  const wait = (bucket: SharedBucket, cost: number): Promise<LeaseOutcome> => new Promise((resolve) => {
    waiting.set(bucket, [...(waiting.get(bucket) ?? []), { cost, settle: resolve }]);
    if (isAsking) return;
    isAsking = true;
    // Not at once: what one request takes of several buckets goes in one statement.
    queueMicrotask(() => { void work(); });
  });
  return {
    take(bucket, cost) {
      const nowUs = deps.nowUs();
      // Whoever waits for this bucket came first.
      const used = waiting.has(bucket) ? null : bucket.take(cost, nowUs);
      if (used !== null) return Promise.resolve({ kind: 'taken', used });
      const waitUs = bucket.refusedForUs(cost, nowUs);
      if (waitUs > 0) return Promise.resolve({ kind: 'refused', waitUs });
      return isLate ? Promise.resolve({ kind: 'open' }) : wait(bucket, cost);
    },
  };
}

/** One statement for all of them; settles each waiter, but those for whom there is room and who were leased too little. */
async function askOnce(deps: DeskDeps, asked: readonly (readonly [SharedBucket, readonly Waiter[]])[]): Promise<[SharedBucket, Waiter[]][]> {
  const atUs = deps.nowUs();
  const answers = await deps.ask(asked.map(([bucket, waiters]) => ({
    scope: bucket.scope, spacingUs: spacingUs(bucket.rule), burst: bucket.rule.burst,
    ...bucket.askFor(waiters.map(({ cost }) => cost), atUs),
  })), atUs);
  return asked.flatMap(([bucket, waiters], i): [SharedBucket, Waiter[]][] => {
    const answer = answers[i];
    if (answer === undefined) throw new Error('a bucket was not answered for');
    bucket.hear(answer, atUs);
    const again = waiters.filter((waiter) => !settle(bucket, waiter, atUs));
    return again.length === 0 ? [] : [[bucket, again]];
  });
}

/** False: there is room by what was heard, but not enough was leased; ask once more. */
function settle(bucket: SharedBucket, waiter: Waiter, atUs: number): boolean {
  const used = bucket.take(waiter.cost, atUs);
  if (used !== null) {
    waiter.settle({ kind: 'taken', used });
    return true;
  }
  const waitUs = bucket.refusedForUs(waiter.cost, atUs);
  if (waitUs === 0) return false;
  waiter.settle({ kind: 'refused', waitUs });
  return true;
}

function openAll(asked: readonly (readonly [SharedBucket, readonly Waiter[]])[]): void {
  for (const [, waiters] of asked) for (const waiter of waiters) waiter.settle({ kind: 'open' });
}
