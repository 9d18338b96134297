import type { z } from 'zod';
import type { RowToStage } from '../../db/write/stage-import.ts';
import type { Columns, ImportKind } from '../domain/import/columns.ts';
import { rowFields } from '../domain/import/row-fields.ts';
import { ROW_REFUSALS, type RowRefusal } from '../domain/import/refusals.ts';
import { REFUSAL_REASONS } from '../domain/invite/refusal-reasons.ts';
import { isUsableText } from './check-json.ts';
import { fieldErrors } from './field-errors.ts';
import type { CsvRow } from './import-csv.ts';
import { inviteeIn } from './invite-body.ts';
import { memberRowIn } from './member-body.ts';
import { readMemberFields } from './member-change.ts';
import type { FieldError } from './problems.ts';
import { readInvitee } from './read-invitee.ts';

type Judged = Pick<RowToStage, 'input' | 'refusal'>;

/** Judges one row by what judges its like in JSON: the same schema, the same rules, the same reasons. Never throws. */
export function judgeRow(kind: ImportKind, columns: Columns, { n, cells }: CsvRow, now: number): RowToStage {
  return { n, cells, ...judge(kind, columns, cells, now) };
}

function judge(kind: ImportKind, columns: Columns, cells: readonly string[], now: number): Judged {
  if (cells.length !== columns.length) return refused('wrong_cell_count', `${String(cells.length)} cells, and the first row has ${String(columns.length)}.`);
  if (!cells.every(isUsableText)) return refused('invalid_characters');
  const fields = rowFields(columns, cells);
  switch (kind) {
    case 'members': return judgeMember(fields, now);
    case 'invitees': return judgeInvitee(fields);
  }
}

function judgeMember(fields: unknown, now: number): Judged {
  const row = memberRowIn.safeParse(fields);
  if (!row.success) return unfit(row.error);
  const { externalId, ...rest } = row.data;
  const read = readMemberFields(externalId, rest, now);
  if (read.outcome === 'refused') return { input: null, refusal: { reason: read.reason, message: say(read.errors) } };
  return { input: { kind: 'members', change: read.change }, refusal: null };
}

function judgeInvitee(fields: unknown): Judged {
  const row = inviteeIn.safeParse(fields);
  if (!row.success) return unfit(row.error);
  const invitee = readInvitee(row.data);
  if (invitee.problem !== undefined) return { input: null, refusal: { reason: 'invalid_invitee', message: `${REFUSAL_REASONS.invalid_invitee.split(';')[0] ?? ''}: ${invitee.problem}` } };
  return { input: { kind: 'invitees', invitee }, refusal: null };
}

function unfit(error: z.ZodError): Judged {
  return { input: null, refusal: { reason: 'invalid_row' satisfies RowRefusal, message: say(fieldErrors(error, 'body')) } };
}

function refused(reason: RowRefusal, more?: string): Judged {
  return { input: null, refusal: { reason, message: more === undefined ? ROW_REFUSALS[reason] : `${ROW_REFUSALS[reason]} ${more}` } };
}

/** Places as columns are named, never a value. */
function say(errors: readonly FieldError[]): string {
  return errors.map(({ path, message }) => `${path.slice(1).replaceAll('/', '.')}: ${message}`).join(' ').slice(0, 1_000);
}
