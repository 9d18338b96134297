import { describeValue } from '../send-time/describe-value.ts';
import { parseDate } from '../send-time/parse-time.ts';
import { sendRulesProblems } from '../send-time/plan-send.ts';
import { isRecord } from '../send-time/read-ranges.ts';
import type { SendTimeRules } from '../send-time/send-time-rules.ts';
import { isPlaceWithin, placeProblem } from './known-places.ts';
import { LAW_AUDIENCES, LAW_CHANNELS } from './law-rule.ts';

type Rule = Readonly<Record<string, unknown>>;

const FIELDS = new Set(['id', 'title', 'places', 'exceptPlaces', 'channels', 'audience', 'windows', 'quiet', 'months', 'dates', 'minorBelowAge', 'source', 'inForceSince', 'checkedOn', 'note']);
const RANGE_FIELDS = new Set(['days', 'start', 'end']);
const SOURCE_FIELDS = new Set(['title', 'url']);
const ID = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
const LONGEST = { id: 60, title: 120, note: 1000, source: 300 } as const;
const OLDEST_MINOR = 25;

/** What is wrong with one rule of a book, each with its path. Trusts no field's type. */
export function ruleProblems(value: unknown, path: string, unknownFields: 'refused' | 'allowed'): string[] {
  if (!isRecord(value)) return [`${path}: ${describeValue(value)} is not a rule`];
  const { id, title, note, audience, minorBelowAge } = value;
  return [
    ...(unknownFields === 'refused' ? unknownOnes(value, path) : []),
    ...(typeof id === 'string' && id.length <= LONGEST.id && ID.test(id) ? [] : [`${path}.id: ${describeValue(id)} is not an id of small letters, digits and single hyphens, such as us-fl-hours`]),
    ...text(title, LONGEST.title, `${path}.title`),
    ...(note === undefined ? [] : text(note, LONGEST.note, `${path}.note`)),
    ...placesProblems(value, path),
    ...words(value['channels'], LAW_CHANNELS, `${path}.channels`),
    ...(LAW_AUDIENCES.some((known) => known === audience) ? [] : [`${path}.audience: ${describeValue(audience)} is neither "everyone" nor "minors"`]),
    ...(minorBelowAge === undefined ? [] : ageProblems(minorBelowAge, audience, `${path}.minorBelowAge`)),
    ...timeProblems(value, path),
    ...sourceProblems(value['source'], `${path}.source`),
    ...(isSince(value['inForceSince']) ? [] : [`${path}.inForceSince: ${describeValue(value['inForceSince'])} is neither a date, a month, a year nor "unknown"`]),
    ...(parseDate(value['checkedOn']) === null ? [`${path}.checkedOn: ${describeValue(value['checkedOn'])} is not a date that exists, written YYYY-MM-DD`] : []),
  ];
}

function unknownOnes(rule: Rule, path: string): string[] {
  const strangers = (value: unknown, known: ReadonlySet<string>, at: string): string[] =>
    isRecord(value) ? Object.keys(value).filter((field) => !known.has(field)).map((field) => `${at}: has a field ${describeValue(field)} that nobody knows`) : [];
  const ranges = (field: string): string[] => {
    const list: unknown = rule[field];
    return Array.isArray(list) ? list.flatMap((range: unknown, index) => strangers(range, RANGE_FIELDS, `${path}.${field}[${String(index)}]`)) : [];
  };
  return [...strangers(rule, FIELDS, path), ...ranges('windows'), ...ranges('quiet'), ...strangers(rule['source'], SOURCE_FIELDS, `${path}.source`)];
}

function text(value: unknown, longest: number, path: string): string[] {
  if (typeof value !== 'string' || value.trim() === '') return [`${path}: ${describeValue(value)} is not a text`];
  return value.length <= longest ? [] : [`${path}: has ${String(value.length)} characters, at most ${String(longest)} are possible`];
}

function words(value: unknown, known: readonly string[], path: string): string[] {
  if (!Array.isArray(value)) return [`${path}: ${describeValue(value)} is not a list`];
  if (value.length === 0) return [`${path}: is empty, so the rule binds nothing`];
  return value.flatMap((item: unknown, index) => [
    ...(typeof item === 'string' && known.includes(item) ? [] : [`${path}[${String(index)}]: ${describeValue(item)} is none of ${known.join(', ')}`]),
    ...(value.indexOf(item) === index ? [] : [`${path}[${String(index)}]: ${describeValue(item)} is named twice`]),
  ]);
}

