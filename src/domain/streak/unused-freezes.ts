/** Freezes that one source gave, less what was taken back of them. */
export type GivenFreezes = { readonly source: string; readonly at: number; readonly count: number };

/** How many of a source's freezes nobody has used, of all that were given to a streak: those that were given first were used first. */
export function unusedFreezes(given: readonly GivenFreezes[], { source, used }: { readonly source: string; readonly used: number }): number {
  let charged = used;
  for (const each of given.toSorted((a, b) => a.at - b.at || (a.source < b.source ? -1 : 1))) {
    const left = Math.max(0, each.count - charged);
    if (each.source === source) return left;
    charged = Math.max(0, charged - Math.max(0, each.count));
  }
  return 0;
}
