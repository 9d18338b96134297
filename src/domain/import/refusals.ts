import type { ImportState } from './states.ts';

/** Why a row was not taken, beside what the rules of members and invites say. Public and stable. */
export const ROW_REFUSALS = {
  wrong_cell_count: 'The row has another number of cells than the first row.',
  invalid_characters: 'The row holds a character that cannot be stored (NUL).',
  invalid_row: 'A cell cannot be used.',
  internal_error: 'Something failed on our side; only this row was left out. Send it again.',
  canceled: 'The import was canceled before this row.',
  not_reached: 'The import ended before this row.',
} as const;
export type RowRefusal = keyof typeof ROW_REFUSALS;

/** Why an import ended before its last row, or what it waits for. Public and stable. */
export const IMPORT_REASONS = {
  program_paused: 'The program is paused. The import goes on when it is resumed, and fails when that takes longer than seven days.',
  unknown_program: 'The program is gone.',
  unknown_member: 'The inviting member is gone.',
} as const;
export type ImportReason = keyof typeof IMPORT_REASONS;

/** What is said of rows that an ended import never reached; null while it may still reach them. */
export function unreachedBecause(state: ImportState): RowRefusal | null {
  switch (state) {
    case 'canceled': return 'canceled';
    case 'failed': return 'not_reached';
    case 'receiving':
    case 'queued':
    case 'running':
    case 'completed': return null;
  }
}
