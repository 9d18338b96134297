import { judgeStreak, type AskedStreak } from '../../src/domain/streak/judge-streak.ts';
import { dateText, dayAt, endOfDay, startOfDay } from '../../src/domain/streak/local-calendar.ts';
import { knownZone } from '../../src/domain/streak/practice.ts';

const day = (date: string): number => Date.parse(`${date}T00:00:00Z`) / 86_400_000;

test.each([
  ['a day of 23 hours', 'America/New_York', '2024-03-10', '2024-03-10T05:00:00Z', '2024-03-11T04:00:00Z'],
  ['a day of 25 hours', 'America/New_York', '2024-11-03', '2024-11-03T04:00:00Z', '2024-11-04T05:00:00Z'],
  ['a midnight that was not: the clock went from 23:59 to 01:00', 'America/Sao_Paulo', '2018-11-04', '2018-11-04T03:00:00Z', '2018-11-05T02:00:00Z'],
  ['the same in Beirut', 'Asia/Beirut', '2022-03-27', '2022-03-26T22:00:00Z', '2022-03-27T21:00:00Z'],
  ['23:00 to midnight twice, before the day ends', 'America/Sao_Paulo', '2018-02-17', '2018-02-17T02:00:00Z', '2018-02-18T03:00:00Z'],
  ['a day whose clock goes half an hour', 'Australia/Lord_Howe', '2024-04-07', '2024-04-06T13:00:00Z', '2024-04-07T13:30:00Z'],
  ['the day before one that was left out', 'Pacific/Apia', '2011-12-29', '2011-12-29T10:00:00Z', '2011-12-30T10:00:00Z'],
])('%s: %s %s', (_what, zone, date, startsAt, endsAt) => {
  const clock = knownZone(zone);
  expect([startOfDay(clock, day(date)), endOfDay(clock, day(date))]).toEqual([Date.parse(startsAt), Date.parse(endsAt)]);
  expect(dateText(dayAt(clock, Date.parse(startsAt)))).toBe(date);
  expect(dateText(dayAt(clock, Date.parse(startsAt) - 1))).not.toBe(date);
});

test.each([['Pacific/Apia', '2011-12-30'], ['Pacific/Kwajalein', '1993-08-21'], ['Pacific/Kiritimati', '1994-12-31']])('%s has no %s', (zone, date) => {
  expect(startOfDay(knownZone(zone), day(date))).toBeNull();
});

type Asked = { zone: string; events: readonly (readonly [at: string, zone: string])[]; now: string; freezes?: number };
function read({ zone, events, now, freezes = 0 }: Asked) {
  const asked: AskedStreak = { zone, events: events.map(([at, its]) => ({ at: Date.parse(at), zone: its })), now: Date.parse(now), freezes };
  const judged = judgeStreak(asked);
  if (judged.outcome === 'refused') throw new Error(JSON.stringify(judged.faults));
  const { current, state, frozenDays, expiresAt } = judged.streak;
  return { current, state, frozen: frozenDays.map(dateText), expiresAt: expiresAt === null ? null : new Date(expiresAt).toISOString().replace('.000Z', 'Z') };
}

const APIA = 'Pacific/Apia';
const TOKYO = 'Asia/Tokyo';
const LA = 'America/Los_Angeles';

test.each<[string, Asked, ReturnType<typeof read>]>([
  ['a date that the zone left out is not missed',
    { zone: APIA, events: [['2011-12-29T20:00:00Z', APIA], ['2011-12-30T20:00:00Z', APIA]], now: '2011-12-30T21:00:00Z' }, { current: 2, state: 'active', frozen: [], expiresAt: '2012-01-01T10:00:00Z' }],
  ['nor does a freeze go to it',
    { zone: APIA, events: [['2011-12-29T20:00:00Z', APIA]], now: '2011-12-31T20:00:00Z', freezes: 1 }, { current: 1, state: 'frozen', frozen: ['2011-12-31'], expiresAt: '2012-01-01T10:00:00Z' }],
  ['when the last open day is over it is broken, and none of it is left',
    { zone: TOKYO, events: [['2025-01-01T03:00:00Z', TOKYO]], now: '2025-01-02T15:00:00Z' }, { current: 0, state: 'broken', frozen: [], expiresAt: null }],
  ['a flight west lives a date twice: it counts once, and the day after goes on',
    { zone: LA, events: [['2024-05-12T00:00:00Z', TOKYO], ['2024-05-12T15:00:00Z', LA], ['2024-05-13T15:00:00Z', LA]], now: '2024-05-13T16:00:00Z' }, { current: 2, state: 'active', frozen: [], expiresAt: '2024-05-15T07:00:00Z' }],
  ['a flight west with no practice on the date that came twice: the dates follow each other',
    { zone: LA, events: [['2024-05-12T00:00:00Z', TOKYO], ['2024-05-13T15:00:00Z', LA]], now: '2024-05-13T16:00:00Z' }, { current: 2, state: 'active', frozen: [], expiresAt: '2024-05-15T07:00:00Z' }],
  ['a zone corrected later rewrites nothing: two evenings stay two days',
    { zone: 'Europe/Berlin', events: [['2025-01-02T01:00:00Z', LA], ['2025-01-03T01:00:00Z', LA]], now: '2025-01-03T12:00:00Z' }, { current: 2, state: 'active', frozen: [], expiresAt: '2025-01-04T23:00:00Z' }],
  ['an hour of flipping, around every midnight there is, is one day',
    { zone: 'Pacific/Niue', events: Array.from({ length: 13 }, (_none, n) => [`2024-01-01T${n < 6 ? '10' : '11'}:${String((n % 6) * 10).padStart(2, '0')}:00Z`.replace('11:00:00Z', '10:59:00Z'), n % 2 === 0 ? 'Pacific/Niue' : 'Pacific/Kiritimati'] as const).slice(0, 7), now: '2024-01-01T10:59:00Z' },
    { current: 1, state: 'active', frozen: [], expiresAt: '2024-01-02T11:00:00Z' }],
])('%s', (_what, asked, expected) => {
  expect(read(asked)).toEqual(expected);
});
