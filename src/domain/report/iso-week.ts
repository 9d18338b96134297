import { weekdayOf } from '../send-time/local-day.ts';

/** A week by ISO 8601, `2026-W23`: Monday to Sunday; week 1 holds the year's first Thursday. */
export type IsoWeek = `${number}-W${number}`;

const WEEK = /^(\d{4})-W(0[1-9]|[1-4]\d|5[0-3])$/;
/** Weeks that may be named: what lies outside is a slip of the pen. */
const YEARS = { first: 2000, last: 2099 } as const;
const DAY_MS = 86_400_000;
export const WEEK_DAYS = 7;

/** Is it a week that there is, of the years 2000 to 2099? Only some years have a week 53. */
export function isIsoWeek(text: string): text is IsoWeek {
  const [, year, number] = WEEK.exec(text) ?? [];
  return year !== undefined && Number(year) >= YEARS.first && Number(year) <= YEARS.last && textOfEpochDay(firstMonday(Number(year)) + (Number(number) - 1) * WEEK_DAYS) === text;
}

/** The week that a calendar day (`YYYY-MM-DD`) stands in. */
export function weekOfDay(day: string): IsoWeek {
  return weekOfEpochDay(epochDayOf(day));
}

/** The Monday of a week, as a day. */
export function mondayOf(week: IsoWeek): string {
  const [, year, number] = WEEK.exec(week) ?? [];
  return dayOfEpochDay(firstMonday(Number(year)) + (Number(number) - 1) * WEEK_DAYS);
}

/** Its seven days, Monday first. */
export function daysOf(week: IsoWeek): string[] {
  const monday = mondayOf(week);
  return Array.from({ length: WEEK_DAYS }, (_, place) => addDays(monday, place));
}

export function weekBefore(week: IsoWeek): IsoWeek {
  return weekOfDay(addDays(mondayOf(week), -1));
}

export function addDays(day: string, days: number): string {
  return dayOfEpochDay(epochDayOf(day) + days);
}

function weekOfEpochDay(epochDay: number): IsoWeek {
  const week = textOfEpochDay(epochDay);
  if (!isWeekText(week)) throw new RangeError(`no week of a year of four digits: ${week}`);
  return week;
}

function textOfEpochDay(epochDay: number): string {
  const thursday = epochDay + 4 - weekdayOf(epochDay);
  const year = new Date(thursday * DAY_MS).getUTCFullYear();
  const number = Math.floor((thursday - Date.UTC(year, 0, 1) / DAY_MS) / WEEK_DAYS) + 1;
  return `${String(year)}-W${String(number).padStart(2, '0')}`;
}

function isWeekText(text: string): text is IsoWeek {
  return WEEK.test(text);
}

/** January 4 is always in week 1. */
function firstMonday(year: number): number {
  const fourth = Date.UTC(year, 0, 4) / DAY_MS;
  return fourth + 1 - weekdayOf(fourth);
}

function epochDayOf(day: string): number {
  const epochDay = Date.parse(`${day}T00:00:00Z`) / DAY_MS;
  if (!/^\d{4}-\d\d-\d\d$/.test(day) || !Number.isInteger(epochDay)) throw new RangeError(`not a day: ${day.slice(0, 20)}`);
  return epochDay;
}

function dayOfEpochDay(epochDay: number): string {
  return new Date(epochDay * DAY_MS).toISOString().slice(0, 10);
}
