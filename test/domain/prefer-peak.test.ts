import fc from 'fast-check';
import { DateTime } from 'luxon';
import { isPermittedAt, planSend } from '../../src/domain/send-time/plan-send.ts';
import type { Layer, Range, SendTimeRules } from '../../src/domain/send-time/plan-send.ts';
import { PEAK_ROOM_MINUTES, planAtPeak } from '../../src/domain/send-time/prefer-peak.ts';
import type { PeakPreference } from '../../src/domain/send-time/prefer-peak.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const iso = (at: number | null): string => (at === null ? 'null' : new Date(at).toISOString());

const tuesdays: PeakPreference = { windows: [{ days: [2], start: '14:00', end: '16:00' }], waitHours: 48 };
const quiet: Layer = { label: 'night', quiet: [{ start: '22:00', end: '08:00' }] };
const plan = (now: string, rules: SendTimeRules = { layers: [quiet] }, peak: PeakPreference | null = tuesdays, zone: string | null = 'Europe/Berlin') =>
  planAtPeak({ now: Date.parse(now), zone, rules, peak });

test('a message that may leave at once waits for the peak, and says so', () => {
  const moved = plan('2026-06-15T08:00:00Z');
  expect(moved).toMatchObject({ outcome: 'deferred', sendAt: Date.parse('2026-06-16T12:00:00Z'), permittedUntil: Date.parse('2026-06-16T20:00:00Z') });
  expect(moved.why).toBe('Every rule permits Mon 15 June 10:00 in Europe/Berlin; moved to the peak Tue 14:00-16:00: Tue 16 June 14:00 in Europe/Berlin.');
});

test('a message that waits for the morning goes on to the peak', () => {
  expect(plan('2026-06-14T21:00:00Z').why).toBe('Waits for "night" (quiet 22:00-08:00) in Europe/Berlin: opens Mon 15 June 08:00; moved to the peak Tue 14:00-16:00: Tue 16 June 14:00 in Europe/Berlin.');
});

test('inside the peak it leaves at once', () => {
  const inside = plan('2026-06-16T12:30:00Z');
  expect(inside).toMatchObject({ outcome: 'send_now', sendAt: Date.parse('2026-06-16T12:30:00Z'), permittedUntil: Date.parse('2026-06-16T20:00:00Z') });
  expect(inside.why).toMatch(/That is inside the peak Tue 14:00-16:00\.$/);
});

test.each([
  ['the peak is over: the next is a week away', '2026-06-16T14:00:00Z', {}],
  ['the invite would expire before', '2026-06-16T08:00:00Z', { expiresAt: '2026-06-16T11:00:00Z' }],
  ['the invite would have less than an hour left', '2026-06-16T08:00:00Z', { expiresAt: '2026-06-16T12:59:59Z' }],
  ['the rules allow no such delay', '2026-06-16T08:00:00Z', { maxDelayMinutes: 239 }],
  ['it is late by a minute to be worth the wait', '2026-06-14T11:59:00Z', {}],
  ['the peak is never permitted', '2026-06-16T08:00:00Z', { layers: [{ label: 'mornings', windows: [{ start: '08:00', end: '12:00' }] }] }],
  ['waiting means dropping, and a night lies between', '2026-06-15T08:00:00Z', { policy: 'drop' as const }],
])('nothing waits in vain: %s', (_why, now, rules) => {
  const all = { layers: [quiet], ...rules };
  const base = planSend({ now: Date.parse(now), zone: 'Europe/Berlin', rules: all });
  expect(plan(now, all)).toEqual({ ...base, why: `${base.why} No peak time can be kept within 2 days of it.` });
});

test.each([
  ['with exactly an hour to live', { expiresAt: '2026-06-16T13:00:00.001Z' }],
  ['at exactly the longest delay', { maxDelayMinutes: 240 }],
  ['inside one opening, where waiting means dropping', { policy: 'drop' as const }],
])('the peak is taken %s', (_when, rules) => {
  expect(iso(plan('2026-06-16T08:00:00Z', { layers: [quiet], ...rules }).sendAt)).toBe('2026-06-16T12:00:00.000Z');
});

test('transactional messages, and those of a program without a preference, know no peak', () => {
  const [now, rules] = ['2026-06-15T08:00:00Z', { layers: [quiet] }];
  expect(plan(now, { ...rules, class: 'transactional' }).outcome).toBe('send_now');
  expect(plan(now, rules, null)).toEqual(planSend({ now: Date.parse(now), zone: 'Europe/Berlin', rules }));
});

