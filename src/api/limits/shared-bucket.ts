import { NO_LEASE, slotsLeft, useSlots, withSlots } from '../../domain/limits/lease.ts';
import type { Lease } from '../../domain/limits/lease.ts';
import { freeUnits, spacingUs, takeUnits, waitUs } from '../../domain/limits/rate-rule.ts';
import type { Ask, RateRule, Taken } from '../../domain/limits/rate-rule.ts';

/** What one process knows of one shared bucket. Instants in microseconds; nothing here waits or asks anybody. */
export type SharedBucket = {
  readonly rule: RateRule;
  readonly scope: Uint8Array;
  /** Takes units from what was leased; null where that is too little. */
  take(cost: number, nowUs: number): Lease | null;
  giveBack(used: Lease, nowUs: number): void;
  /** How long asking is of no use, by what was last heard: others can only have taken more. 0: ask. */
  refusedForUs(cost: number, nowUs: number): number;
  /** What to ask the shared bucket for when these costs wait, the first one at least. */
  askFor(costs: readonly number[], nowUs: number): Ask;
  /** What it answered to a question of `atUs`. */
  hear(taken: Taken, atUs: number): void;
  remaining(nowUs: number): number;
};

/** A process takes at most this share of the burst ahead of need, and no more than a second's worth: what it does not use, others miss. */
const LARGEST_SHARE = 20;

export function openSharedBucket(rule: RateRule, scope: Uint8Array): SharedBucket {
  const spacing = spacingUs(rule);
  const most = Math.max(1, Math.floor(Math.min(rule.burst / LARGEST_SHARE, rule.quota / rule.windowSeconds)));
  let lease = NO_LEASE;
  let heardFullAtUs = 0;
  let ahead = 1;
  return {
    rule,
    scope,
    take(cost, nowUs) {
      const found = useSlots(lease, cost, spacing, nowUs);
      if (found === null) return null;
      lease = found.left;
      return found.used;
    },
    giveBack(used, nowUs) {
      for (const range of used) lease = withSlots(lease, range, spacing, nowUs);
    },
    refusedForUs: (cost, nowUs) => {
      const need = cost - slotsLeft(lease, spacing, nowUs);
      return takeUnits(rule, heardFullAtUs, { need, want: need }, nowUs).granted > 0 ? 0 : waitUs(rule, heardFullAtUs, need, nowUs);
    },
    askFor(costs, nowUs) {
      const left = slotsLeft(lease, spacing, nowUs);
      // While there is plenty nobody misses a slice. Where it gets scarce only traffic earns a large one: used up, twice as much; ended unused, half.
      const isPlenty = freeUnits(rule, heardFullAtUs, nowUs) > rule.burst / 2;
      ahead = isPlenty ? most : lease.length === 0 ? Math.min(ahead * 2, most) : Math.max(Math.floor(ahead / 2), 1);
      const sum = costs.reduce((total, cost) => total + cost, 0);
      return { need: Math.max((costs[0] ?? 1) - left, 1), want: Math.max(sum - left, ahead, 1) };
    },
    hear({ granted, fullAtUs }, atUs) {
      heardFullAtUs = Math.max(heardFullAtUs, fullAtUs);
      lease = withSlots(lease, { fromUs: fullAtUs - granted * spacing, untilUs: fullAtUs }, spacing, atUs);
    },
    remaining: (nowUs) => Math.max(freeUnits(rule, heardFullAtUs, nowUs), 0) + slotsLeft(lease, spacing, nowUs),
  };
}
