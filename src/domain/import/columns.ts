import { IMPORT_LIMITS } from './limits.ts';

export const IMPORT_KINDS = ['members', 'invitees'] as const;
export type ImportKind = (typeof IMPORT_KINDS)[number];

/** How a cell's text becomes a field's value: see row-fields.ts. */
type Reading = 'text' | 'number' | 'flag' | 'ranges' | 'list';
/** `path`: where the value stands in the JSON of one row. `names`: the column's, the one to show first. */
export type Column = { readonly names: readonly string[]; readonly path: readonly string[]; readonly as: Reading };

const text = (path: string, ...names: string[]): Column => ({ names: [...names, path], path: path.split('.'), as: 'text' });

const COLUMNS: Readonly<Record<ImportKind, readonly Column[]>> = {
  members: [
    text('externalId'), text('contact.email', 'email'), text('contact.phone', 'phone'), text('name'), text('locale'), text('zone'), text('zoneSource'), text('place'),
    { names: ['birthYear'], path: ['birthYear'], as: 'number' },
    { names: ['isMinor'], path: ['isMinor'], as: 'flag' },
    { names: ['parentAllows'], path: ['parentAllows'], as: 'flag' },
    { names: ['quietHours'], path: ['quietHours'], as: 'ranges' },
    { names: ['eventDates'], path: ['eventDates'], as: 'list' },
  ],
  invitees: [
    text('email'), text('phone'), text('name'), text('zone'), text('deviceZone'), text('country'), text('region'), text('locale'), text('relationship'), text('consent.basis', 'consent'),
  ],
};

/** One of each group must be there: without it no row could name anybody. */
const NEEDED: Readonly<Record<ImportKind, readonly string[]>> = { members: ['externalId'], invitees: ['email', 'phone'] };

const ATTRIBUTE = /^attributes\.(?!__proto__$)([^\0]{1,64})$/u;

/** Columns of our own in a file of refused rows: passed over, so that a corrected one can be sent as it is. */
export const REFUSAL_COLUMNS = ['import.row', 'import.reason', 'import.message'] as const;

/** What stands in a column; null: it is passed over. */
export type Columns = readonly (Column | null)[];
export type HeaderFault = { readonly column: string; readonly message: string };
export type ReadHeader = { outcome: 'columns'; columns: Columns } | { outcome: 'refused'; faults: readonly HeaderFault[] };

/** Every name a column may have, the usual ones first; `attributes.<name>` stands for any. */
export function columnNames(kind: ImportKind): string[] {
  return [...COLUMNS[kind].map(({ names }) => names[0] ?? ''), ...(kind === 'members' ? ['attributes.<name>'] : [])];
}

/** Reads the first row of a file. Refuses columns that nobody knows, that stand there twice (under whatever name), and a file without the one that says who. */
export function readHeader(kind: ImportKind, cells: readonly string[]): ReadHeader {
  if (cells.length > IMPORT_LIMITS.columns) return refused('', `There are more than ${String(IMPORT_LIMITS.columns)} columns.`);
  const separator = wrongSeparator(cells);
  if (separator !== null) return refused('', `Columns are separated by commas; these seem to be separated by ${separator}.`);
  const seen = new Map<string, string>();
  const faults: HeaderFault[] = [];
  const columns = cells.map((cell): Column | null => {
    const name = cell.trim();
    const column = findColumn(kind, name);
    const key = column === null ? name : column.path.join('.');
    if (seen.has(key)) faults.push({ column: shown(name), message: `The column stands here twice${seen.get(key) === name ? '' : `: it is the same as ${shown(seen.get(key) ?? '')}`}.` });
    seen.set(key, name);
    if (column === null && !isOurOwn(name)) faults.push({ column: shown(name), message: name === '' ? 'A column has no name.' : 'There is no such column.' });
    return column;
  });
  const missing = !NEEDED[kind].some((name) => seen.has(COLUMNS[kind].find(({ names }) => names.includes(name))?.path.join('.') ?? ''));
  if (missing) faults.push({ column: '', message: `There is no column ${NEEDED[kind].join(' and none ')}: the first row names the columns.` });
  return faults.length === 0 ? { outcome: 'columns', columns } : { outcome: 'refused', faults };
}

function findColumn(kind: ImportKind, name: string): Column | null {
  const known = COLUMNS[kind].find(({ names }) => names.includes(name));
  if (known !== undefined) return known;
  const attribute = kind === 'members' ? ATTRIBUTE.exec(name)?.[1] : undefined;
  return attribute === undefined ? null : { names: [name], path: ['attributes', attribute], as: 'text' };
}

function isOurOwn(name: string): boolean {
  return REFUSAL_COLUMNS.some((own) => own === name);
}

function wrongSeparator([only = '', ...more]: readonly string[]): string | null {
  if (more.length > 0) return null;
  if (only.includes(';')) return 'semicolons';
  return only.includes('\t') ? 'tabs' : null;
}

/** A stranger's text, short enough to be shown. */
function shown(name: string): string {
  return name.length > 80 ? `${name.slice(0, 80)}…` : name;
}

function refused(column: string, message: string): ReadHeader {
  return { outcome: 'refused', faults: [{ column, message }] };
}