test('a message that cannot leave keeps its reason', () => {
  for (const rules of [{ expiresAt: '2026-06-15T08:00:00Z' }, { layers: [{ windows: [] }] }, { layers: [{ windows: [{ start: 'noon', end: '13:00' }] }] }]) {
    expect(plan('2026-06-15T08:00:00Z', rules)).toEqual(planSend({ now: Date.parse('2026-06-15T08:00:00Z'), zone: 'Europe/Berlin', rules }));
  }
});

test('who may be in two zones gets a time that is preferred in both, or the first permitted one', () => {
  const zones = ['Europe/Berlin', 'Europe/London'];
  const both = plan('2026-06-16T08:00:00Z', { layers: [quiet], zones }, tuesdays, null);
  expect(iso(both.sendAt)).toBe('2026-06-16T13:00:00.000Z');
  expect(both.why).toBe('Every rule permits Tue 16 June 10:00 in Europe/Berlin; moved to the peak Tue 14:00-16:00: Tue 16 June 15:00 in Europe/Berlin, as in all 2 possible zones.');
  const far = plan('2026-06-16T10:00:00Z', { layers: [quiet], zones: ['Europe/Berlin', 'America/New_York'] }, tuesdays, null);
  expect(iso(far.sendAt)).toBe('2026-06-16T12:00:00.000Z');
  expect(far.why).toMatch(/No peak time can be kept within 2 days of it\.$/);
});

test('a peak of some months is none in the others, and one that begins is waited for', () => {
  const summer: PeakPreference = { windows: [{ start: '14:00', end: '16:00' }], months: [6, 7, 8], waitHours: 24 };
  const at = (now: string): string => iso(plan(now, { layers: [quiet] }, summer).sendAt);
  expect(at('2026-05-30T08:00:00Z')).toBe('2026-05-30T08:00:00.000Z');
  expect(at('2026-05-31T12:30:00Z')).toBe('2026-06-01T12:00:00.000Z');
  expect(at('2026-08-31T14:30:00Z')).toBe('2026-08-31T14:30:00.000Z');
});

test('a peak that cannot be read moves nothing', () => {
  const now = '2026-06-15T08:00:00Z';
  expect(iso(plan(now, { layers: [quiet] }, { windows: [{ start: '14', end: '16:00' }], waitHours: 24 }).sendAt)).toBe('2026-06-15T08:00:00.000Z');
});

const ZONES = ['Europe/London', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu'];
/** A change of the clock in each of the zones, and an ordinary day. */
const MOMENTS = ['2026-03-08T07:00:00Z', '2026-10-25T01:00:00Z', '2026-10-03T15:30:00Z', '2026-06-30T22:00:00Z'].map((text) => Date.parse(text));
const clock = (minute: number): string => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
const maybe = <T>(value: fc.Arbitrary<T>) => fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });
const range: fc.Arbitrary<Range> = fc
  .record({ days: maybe(fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 })), from: fc.integer({ min: 0, max: 1439 }), to: fc.integer({ min: 0, max: 1440 }) })
  .filter(({ from, to }) => from !== to)
  .map(({ days, from, to }) => ({ ...(days === undefined ? {} : { days }), start: clock(from), end: clock(to) }));
const shortRange: fc.Arbitrary<Range> = fc
  .record({ from: fc.integer({ min: 0, max: 1439 }), length: fc.integer({ min: 1, max: 240 }) })
  .map(({ from, length }) => ({ start: clock(from), end: clock((from + length) % 1440) }));
const preference: fc.Arbitrary<PeakPreference> = fc.record({
  windows: fc.array(fc.oneof(shortRange, shortRange, range), { minLength: 1, maxLength: 2 }),
  months: maybe(fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { minLength: 1 })),
  waitHours: fc.integer({ min: 1, max: 30 }),
});
const drawn = fc.record({
  moment: fc.constantFrom(...MOMENTS), drift: fc.integer({ min: -30 * HOUR_MS, max: 30 * HOUR_MS }), peak: preference,
  zones: fc.uniqueArray(fc.constantFrom(...ZONES), { minLength: 1, maxLength: 2 }),
  layers: fc.array(fc.record({ quiet: fc.array(range, { maxLength: 2 }) }), { maxLength: 2 }),
  lifeMs: maybe(fc.integer({ min: 1, max: 40 * HOUR_MS })), minRemainingMinutes: maybe(fc.integer({ min: 0, max: 90 })),
  maxDelayMinutes: maybe(fc.integer({ min: 0, max: 1500 })), notBefore: maybe(fc.integer({ min: -HOUR_MS, max: 20 * HOUR_MS })),
  policy: fc.constantFrom('hold' as const, 'hold' as const, 'drop' as const),
  blackout: maybe(fc.integer({ min: -1, max: 2 })), stopMs: maybe(fc.integer({ min: 1, max: 12 * HOUR_MS })),
}).map((one) => {
  const now = one.moment + one.drift;
  const rules: SendTimeRules = {
    layers: one.layers, zones: one.zones, policy: one.policy, minRemainingMinutes: one.minRemainingMinutes, maxDelayMinutes: one.maxDelayMinutes,
    expiresAt: one.lifeMs === undefined ? undefined : iso(now + one.lifeMs),
    notBefore: one.notBefore === undefined ? undefined : iso(now + one.notBefore),
    blackoutDates: one.blackout === undefined ? undefined : [iso(one.moment + one.blackout * 24 * HOUR_MS).slice(0, 10)],
    hardStops: one.stopMs === undefined ? undefined : [{ from: iso(one.moment), to: iso(one.moment + one.stopMs) }],
  };
  return { now, zone: null, rules, peak: one.peak };
});

