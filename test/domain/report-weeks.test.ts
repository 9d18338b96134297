import fc from 'fast-check';
import { DateTime } from 'luxon';
import { addDays, daysOf, isIsoWeek, mondayOf, weekBefore, weekOfDay } from '../../src/domain/report/iso-week.ts';
import { daySpan, dueWeek, firstInstantAt, reportDueAt, runningWeek, scheduledWeek, weekSpan } from '../../src/domain/report/week-times.ts';

const at = (text: string): number => Date.parse(text);
const anyDay = fc.integer({ min: at('2000-01-10T00:00:00Z') / 86_400_000, max: at('2099-12-27T00:00:00Z') / 86_400_000 }).map((day) => new Date(day * 86_400_000).toISOString().slice(0, 10));
const ZONES = ['UTC', 'Europe/Paris', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Chatham', 'Pacific/Kiritimati', 'America/Sao_Paulo', 'Africa/Cairo', 'Asia/Gaza', 'Australia/Lord_Howe'];

test.each([
  ['2026-01-01', '2026-W01'], ['2027-01-01', '2026-W53'], ['2027-01-03', '2026-W53'], ['2027-01-04', '2027-W01'],
  ['2024-12-30', '2025-W01'], ['2021-01-03', '2020-W53'], ['2026-06-10', '2026-W24'], ['2000-01-03', '2000-W01'],
])('the day %s stands in %s', (day, week) => {
  expect(weekOfDay(day)).toBe(week);
});

test.each(['2026-W00', '2026-W54', '2025-W53', '2026-w23', '2026-23', '2026-W5', '1999-W10', '2100-W01', '', ' 2026-W23', '2026-W23 '])('%j is no week', (text) => {
  expect(isIsoWeek(text)).toBe(false);
});

test('weeks of ISO 8601 are those of an independent library, and each day stands in the week that holds it', () => {
  fc.assert(fc.property(anyDay, (day) => {
    const known = DateTime.fromISO(day, { zone: 'utc' });
    const week = weekOfDay(day);
    expect(week).toBe(`${String(known.weekYear)}-W${String(known.weekNumber).padStart(2, '0')}`);
    expect(isIsoWeek(week)).toBe(true);
    expect(mondayOf(week)).toBe(known.startOf('week').toISODate());
    expect(daysOf(week)).toContain(day);
    expect(weekOfDay(daysOf(weekBefore(week))[6] ?? '')).toBe(weekBefore(week));
  }));
});

test.each([
  ['a leap over midnight: the day begins with the leap', '2018-11-04', 0, 'America/Sao_Paulo', '2018-11-04T03:00:00Z'],
  ['midnight that comes twice: the first begins the day', '2018-02-18', 0, 'America/Sao_Paulo', '2018-02-18T03:00:00Z'],
  ['a day that the zone left out is empty: it begins with the next', '2011-12-30', 0, 'Pacific/Apia', '2011-12-30T10:00:00Z'],
  ['nine on the Monday after summer time began', '2026-03-30', 9, 'Europe/Paris', '2026-03-30T07:00:00Z'],
  ['nine on the Monday after it ended', '2026-10-26', 9, 'Europe/Paris', '2026-10-26T08:00:00Z'],
  ['a quarter-hour zone', '2026-06-08', 9, 'Pacific/Chatham', '2026-06-07T20:15:00Z'],
])('%s', (_name, day, hour, zone, expected) => {
  expect(new Date(firstInstantAt(day, hour, zone)).toISOString()).toBe(new Date(at(expected)).toISOString());
});

test('days of a zone follow each other without gap or overlap, and the clock shows them', () => {
  fc.assert(fc.property(anyDay, fc.constantFrom(...ZONES), (day, zone) => {
    const span = daySpan(day, zone);
    expect(daySpan(addDays(day, 1), zone).startsAt).toBe(span.endsAt);
    if (span.endsAt > span.startsAt) expect(DateTime.fromMillis(span.startsAt, { zone }).toISODate()).toBe(day);
    expect(DateTime.fromMillis(span.startsAt - 1, { zone }).toISODate() ?? '').not.toBe(day);
  }));
});

test('a report is due from Monday nine by the zone\'s clock, for the week that is then over, until the next one is', () => {
  fc.assert(fc.property(fc.integer({ min: at('2015-01-10T00:00:00Z'), max: at('2060-01-01T00:00:00Z') }), fc.constantFrom(...ZONES), (now, zone) => {
    const week = dueWeek(now, zone);
    expect(reportDueAt(week, zone)).toBeLessThanOrEqual(now);
    expect(now - reportDueAt(week, zone)).toBeLessThan(7 * 86_400_000 + 2 * 3_600_000);
    expect(weekSpan(week, zone).endsAt).toBeLessThanOrEqual(now);
    expect([weekBefore(runningWeek(now, zone)), weekBefore(weekBefore(runningWeek(now, zone)))]).toContain(week);
    const clock = DateTime.fromMillis(reportDueAt(week, zone), { zone });
    expect([clock.weekday, clock.hour, clock.minute]).toEqual([1, 9, 0]);
  }));
});

test('a minute before nine the week before that is the latest', () => {
  const monday = at('2026-06-08T07:00:00Z');
  expect([dueWeek(monday - 1, 'Europe/Paris'), dueWeek(monday, 'Europe/Paris')]).toEqual(['2026-W22', '2026-W23']);
});

test('a Schedule that fires at Monday nine of its zone, up to an hour early by our clock or days late, means the week that is then over', () => {
  const HOUR_MS = 3_600_000;
  fc.assert(fc.property(anyDay, fc.constantFrom(...ZONES, 'America/St_Johns', 'Asia/Kolkata'), fc.integer({ min: -HOUR_MS, max: 6 * 24 * HOUR_MS }), (day, zone, lateMs) => {
    const week = weekOfDay(day);
    expect(scheduledWeek(reportDueAt(week, zone) + lateMs, zone)).toBe(week);
  }));
});
