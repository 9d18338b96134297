/** What one file may hold. Measured: the largest takes some ten seconds to receive and check, and a minute to take in. */
export const IMPORT_LIMITS = {
  bytes: 50 * 1_048_576,
  rows: 100_000,
  /** Of one row, quotes included. A member with every field at its longest has 52,000 characters. */
  rowCharacters: 65_536,
  columns: 100,
} as const;

/** Rows that were not taken can be fetched for so long after the end. */
export const REFUSED_ROWS_KEPT_MS = 7 * 24 * 3_600_000;

/** Rows taken in one transaction: as many as one request of the API may hold. */
export const ROWS_A_BATCH = 1_000;