/** Is it a preferred time on every clock? Read off the clocks, by nothing the planner uses. */
function naivelyPreferred(at: number, { rules, peak }: { rules: SendTimeRules; peak: PeakPreference }): boolean {
  return (rules.zones ?? []).every((zone) => {
    const local = DateTime.fromMillis(at, { zone });
    const time = clock(local.hour * 60 + local.minute);
    const today = DateTime.utc(local.year, local.month, local.day);
    const ran = (range_: Range, day: DateTime): boolean => (range_.days?.includes(day.weekday) ?? true) && rules.blackoutDates?.includes(day.toISODate() ?? '') !== true;
    const inside = (one: Range): boolean => (one.start < one.end
      ? one.start <= time && time < one.end && ran(one, today)
      : (time >= one.start && ran(one, today)) || (time < one.end && ran(one, today.minus({ days: 1 }))));
    return (peak.months?.includes(local.month) ?? true) && peak.windows.some(inside);
  });
}

test('takes the first minute that is permitted and preferred, as a search minute by minute finds it', () => {
  let moved = 0;
  fc.assert(fc.property(drawn, (one) => {
    const { now, zone, rules, peak } = one;
    const [base, best] = [planSend({ now, zone, rules }), planAtPeak(one)];
    if (base.sendAt === null) return expect(best).toEqual(base);
    const roomMs = PEAK_ROOM_MINUTES * MINUTE_MS;
    const lastAt = Math.min(base.sendAt + peak.waitHours * HOUR_MS, now + (rules.maxDelayMinutes ?? Infinity) * MINUTE_MS,
      Date.parse(rules.expiresAt ?? '9999-01-01T00:00:00Z') - Math.max(1, (rules.minRemainingMinutes ?? 0) * MINUTE_MS) - roomMs, rules.policy === 'drop' ? base.permittedUntil - roomMs : Infinity);
    const minutes: number[] = (rules.hardStops ?? []).map(({ to }) => Date.parse(to)).filter((at) => at > now && at <= lastAt);
    for (let at = Math.ceil((base.sendAt + 1) / MINUTE_MS) * MINUTE_MS; at <= lastAt; at += MINUTE_MS) minutes.push(at);
    const wanted = naivelyPreferred(base.sendAt, one) ? base.sendAt
      : minutes.toSorted((a, b) => a - b).find((at) => at > (base.sendAt ?? 0) && naivelyPreferred(at, one) && isPermittedAt({ at, zone, rules })) ?? base.sendAt;
    expect(iso(best.sendAt)).toBe(iso(wanted));
    if (best.sendAt !== base.sendAt) moved += 1;
  }), { numRuns: 600, seed: 25 });
  expect(moved).toBeGreaterThan(60);
});

test('a preference never loses a message, hurries it, or lets it go where the rules do not', () => {
  fc.assert(fc.property(drawn, (one) => {
    const { now, zone, rules, peak } = one;
    const [base, best] = [planSend({ now, zone, rules }), planAtPeak(one)];
    if (base.sendAt === null || best.sendAt === null) return expect(best).toEqual(base);
    expect(best.sendAt).toBeGreaterThanOrEqual(base.sendAt);
    expect(best.sendAt).toBeLessThanOrEqual(base.sendAt + peak.waitHours * HOUR_MS);
    expect(isPermittedAt({ at: best.sendAt, zone, rules })).toBe(true);
    const there = planSend({ now: best.sendAt, zone, rules });
    expect(best.permittedUntil).toBe(there.sendAt === null ? null : there.permittedUntil);
    // A plan made anew while it waits still finds a time.
    const midway = Math.floor((base.sendAt + best.sendAt) / 2);
    expect(planAtPeak({ ...one, now: midway }).sendAt).not.toBeNull();
  }), { numRuns: 2000, seed: 25 });
});
