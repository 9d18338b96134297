const FIRST_MS = 60_000;
const LONGEST_MS = 3_600_000;
/** A life that went well for so long is no part of a row of losses. */
export const FORGOTTEN_MS = 24 * 3_600_000;

/** How often lives of a run were lost one soon after the other, and until when it does not begin again (epoch ms; null: it never rested). */
export type RunLosses = { readonly livesLost: number; readonly restsUntil: number | null };

/**
 * What a run has behind it when it begins again at `now` because its life was lost; null: it rests still. A lost store costs one life, and the
 * run is back at once. Who loses the next one, too, most likely fails by itself: it begins again after a minute, two, four, at most an hour.
 */
export function beginAgainAt({ livesLost, restsUntil }: RunLosses, now: number): RunLosses | null {
  if (restsUntil !== null && restsUntil > now) return null;
  const inARow = restsUntil !== null && restsUntil > now - FORGOTTEN_MS ? livesLost + 1 : 1;
  return { livesLost: inARow, restsUntil: now + Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(inARow - 1, 10)) };
}
