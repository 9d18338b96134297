/**
 * Is what was thrown the rows' own fault, so that trying them again is of no use? Bad data and broken constraints (SQLSTATE classes 22 and
 * 23), and errors of our own code, which bear no code; never a database that is away, full, or stopped waiting.
 */
export function isRowsFault(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('code' in error && typeof error.code === 'string') return /^2[23][0-9A-Z]{3}$/.test(error.code);
  return error.cause === undefined || isRowsFault(error.cause);
}
