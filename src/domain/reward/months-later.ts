/** The instant so many calendar months later by UTC; a day that the month does not have becomes its last (31 January, one month: 28 or 29 February). */
export function monthsLater(at: number, months: number): number {
  const from = new Date(at);
  const lastDay = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + months + 1, 0)).getUTCDate();
  return new Date(at).setUTCMonth(from.getUTCMonth() + months, Math.min(from.getUTCDate(), lastDay));
}
