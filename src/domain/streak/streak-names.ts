/** What a member keeps a streak of, where nothing else is said. */
export const USUAL_STREAK = 'practice';

/** Which facts are practice, and of what. `deck_completed`: a member has answered the questions that came with a run. */
const STREAK_OF_EVENT: ReadonlyMap<string, string> = new Map([['practice_completed', USUAL_STREAK], ['deck_completed', USUAL_STREAK]]);

/** The streak that a fact of this type keeps; undefined: none. */
export function streakOf(eventType: string): string | undefined {
  return STREAK_OF_EVENT.get(eventType);
}

/** Rewards counted in these are freezes once they are released. */
export const FREEZE_UNITS: ReadonlySet<string> = new Set(['shield', 'streak_freeze']);

export function isFreezeUnit(unit: string): boolean {
  return FREEZE_UNITS.has(unit);
}
