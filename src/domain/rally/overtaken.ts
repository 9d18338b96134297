/** Somebody at a look at the ranks. `nudges`: how often they were told in the last 24 hours, of any board. */
export type Looked<Person> = { readonly personId: Person; readonly notedRank: number | null; readonly rank: number; readonly score: number; readonly nudges: number };

/** Was somebody passed since the last look? Who has no score yet has nothing to lose, and who was not noted before was not passed. */
export function isOvertaken({ notedRank, rank, score }: Omit<Looked<unknown>, 'personId' | 'nudges'>): boolean {
  return score > 0 && notedRank !== null && rank > notedRank;
}

/** Whom to tell of having been overtaken: the best placed first, so many a look, nobody more often than `aDay` in 24 hours. */
export function whomToNudge<Person>(looked: readonly Looked<Person>[], { aDay, most }: { readonly aDay: number; readonly most: number }): Looked<Person>[] {
  return looked.filter((one) => isOvertaken(one) && one.nudges < aDay).toSorted((a, b) => a.rank - b.rank).slice(0, most);
}
