import fc from 'fast-check';
import { judgeStreak, type AskedStreak } from '../../src/domain/streak/judge-streak.ts';
import { dateText } from '../../src/domain/streak/local-calendar.ts';
import type { Streak } from '../../src/domain/streak/read-streak.ts';
import { byHand, calendarOf } from './streak-by-hand.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;

/** Where clocks did something odd: days of 23 to 25 hours, dates left out, midnights that were not, and far-apart zones. */
const ERAS: readonly { about: string; zones: readonly string[] }[] = [
  { about: '2024-03-10', zones: ['America/New_York', 'Europe/Berlin', 'Asia/Tokyo', 'America/Los_Angeles', 'Asia/Kathmandu'] },
  { about: '2024-11-03', zones: ['America/New_York', 'America/Havana', 'Pacific/Niue', 'Pacific/Kiritimati', 'UTC'] },
  { about: '2011-12-30', zones: ['Pacific/Apia', 'Pacific/Fakaofo', 'Pacific/Honolulu', 'Pacific/Auckland'] },
  { about: '1993-08-21', zones: ['Pacific/Kwajalein', 'Pacific/Majuro', 'Pacific/Honolulu'] },
  { about: '1995-01-01', zones: ['Pacific/Kiritimati', 'Pacific/Enderbury', 'Pacific/Honolulu', 'Asia/Tokyo'] },
  { about: '2018-11-04', zones: ['America/Sao_Paulo', 'America/New_York', 'Europe/London'] },
  { about: '2018-02-18', zones: ['America/Sao_Paulo', 'Atlantic/Azores'] },
  { about: '2022-03-27', zones: ['Asia/Beirut', 'Europe/Paris', 'Asia/Gaza', 'America/Asuncion'] },
  { about: '2006-10-29', zones: ['America/St_Johns', 'Australia/Lord_Howe', 'America/Halifax'] },
];
const SPAN_DAYS = 9;

const question = fc.constantFrom(...ERAS).chain(({ about, zones }) => {
  const startAt = Date.parse(`${about}T00:00:00Z`) - 4 * DAY_MS;
  const zone = fc.constantFrom(...zones);
  const minute = fc.integer({ min: 0, max: SPAN_DAYS * 1_440 });
  const day = fc.integer({ min: -1, max: SPAN_DAYS + 2 });
  return fc.record({
    zone,
    nowAfter: fc.integer({ min: 0, max: 6 * 1_440 }),
    events: fc.array(fc.record({ minute, zone: fc.oneof({ weight: 3, arbitrary: fc.constant(zones[0] ?? 'UTC') }, { weight: 2, arbitrary: zone }) }), { maxLength: 14 }),
    freezes: fc.integer({ min: 0, max: 3 }),
    grants: fc.array(fc.record({ minute, count: fc.integer({ min: 1, max: 2 }) }), { maxLength: 2 }),
    pauses: fc.array(fc.record({ day, days: fc.integer({ min: 0, max: 3 }) }), { maxLength: 2 }),
  }).map(({ nowAfter, events, grants, pauses, ...rest }): AskedStreak => {
    const at = (minutes: number) => startAt + minutes * MINUTE_MS;
    const date = (days: number) => new Date(startAt + days * DAY_MS).toISOString().slice(0, 10);
    const now = Math.max(startAt, ...events.map((event) => at(event.minute))) + nowAfter * MINUTE_MS;
    return {
      ...rest, now,
      events: events.map((event) => ({ at: at(event.minute), zone: event.zone })),
      grants: grants.filter((grant) => at(grant.minute) <= now).map((grant) => ({ at: at(grant.minute), count: grant.count })),
      pauses: pauses.map((pause) => ({ from: date(pause.day), to: date(pause.day + pause.days) })),
    };
  });
});

function judged(asked: AskedStreak): Streak {
  const answer = judgeStreak(asked);
  if (answer.outcome === 'refused') throw new Error(JSON.stringify(answer.faults));
  return answer.streak;
}

const kept = new Map<string, ReadonlyMap<string, number>>();
function calendarsAround(now: number): (zone: string) => ReadonlyMap<string, number> {
  const from = Math.floor(now / (30 * DAY_MS)) * 30 * DAY_MS - 30 * DAY_MS;
  return (zone) => {
    const key = `${zone} ${String(from)}`;
    const calendar = kept.get(key) ?? calendarOf(zone, from, from + 110 * DAY_MS);
    kept.set(key, calendar);
    return calendar;
  };
}

test('a second implementation, on calendars that were looked at instead of reckoned, answers the same', () => {
  fc.assert(fc.property(question, (asked) => {
    const { frozenDays, dayEndsAt: _end, ...streak } = judged(asked);
    expect({ ...streak, freezesUsed: frozenDays.map(dateText) }).toEqual(byHand(asked, calendarsAround(asked.now)));
  }), { numRuns: 1_000 });
});

test('the order in which facts arrive, and how often, decides nothing', () => {
  fc.assert(fc.property(question.chain((asked) => fc.tuple(fc.constant(asked), fc.shuffledSubarray([...asked.events, ...asked.events], { minLength: asked.events.length * 2 }))), ([asked, events]) => {
    expect(judged({ ...asked, events })).toEqual(judged(asked));
  }), { numRuns: 300 });
});

test('it breaks at `expiresAt`, not a millisecond before, and the next practice is due by `dayEndsAt` unless a freeze is to be used', () => {
  fc.assert(fc.property(question, (asked) => {
    const streak = judged(asked);
    if (streak.expiresAt === null || streak.dayEndsAt === null) return;
    expect(judged({ ...asked, now: streak.expiresAt }).state).toBe('broken');
    expect(judged({ ...asked, now: streak.expiresAt - 1 })).toMatchObject({ current: streak.current, freezesLeft: 0 });
    expect(judged({ ...asked, now: streak.dayEndsAt - 1 }).freezesLeft).toBe(streak.freezesLeft);
    expect(judged({ ...asked, now: streak.dayEndsAt }).state).toBe(streak.freezesLeft === 0 ? 'broken' : 'frozen');
  }), { numRuns: 300 });
});

test('every freeze is held or covers one missed day, and none covers a day on which somebody practised in the same zone', () => {
  fc.assert(fc.property(question, (asked) => {
    const { freezesLeft, frozenDays, current, longest } = judged(asked);
    expect(freezesLeft + frozenDays.length).toBe(asked.freezes + (asked.grants ?? []).reduce((sum, { count }) => sum + count, 0));
    expect(new Set(frozenDays).size).toBe(frozenDays.length);
    expect(current).toBeLessThanOrEqual(longest);
  }), { numRuns: 300 });
});
