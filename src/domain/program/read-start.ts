import { cleanPersonName } from '../message/clean-text.ts';
import { isIsoWeek } from '../report/iso-week.ts';
import type { FactScalar } from '../run/fact.ts';
import type { LiveLife, StartKind } from './live-life.ts';

export type GivenInput = Readonly<Record<string, string | number | boolean | null>>;
/** `fields`: instants in epoch ms; members still by the app's own ids, under `members` by the field's name; what is to be sealed under `privates`. */
export type ReadStart = { readonly fields: Readonly<Record<string, FactScalar>>; readonly members: Readonly<Record<string, string>>; readonly privates: Readonly<Record<string, string>> };
export type StartProblem = { readonly field: string; readonly message: string };

const TEXT_MAX = 200;
const NAME_MAX = 40;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;

/** What a row and a timer can hold: PostgreSQL knows no year 0, and Temporal's clock ends in 2262. */
const [FIRST_AT, LAST_AT] = [Date.parse('1900-01-01T00:00:00Z'), Date.parse('2200-01-01T00:00:00Z')];

/** Reads a start's fields by the loop's definition; every field that is unknown, missing or wrong is named. */
export function readStart({ start: { fields } }: LiveLife, given: GivenInput): ReadStart | { readonly problems: readonly StartProblem[] } {
  const known = Object.keys(fields);
  const problems: StartProblem[] = Object.keys(given).filter((name) => !Object.hasOwn(fields, name))
    .map((name) => ({ field: name, message: `This loop's start has no such field; it has ${known.join(', ') || 'none'}.` }));
  const read: Record<string, FactScalar> = {};
  const members: Record<string, string> = {};
  const privates: Record<string, string> = {};
  for (const [name, field] of Object.entries(fields)) {
    const isOptional = field.startsWith('optional ');
    const kind = kindOf(field);
    const value = Object.hasOwn(given, name) ? given[name] ?? null : null;
    if (value === null) {
      if (!isOptional) problems.push({ field: name, message: `This loop's start needs it: ${SAYS[kind]}.` });
      continue;
    }
    const taken = take(kind, value);
    if (taken === null) problems.push({ field: name, message: `Must be ${SAYS[kind]}.` });
    else if (kind === 'member') members[name] = String(taken);
    else if (kind === 'private text') privates[name] = String(taken);
    else read[name] = taken;
  }
  return problems.length > 0 ? { problems } : { fields: read, members, privates };
}

const KINDS: readonly StartKind[] = ['text', 'number', 'flag', 'instant', 'date', 'week', 'member', 'private text'];

function kindOf(field: string): StartKind {
  const kind = KINDS.find((one) => one === field || `optional ${one}` === field);
  if (kind === undefined) throw new Error(`${field} is no kind of a start's field`);
  return kind;
}

/** What each kind must be, as a person reads it. */
export const SAYS: Readonly<Record<StartKind, string>> = {
  text: `a text of 1 to ${String(TEXT_MAX)} characters`,
  number: 'a number',
  flag: 'true or false',
  instant: 'an instant of the years 1900 to 2199 as ISO 8601 with Z or an offset, as in 2026-06-10T08:00:00Z',
  date: 'a day of the calendar, as in 2026-06-10',
  week: 'a week by ISO 8601, as in 2026-W24',
  member: 'your own id of a member that you have upserted',
  'private text': `a first name of 1 to ${String(NAME_MAX)} characters, without an address, a link or a number`,
};

function take(kind: StartKind, value: string | number | boolean): FactScalar {
  switch (kind) {
    case 'text':
    case 'member': return typeof value === 'string' && value.length >= 1 && value.length <= TEXT_MAX && !value.includes('\0') ? value : null;
    case 'number': return typeof value === 'number' && Number.isFinite(value) ? value : null;
    case 'flag': return typeof value === 'boolean' ? value : null;
    case 'instant': return typeof value === 'string' ? readInstant(value) : null;
    case 'date': return typeof value === 'string' && DATE.test(value) && isDay(value) ? value : null;
    case 'week': return typeof value === 'string' && isIsoWeek(value) ? value : null;
    case 'private text': return typeof value === 'string' && value.length <= NAME_MAX ? cleanPersonName(value) : null;
  }
}

function readInstant(text: string): number | null {
  const at = INSTANT.test(text) && isDay(text.slice(0, 10)) ? Date.parse(text) : Number.NaN;
  return at >= FIRST_AT && at < LAST_AT ? at : null;
}

function isDay(text: string): boolean {
  const at = Date.parse(`${text}T00:00:00Z`);
  return Number.isFinite(at) && new Date(at).toISOString().startsWith(text);
}