function placesProblems(rule: Rule, path: string): string[] {
  const { places, exceptPlaces } = rule;
  if (!Array.isArray(places)) return [`${path}.places: ${describeValue(places)} is not a list`];
  if (places.length === 0) return [`${path}.places: is empty, so the rule binds nowhere`];
  const problems = listed(places, `${path}.places`);
  if (exceptPlaces === undefined) return problems;
  if (!Array.isArray(exceptPlaces)) return [...problems, `${path}.exceptPlaces: ${describeValue(exceptPlaces)} is not a list`];
  const outside = exceptPlaces.flatMap((except: unknown, index) =>
    typeof except !== 'string' || places.some((place: unknown) => typeof place === 'string' && place !== except && isPlaceWithin(except, place))
      ? [] : [`${path}.exceptPlaces[${String(index)}]: ${describeValue(except)} is no part of the rule's places`]);
  return [...problems, ...listed(exceptPlaces, `${path}.exceptPlaces`), ...outside];
}

function listed(places: readonly unknown[], path: string): string[] {
  return places.flatMap((place, index) => {
    const problem = placeProblem(place) ?? (places.indexOf(place) === index ? null : `${describeValue(place)} is named twice`);
    return problem === null ? [] : [`${path}[${String(index)}]: ${problem}`];
  });
}

function ageProblems(age: unknown, audience: unknown, path: string): string[] {
  if (typeof age !== 'number' || !Number.isInteger(age) || age < 1 || age > OLDEST_MINOR) return [`${path}: ${describeValue(age)} is not a whole number of years from 1 to ${String(OLDEST_MINOR)}`];
  return audience === 'minors' ? [] : [`${path}: only a rule for minors has an age`];
}

/** The send rules a rule of law amounts to, judged as any others are; their paths are turned into the rule's. */
function timeProblems(rule: Rule, path: string): string[] {
  const { windows, quiet, months, dates } = rule;
  if (windows === undefined && quiet === undefined && dates === undefined) return [`${path}: has neither windows nor quiet times nor dates, so it says nothing`];
  const empty = Object.entries({ quiet, months, dates }).flatMap(([field, list]) => (Array.isArray(list) && list.length === 0 ? [`${path}.${field}: is empty; leave it out`] : []));
  const ofRule = sendRulesProblems(asSendRules(rule)).map((problem) =>
    problem.replace(/^layers\[0\]/, path).replace(/^blackoutDates/, `${path}.dates`).replace(/^layers: /, `${path}: `));
  const twice = Array.isArray(dates) ? dates.flatMap((date: unknown, index) => (dates.indexOf(date) === index ? [] : [`${path}.dates[${String(index)}]: ${describeValue(date)} is named twice`])) : [];
  return [...empty, ...ofRule, ...twice];
}

/** Unchecked on purpose: `sendRulesProblems` reads rules as they come. */
function asSendRules(rule: Rule): SendTimeRules {
  const { windows, quiet, months, dates } = rule;
  const layer = Object.fromEntries(Object.entries({ windows, quiet, months }).filter(([, value]) => value !== undefined));
  return { layers: [layer], ...(dates === undefined ? {} : Object.fromEntries([['blackoutDates', dates]])) };
}

function sourceProblems(source: unknown, path: string): string[] {
  if (!isRecord(source)) return [`${path}: ${describeValue(source)} is not a source with title and url`];
  const { title, url } = source;
  const isUrl = typeof url === 'string' && url.length <= LONGEST.source && /^https?:\/\/[^\s/]+\.[^\s]+$/.test(url);
  return [...text(title, LONGEST.source, `${path}.title`), ...(isUrl ? [] : [`${path}.url: ${describeValue(url)} is not an http(s) address`])];
}

function isSince(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  return value === 'unknown' || parseDate(value) !== null || /^\d{4}(?:-(?:0[1-9]|1[0-2]))?$/.test(value);
}
