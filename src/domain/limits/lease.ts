/** Slots of one bucket that a process took at once: from `fromUs`, each `spacingUs` after the other, before `untilUs`. */
export type SlotRange = { readonly fromUs: number; readonly untilUs: number };

/**
 * What a process has taken of a bucket and not used, the earliest first. A slot is good until its time has passed: later it
 * would be used beside those that the bucket has meanwhile won back, and more would go through than the rule says. So a
 * lease ends by itself and needs no clean-up; of a bucket that is nearly full it ends at once, of an empty one it is kept.
 */
export type Lease = readonly SlotRange[];

export const NO_LEASE: Lease = [];

/** How many slots are still good. */
export function slotsLeft(lease: Lease, spacingUs: number, nowUs: number): number {
  return current(lease, spacingUs, nowUs).reduce((sum, range) => sum + sizeOf(range, spacingUs), 0);
}

/** The lease with these slots added. */
export function withSlots(lease: Lease, range: SlotRange, spacingUs: number, nowUs: number): Lease {
  if (range.fromUs >= range.untilUs) return lease;
  return [...current(lease, spacingUs, nowUs), range].toSorted((a, b) => a.fromUs - b.fromUs);
}

/** Uses the earliest good slots; null where there are too few. `used` can be given back by `withSlots`. */
export function useSlots(lease: Lease, count: number, spacingUs: number, nowUs: number): { left: Lease; used: Lease } | null {
  let missing = count;
  const [left, used]: [SlotRange[], SlotRange[]] = [[], []];
  for (const range of current(lease, spacingUs, nowUs)) {
    const taken = Math.min(missing, sizeOf(range, spacingUs));
    const cutUs = range.fromUs + taken * spacingUs;
    missing -= taken;
    if (taken > 0) used.push({ fromUs: range.fromUs, untilUs: cutUs });
    if (cutUs < range.untilUs) left.push({ fromUs: cutUs, untilUs: range.untilUs });
  }
  return missing > 0 ? null : { left, used };
}

function sizeOf({ fromUs, untilUs }: SlotRange, spacingUs: number): number {
  return Math.round((untilUs - fromUs) / spacingUs);
}

/** Without the slots whose time has passed. */
function current(lease: Lease, spacingUs: number, nowUs: number): Lease {
  if (lease.every(({ fromUs }) => fromUs >= nowUs)) return lease;
  return lease.flatMap((range) => {
    const passed = Math.max(0, Math.ceil((nowUs - range.fromUs) / spacingUs));
    const fromUs = range.fromUs + passed * spacingUs;
    return fromUs < range.untilUs ? [{ fromUs, untilUs: range.untilUs }] : [];
  });
}
