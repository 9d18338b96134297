const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const MOST_PLACES = 100;
const STANDARD_HOURS = 7 * 24;

/** By what a deck is played, fixed at the start. `endsAt`: epoch ms. */
export type PlayTerms = { readonly places: number; readonly rounds: number; readonly scoreToBeat: number | null; readonly endsAt: number };

/**
 * What of a loop's numbers a deck is played by (`places`, `rematches`, `windowHours` or `windowMinutes`), and the member's own score, `score` of the start's
 * input. `endsBy`: the field of the input (epoch ms) by which it ends at the latest.
 */
export function playTerms(terms: Readonly<Record<string, number>>, input: Readonly<Record<string, unknown>>, now: number, endsBy?: string): PlayTerms {
  const score = input['score'];
  const latest = endsBy === undefined ? undefined : input[endsBy];
  const windowMs = terms['windowMinutes'] === undefined ? (terms['windowHours'] ?? STANDARD_HOURS) * HOUR_MS : terms['windowMinutes'] * MINUTE_MS;
  return {
    places: terms['places'] ?? MOST_PLACES,
    rounds: 1 + Math.min(1, terms['rematches'] ?? 0),
    scoreToBeat: typeof score === 'number' ? score : null,
    endsAt: Math.min(now + windowMs, typeof latest === 'number' ? latest : Number.POSITIVE_INFINITY),
  };
}

/** What is wrong with the member's own score; null: nothing. */
export function scoreProblem({ scoreToBeat }: PlayTerms, questions: number): string | null {
  if (scoreToBeat === null || (Number.isInteger(scoreToBeat) && scoreToBeat >= 0 && scoreToBeat <= questions)) return null;
  return `is ${String(scoreToBeat)}; of ${String(questions)} questions 0 to ${String(questions)} can be right`;
}
