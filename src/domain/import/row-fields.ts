import type { Column, Columns } from './columns.ts';
import { unmarked } from './csv-cell.ts';

type Value = string | number | boolean | readonly string[] | readonly { start: string; end: string }[];
/** One row as the JSON routes would get it; not yet checked. */
export type RowFields = Readonly<Record<string, Value | Readonly<Record<string, Value>>>>;

/**
 * A row's cells as the JSON of one member or invitee. Spaces around a cell count for nothing, an empty cell says nothing: its field
 * is left out. What cannot be read as what it should be is handed on as it is, for the schema to refuse.
 */
export function rowFields(columns: Columns, cells: readonly string[]): RowFields {
  const plain: Record<string, Value> = {};
  const nested: Record<string, Record<string, Value>> = {};
  for (const [place, column] of columns.entries()) {
    const cell = unmarked(cells[place] ?? '').trim();
    if (column === null || cell === '') continue;
    const [first = '', second] = column.path;
    if (second === undefined) plain[first] = readCell(column, cell);
    else (nested[first] ??= {})[second] = readCell(column, cell);
  }
  return { ...plain, ...nested };
}

/** True for a line in which nothing stands: spreadsheets write those as commas. */
export function isBlank(cells: readonly string[]): boolean {
  return cells.every((cell) => cell.trim() === '');
}

function readCell({ as }: Column, cell: string): Value {
  switch (as) {
    case 'text': return cell;
    case 'number': return /^\d{1,9}$/.test(cell) ? Number(cell) : cell;
    case 'flag': return readFlag(cell);
    case 'list': return cell.split(/[\s;]+/);
    case 'ranges': return cell.split(/[\s;]+/).map((range) => {
      const [start = '', end = '', ...more] = range.split('-');
      return more.length > 0 ? { start: range, end: '' } : { start, end };
    });
  }
}

function readFlag(cell: string): boolean | string {
  switch (cell.toLowerCase()) {
    case 'true': return true;
    case 'false': return false;
    default: return cell;
  }
}
