import { describeValue } from './describe-value.ts';
import { parseClockTime } from './parse-time.ts';

/** A checked range. `days` null means every day; `text` is how a person wrote it. */
export type ReadRange = {
  readonly days: ReadonlySet<number> | null;
  readonly startMinute: number;
  readonly endMinute: number;
  readonly text: string;
};

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The items of an optional list; anything but a list or nothing is a problem and reads as empty. */
export function readList(value: unknown, path: string, problems: string[]): readonly unknown[] {
  if (value === undefined) return [];
  // Copied so that holes become items, which the readers then refuse.
  if (isList(value)) return [...value];
  problems.push(`${path}: ${describeValue(value)} is not a list`);
  return [];
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

/** Whole numbers from `first` to `last`, or null when none were given. An empty list stays empty: it matches nothing. */
export function readNumbers(
  value: unknown,
  allowed: { readonly first: number; readonly last: number; readonly what: string },
  path: string,
  problems: string[],
): ReadonlySet<number> | null {
  if (value === undefined) return null;
  const numbers = new Set<number>();
  readList(value, path, problems).forEach((item, index) => {
    if (typeof item === 'number' && Number.isInteger(item) && item >= allowed.first && item <= allowed.last) numbers.add(item);
    else problems.push(`${path}[${index}]: ${describeValue(item)} is not ${allowed.what}`);
  });
  return numbers;
}

/** Reads the ranges of a layer's `windows` or `quiet`; each unusable one adds a problem and is left out. */
export function readRanges(value: unknown, path: string, problems: string[]): readonly ReadRange[] {
  return readList(value, path, problems).flatMap((item, index) => readRange(item, `${path}[${index}]`, problems));
}

function readRange(value: unknown, path: string, problems: string[]): readonly ReadRange[] {
  if (!isRecord(value)) {
    problems.push(`${path}: ${describeValue(value)} is not a range with start and end`);
    return [];
  }
  const weekdays = { first: 1, last: 7, what: 'a weekday from 1 (Monday) to 7 (Sunday)' };
  const days = readNumbers(value['days'], weekdays, `${path}.days`, problems);
  const startMinute = parseClockTime(value['start'], 'start');
  const endMinute = parseClockTime(value['end'], 'end');
  if (startMinute === null) {
    problems.push(`${path}.start: ${describeValue(value['start'])} is not a time from 00:00 to 23:59, written HH:MM`);
  }
  if (endMinute === null) {
    problems.push(`${path}.end: ${describeValue(value['end'])} is not a time from 00:00 to 24:00, written HH:MM`);
  }
  if (startMinute === null || endMinute === null) return [];
  if (startMinute === endMinute) {
    problems.push(`${path}: start equals end`);
    return [];
  }
  return [{ days, startMinute, endMinute, text: `${String(value['start'])}-${String(value['end'])}` }];
}
