/** Freezes that were given at an instant, or (below zero) taken back. A shield is one freeze. */
export type FreezeGrant = { readonly at: number; readonly count: number };
/** Local dates, both included, as days since 1970-01-01. */
export type Pause = { readonly firstDay: number; readonly lastDay: number };

/** What keeps a streak where nobody practised. `freezes`: held from the beginning. */
export type StreakSupply = { readonly freezes: number; readonly grants: readonly FreezeGrant[]; readonly pauses: readonly Pause[] };

/** How many freezes had been given by an instant, that instant included, less those taken back; used ones are counted too. */
export function freezesGivenBy({ freezes, grants }: StreakSupply, at: number): number {
  return grants.reduce((sum, grant) => (grant.at <= at ? sum + grant.count : sum), freezes);
}

/** The most that can have been held at any time by an instant, used ones included: what was taken back later had been there. */
export function freezesEverGivenBy({ freezes, grants }: StreakSupply, at: number): number {
  return grants.reduce((sum, grant) => (grant.at <= at && grant.count > 0 ? sum + grant.count : sum), freezes);
}

/** How many are left of them. What was used before it was taken back stays used: the next ones make up for it. */
export function freezesHeld(supply: StreakSupply, at: number, used: number): number {
  return Math.max(0, freezesGivenBy(supply, at) - used);
}

export function isPaused({ pauses }: StreakSupply, day: number): boolean {
  return pauses.some(({ firstDay, lastDay }) => firstDay <= day && day <= lastDay);
}
