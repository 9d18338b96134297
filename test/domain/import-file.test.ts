import fc from 'fast-check';
import { parse } from 'csv-parse/sync';
import { readHeader, REFUSAL_COLUMNS } from '../../src/domain/import/columns.ts';
import type { Columns, ImportKind } from '../../src/domain/import/columns.ts';
import { csvLine, unmarked } from '../../src/domain/import/csv-cell.ts';
import { isBlank, rowFields } from '../../src/domain/import/row-fields.ts';

function columnsOf(kind: ImportKind, header: string): Columns {
  const read = readHeader(kind, header.split(','));
  if (read.outcome !== 'columns') throw new Error(JSON.stringify(read.faults));
  return read.columns;
}
const fieldsOf = (kind: ImportKind, header: string, cells: string[]) => rowFields(columnsOf(kind, header), cells);

const FORMULA = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
const odd = fc.string({ unit: fc.constantFrom(...FORMULA, '"', ',', ';', "'", 'a', '1', ' ', '\n', '\r\n', 'é', '😀', '\0'), maxLength: 12 });

test('no cell of a written file begins with what a spreadsheet computes, whatever stands in it', () => {
  fc.assert(fc.property(fc.array(odd, { minLength: 1, maxLength: 5 }), (cells) => {
    const [read = []] = parse(csvLine(cells), { relax_column_count: true });
    expect(read).toHaveLength(cells.length);
    for (const cell of read) expect(FORMULA.some((sign) => String(cell).startsWith(sign))).toBe(false);
  }));
});

test('what is written can be read again as it was, but for NUL and a mark that stood there before', () => {
  fc.assert(fc.property(fc.array(odd, { minLength: 1, maxLength: 5 }), (cells) => {
    const [read = []] = parse(csvLine(cells));
    expect(read.map((cell: unknown) => unmarked(String(cell)))).toEqual(cells.map((cell) => unmarked(cell.replaceAll('\0', ''))));
  }));
});

test.each([
  ["'+49 151", '+49 151'], ["'=1", '=1'], ["'", "'"], ["'tis", "'tis"], ["O'=1", "O'=1"], ["''=1", "''=1"],
])('%s is read as %s', (cell, text) => {
  expect(unmarked(cell)).toBe(text);
});

test('cells become the fields of one row of JSON; an empty one is left out', () => {
  const header = 'externalId,contact.email,phone,birthYear,isMinor,quietHours,eventDates,attributes.a.b,attributes.x y,import.row';
  expect(fieldsOf('members', header, [' u1 ', 'a@b.example', '', '1990', 'True', '22:00-08:00;12:00-13:00', '2026-07-04  2026-07-05', 'p', '0', '17'])).toEqual({
    externalId: 'u1', contact: { email: 'a@b.example' }, birthYear: 1990, isMinor: true, quietHours: [{ start: '22:00', end: '08:00' }, { start: '12:00', end: '13:00' }],
    eventDates: ['2026-07-04', '2026-07-05'], attributes: { 'a.b': 'p', 'x y': '0' },
  });
  expect(fieldsOf('invitees', 'email,consent,name', ['a@b.example', 'opt_in', ' '])).toEqual({ email: 'a@b.example', consent: { basis: 'opt_in' } });
});

test('what cannot be read as what it should be is left to the schema to refuse', () => {
  expect(fieldsOf('members', 'externalId,birthYear,isMinor,quietHours', ['u', 'MCM', 'yes', 'at night 1-2-3'])).toEqual({
    externalId: 'u', birthYear: 'MCM', isMinor: 'yes', quietHours: [{ start: 'at', end: '' }, { start: 'night', end: '' }, { start: '1-2-3', end: '' }],
  });
});

test('a phone or an e-mail address says who an invitee is, and one of them must be there', () => {
  expect(readHeader('invitees', ['phone', 'name']).outcome).toBe('columns');
  expect(readHeader('invitees', ['email']).outcome).toBe('columns');
  expect(readHeader('invitees', ['name'])).toEqual({ outcome: 'refused', faults: [{ column: '', message: 'There is no column email and none phone: the first row names the columns.' }] });
});

test('columns of one kind are not the other\'s, and names are what they are in JSON, letter by letter', () => {
  for (const [kind, name] of [['invitees', 'attributes.plan'], ['invitees', 'externalId'], ['members', 'consent'], ['members', 'ExternalId'], ['members', 'attributes.'], ['members', `attributes.${'x'.repeat(65)}`]] as const) {
    const read = readHeader(kind, ['externalId', 'email', name]);
    expect(read.outcome === 'refused' && read.faults.map(({ message }) => message)).toContain('There is no such column.');
  }
});

test('the columns of a file of refused rows are passed over, once each', () => {
  expect(columnsOf('members', `${REFUSAL_COLUMNS.join(',')},externalId`).map((column) => column === null)).toEqual([true, true, true, false]);
  expect(readHeader('members', ['import.row', 'import.row', 'externalId'])).toMatchObject({ outcome: 'refused', faults: [{ column: 'import.row' }] });
});

test('a long name of a column is cut before it is shown', () => {
  expect(readHeader('members', ['externalId', 'x'.repeat(500)])).toEqual({ outcome: 'refused', faults: [{ column: `${'x'.repeat(80)}…`, message: 'There is no such column.' }] });
});

test('a line in which nothing stands is blank', () => {
  expect([isBlank(['']), isBlank(['', ' ', '\t']), isBlank([]), isBlank(['', 'x'])]).toEqual([true, true, true, false]);
});
