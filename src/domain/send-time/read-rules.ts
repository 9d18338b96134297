import { describeValue } from './describe-value.ts';
import { MINUTE_MS, parseDate, parseInstant } from './parse-time.ts';
import { isRecord, readList, readNumbers, readRanges } from './read-ranges.ts';
import type { ReadRange } from './read-ranges.ts';
import { zoneOffsets } from './zone-offsets.ts';
import type { ZoneOffsets } from './zone-offsets.ts';

export type ReadLayer = {
  readonly label: string;
  /** Null: judged in the recipient's zones. */
  readonly zone: ZoneOffsets | null;
  readonly months: ReadonlySet<number> | null;
  /** Null: no limit. */
  readonly windows: readonly ReadRange[] | null;
  readonly quiet: readonly ReadRange[];
};

export type HardStop = { readonly fromAt: number; readonly toAt: number };

/** Send rules as numbers. With `problems` they are incomplete and must not be planned with. */
export type ReadRules = {
  readonly problems: readonly string[];
  readonly layers: readonly ReadLayer[];
  readonly class: 'marketing' | 'transactional';
  readonly zones: readonly unknown[];
  readonly fallbackZone: unknown;
  readonly notBeforeAt: number | null;
  readonly expiresAt: number | null;
  readonly minRemainingMinutes: number;
  readonly maxDelayMinutes: number | null;
  readonly policy: 'hold' | 'drop';
  readonly hardStops: readonly HardStop[];
  /** Days since 1970-01-01. */
  readonly blackoutDays: ReadonlySet<number>;
};

/**
 * Reads send rules that may come from a form, a file or a database row, so it trusts no field's type. Collects every
 * problem with its path instead of stopping at the first; never throws.
 */
export function readRules(rules: unknown): ReadRules {
  const problems: string[] = [];
  const given = isRecord(rules) ? rules : {};
  if (!isRecord(rules)) problems.push(`rules: ${describeValue(rules)} is not an object of send rules`);
  return {
    problems,
    layers: readList(given['layers'], 'layers', problems).map((layer, index) => readLayer(layer, index, problems)),
    class: readClass(given['class'], problems),
    zones: readList(given['zones'], 'zones', problems),
    fallbackZone: given['fallbackZone'],
    notBeforeAt: readInstant(given['notBefore'], 'notBefore', problems),
    expiresAt: readInstant(given['expiresAt'], 'expiresAt', problems),
    minRemainingMinutes: readMinutes(given['minRemainingMinutes'], 'minRemainingMinutes', problems) ?? 0,
    maxDelayMinutes: readMinutes(given['maxDelayMinutes'], 'maxDelayMinutes', problems),
    policy: readPolicy(given['policy'], problems),
    hardStops: readHardStops(given['hardStops'], problems),
    blackoutDays: readBlackoutDays(given['blackoutDates'], problems),
  };
}

/** The last instant at which a message may leave: before the expiry, with the minimum life left. */
export function lastSendAt(rules: ReadRules): number {
  if (rules.expiresAt === null) return Number.POSITIVE_INFINITY;
  return Math.floor(rules.expiresAt - Math.max(1, rules.minRemainingMinutes * MINUTE_MS));
}

function readLayer(value: unknown, index: number, problems: string[]): ReadLayer {
  const path = `layers[${index}]`;
  const given = isRecord(value) ? value : {};
  if (!isRecord(value)) problems.push(`${path}: ${describeValue(value)} is not a layer`);
  const label = given['label'];
  if (label !== undefined && typeof label !== 'string') problems.push(`${path}.label: ${describeValue(label)} is not a text`);
  const zone = zoneOffsets(given['zone']);
  if (zone === null && given['zone'] !== undefined) problems.push(`${path}.zone: ${notAZone(given['zone'])}`);
  const months = { first: 1, last: 12, what: 'a month from 1 (January) to 12 (December)' };
  return {
    label: (typeof label === 'string' ? label.replace(/\s+/g, ' ').trim() : '') || `layer ${index + 1}`,
    zone,
    months: readNumbers(given['months'], months, `${path}.months`, problems),
    windows: given['windows'] === undefined ? null : readRanges(given['windows'], `${path}.windows`, problems),
    quiet: readRanges(given['quiet'], `${path}.quiet`, problems),
  };
}

export function notAZone(name: unknown): string {
  return `${describeValue(name)} is not an IANA time zone such as America/New_York`;
}

function readClass(value: unknown, problems: string[]): 'marketing' | 'transactional' {
  if (value === undefined || value === 'marketing') return 'marketing';
  if (value !== 'transactional') problems.push(`class: ${describeValue(value)} is neither "marketing" nor "transactional"`);
  return 'transactional';
}

function readPolicy(value: unknown, problems: string[]): 'hold' | 'drop' {
  if (value === undefined || value === 'hold') return 'hold';
  if (value !== 'drop') problems.push(`policy: ${describeValue(value)} is neither "hold" nor "drop"`);
  return 'drop';
}

function readInstant(value: unknown, path: string, problems: string[]): number | null {
  return value === undefined ? null : readRequiredInstant(value, path, problems);
}

function readRequiredInstant(value: unknown, path: string, problems: string[]): number | null {
  const at = parseInstant(value);
  if (at === null) problems.push(`${path}: ${describeValue(value)} is not an instant such as 2026-06-10T12:00:00Z`);
  return at;
}

function readMinutes(value: unknown, path: string, problems: string[]): number | null {
  if (value === undefined) return null;
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value;
  problems.push(`${path}: ${describeValue(value)} is not a number of minutes, zero or more`);
  return null;
}

function readHardStops(value: unknown, problems: string[]): readonly HardStop[] {
  return readList(value, 'hardStops', problems).flatMap((stop, index) => {
    const path = `hardStops[${index}]`;
    if (!isRecord(stop)) {
      problems.push(`${path}: ${describeValue(stop)} is not a hard stop with from and to`);
      return [];
    }
    const fromAt = readRequiredInstant(stop['from'], `${path}.from`, problems);
    const toAt = readRequiredInstant(stop['to'], `${path}.to`, problems);
    if (fromAt === null || toAt === null) return [];
    if (fromAt >= toAt) problems.push(`${path}: from is not before to`);
    return [{ fromAt, toAt }];
  });
}

function readBlackoutDays(value: unknown, problems: string[]): ReadonlySet<number> {
  const days = new Set<number>();
  readList(value, 'blackoutDates', problems).forEach((date, index) => {
    const day = parseDate(date);
    if (day === null) problems.push(`blackoutDates[${index}]: ${describeValue(date)} is not a date that exists, written YYYY-MM-DD`);
    else days.add(day);
  });
  return days;
}
