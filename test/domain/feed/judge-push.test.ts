import fc from 'fast-check';
import { judgePush, type PushQuestion } from '../../../src/domain/feed/judge-push.ts';
import { localDay } from '../../../src/domain/invite/local-day.ts';
import { localDayStartAt } from '../../../src/domain/invite/cap-bucket.ts';
import { planSend } from '../../../src/domain/send-time/plan-send.ts';

const NOON = Date.parse('2026-06-10T12:00:00Z');
const HOUR_MS = 3_600_000;
const ZONE = 'Europe/Paris';

/** Quiet from 22:00 to 08:00, and a day to leave in. */
function question(more: Partial<PushQuestion> = {}): PushQuestion {
  const { from = NOON, until = from + 24 * HOUR_MS } = more;
  return {
    from, until, forbidden: null, room: { zone: ZONE, perDay: 2, used: new Map() },
    plan: (notBefore) => ({
      ...planSend({ now: from, zone: ZONE, rules: { class: 'marketing', layers: [{ quiet: [{ start: '22:00', end: '08:00' }] }], expiresAt: new Date(until).toISOString(), ...(notBefore === null ? {} : { notBefore: new Date(notBefore).toISOString() }) } }),
      law: [],
    }),
    ...more,
  };
}

test('a push leaves at once, in a better hour, on a day with room, or not at all, and says why', () => {
  const at = (text: string): number => Date.parse(text);
  const full = () => ({ zone: ZONE, perDay: 2, used: new Map([['2026-06-10', 2]]) });
  expect(judgePush(question())).toEqual({ at: NOON, reason: null });
  expect(judgePush(question({ from: at('2026-06-10T21:00:00Z') }))).toEqual({ at: at('2026-06-11T06:00:00Z'), reason: 'hours' });
  expect(judgePush(question({ room: full() }))).toEqual({ at: at('2026-06-11T06:00:00Z'), reason: 'daily_cap' });
  expect(judgePush(question({ room: full(), until: at('2026-06-10T20:00:00Z') }))).toEqual({ at: null, reason: 'daily_cap' });
  expect(judgePush(question({ from: at('2026-06-10T21:00:00Z'), until: at('2026-06-11T05:00:00Z') }))).toEqual({ at: null, reason: 'no_permitted_time' });
  expect(judgePush(question({ until: NOON }))).toEqual({ at: null, reason: 'over' });
  for (const forbidden of ['opted_out', 'suppressed', 'unanswered'] as const) expect(judgePush(question({ forbidden }))).toEqual({ at: null, reason: forbidden });
});

test('however many are judged, none leaves before or after its time, in a quiet hour, or beyond the places of a day', () => {
  const spans = fc.array(fc.record({ from: fc.integer({ min: NOON, max: NOON + 72 * HOUR_MS }), forMs: fc.integer({ min: -HOUR_MS, max: 24 * HOUR_MS }) }), { minLength: 1, maxLength: 30 });
  fc.assert(fc.property(spans, fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 4 }), (asked, perDay, usedToday) => {
    const before = Math.min(usedToday, perDay);
    const room = { zone: ZONE, perDay, used: new Map([['2026-06-10', before]]) };
    const days = new Map<string, number>([['2026-06-10', before]]);
    for (const { from, forMs } of asked) {
      const { at } = judgePush(question({ from, until: from + forMs, room }));
      if (at === null) continue;
      expect(at >= from && at < from + forMs).toBe(true);
      const hour = Number(new Intl.DateTimeFormat('en-GB', { hour: '2-digit', timeZone: ZONE }).format(at));
      expect(hour >= 8 && hour < 22).toBe(true);
      const day = localDay(at, ZONE);
      days.set(day, (days.get(day) ?? 0) + 1);
    }
    expect(Math.max(...days.values())).toBeLessThanOrEqual(perDay);
  }), { numRuns: 200 });
});

test.each([
  ['2026-06-10T12:00:00Z', 'Europe/Paris', '2026-06-09T22:00:00Z'], ['2026-06-10T22:00:00Z', 'Europe/Paris', '2026-06-10T22:00:00Z'], ['2026-06-10T21:59:59.999Z', 'Europe/Paris', '2026-06-09T22:00:00Z'],
  ['2026-03-29T12:00:00Z', 'Europe/Paris', '2026-03-28T23:00:00Z'], ['2026-06-10T12:00:00Z', 'Pacific/Kiritimati', '2026-06-10T10:00:00Z'], ['2026-06-10T12:00:00Z', 'America/Los_Angeles', '2026-06-10T07:00:00Z'],
])('at %s in %s the day began at %s', (now, zone, began) => {
  expect(new Date(localDayStartAt(Date.parse(now), zone)).toISOString()).toBe(new Date(began).toISOString());
});
