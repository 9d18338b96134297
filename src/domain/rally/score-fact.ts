/** The app's fact by which a member scores, with the number `score` among its properties. */
export const SCORING_EVENT = 'practice_completed';
/** The most that one fact may add. */
export const MOST_POINTS = 100_000;

/**
 * The points that a fact says: a number from 0 up to `MOST_POINTS`, rounded. Null: it says none, or what cannot be one; it counts as practice
 * all the same.
 */
export function pointsIn(properties: Readonly<Record<string, unknown>>): number | null {
  const { score } = properties;
  if (typeof score !== 'number' || !Number.isFinite(score) || score < 0 || score > MOST_POINTS) return null;
  return Math.round(score);
}
