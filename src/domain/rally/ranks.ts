/** How many people have a score. */
export type ScoreGroup = { readonly score: number; readonly people: number };

/** `sharedWith`: how many others have the same score, and so the same rank. */
export type Rank = { readonly rank: number; readonly sharedWith: number };

export type Ranks = {
  readonly players: number;
  /** The rank of a score, whether or not anybody has it yet. */
  rankOf(score: number): Rank;
};

/**
 * Competition ranking, "1224": a rank is one more than how many have a better score, so that who ties shares the better rank and the next
 * one is left out. `groups`: each score once, the best first. Finding a rank takes a search by halves, whatever the size of the cohort.
 */
export function ranksOf(groups: readonly ScoreGroup[]): Ranks {
  const better: number[] = [];
  let players = 0;
  for (const { people } of groups) {
    better.push(players);
    players += people;
  }
  return {
    players,
    rankOf(score) {
      let low = 0;
      let high = groups.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((groups[middle]?.score ?? 0) > score) low = middle + 1;
        else high = middle;
      }
      const group = groups[low];
      return { rank: (better[low] ?? players) + 1, sharedWith: group?.score === score ? group.people - 1 : 0 };
    },
  };
}

/** How somebody has moved since ranks were noted last. */
export type Movement = { readonly kind: 'new' | 'same' } | { readonly kind: 'up' | 'down'; readonly places: number };

export function movementOf(notedRank: number | null, rank: number): Movement {
  if (notedRank === null) return { kind: 'new' };
  if (notedRank === rank) return { kind: 'same' };
  return { kind: notedRank > rank ? 'up' : 'down', places: Math.abs(notedRank - rank) };
}
