import fc from 'fast-check';
import { DateTime } from 'luxon';
import { compileSendRules, planSend } from '../../src/domain/send-time/plan-send.ts';
import type { Layer, Range, SendTimeRules } from '../../src/domain/send-time/plan-send.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Zones with a moment worth being near: a change of offset, a lost day, or (Kathmandu) none. */
const MOMENTS = [
  ['America/New_York', '2026-03-08T07:00:00Z'],
  ['America/New_York', '2026-11-01T06:00:00Z'],
  ['Europe/London', '2026-03-29T01:00:00Z'],
  ['Europe/London', '2026-10-25T01:00:00Z'],
  ['Australia/Lord_Howe', '2026-04-04T15:00:00Z'],
  ['Australia/Lord_Howe', '2026-10-03T15:30:00Z'],
  ['America/Santiago', '2026-04-05T03:00:00Z'],
  ['America/Santiago', '2026-09-06T04:00:00Z'],
  ['Africa/Casablanca', '2026-02-15T02:00:00Z'],
  ['Africa/Casablanca', '2026-03-22T02:00:00Z'],
  ['Africa/Cairo', '2026-04-23T22:00:00Z'],
  ['America/St_Johns', '2006-10-29T02:31:00Z'],
  ['Antarctica/Troll', '2026-03-29T01:00:00Z'],
  ['Pacific/Apia', '2011-12-30T10:00:00Z'],
  ['Asia/Kathmandu', '2026-12-31T18:15:00Z'],
] as const;
const ZONES = [...new Set(MOMENTS.map(([zone]) => zone))];

type Case = { now: number; zone: string; rules: SendTimeRules };

const iso = (at: number) => new Date(at).toISOString();
const clock = (minute: number) => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
const maybe = <T>(value: fc.Arbitrary<T>, freq = 2) => fc.option(value, { nil: undefined, freq });
const minuteOfDay = (max: number) =>
  fc.oneof(fc.integer({ min: 0, max: Math.floor(max / 15) }).map((quarter) => quarter * 15), fc.integer({ min: 0, max }));
const subset = (last: number) => fc.uniqueArray(fc.integer({ min: 1, max: last }), { maxLength: last });

const range: fc.Arbitrary<Range> = fc
  .record({ days: maybe(subset(7), 1), from: minuteOfDay(1439), to: minuteOfDay(1440) })
  .filter(({ from, to }) => from !== to)
  .map(({ days, from, to }) => ({ days, start: clock(from), end: clock(to) }));

const layer: fc.Arbitrary<Layer> = fc.record({
  label: maybe(fc.constantFrom('law', 'tenant', 'program')),
  zone: maybe(fc.constantFrom(...ZONES), 1),
  months: maybe(subset(12), 1),
  windows: maybe(fc.array(range, { maxLength: 3 })),
  quiet: maybe(fc.array(range, { maxLength: 2 })),
});

/** Rules whose instants lie around `momentAt`; the message expires `lifeMs` after the start, or never. */
function cases(lifeMs: fc.Arbitrary<number | undefined>): fc.Arbitrary<Case> {
  const near = (hours: number) => fc.integer({ min: -hours * HOUR_MS, max: hours * HOUR_MS });
  const stop = fc.record({ from: near(30), lengthMs: fc.integer({ min: 1, max: 12 * HOUR_MS }) });
  return fc
    .record({
      moment: fc.constantFrom(...MOMENTS),
      drift: fc.oneof(near(30), near(3).map((ms) => Math.round(ms / MINUTE_MS) * MINUTE_MS)),
      class: maybe(fc.constantFrom('marketing' as const, 'marketing' as const, 'transactional' as const)),
      layers: fc.array(layer, { minLength: 1, maxLength: 3 }),
      others: maybe(fc.uniqueArray(fc.constantFrom(...ZONES), { maxLength: 2 }), 1),
      notBefore: maybe(near(20), 1),
      lifeMs,
      minRemainingMinutes: maybe(fc.integer({ min: 0, max: 90 }), 1),
      maxDelayMinutes: maybe(fc.integer({ min: 0, max: 1500 }), 1),
      policy: maybe(fc.constantFrom('hold' as const, 'hold' as const, 'drop' as const)),
      hardStops: maybe(fc.array(stop, { maxLength: 3 }), 1),
      blackouts: maybe(fc.array(fc.integer({ min: -1, max: 2 }), { maxLength: 2 }), 1),
    })
    .map((drawn) => {
      const [zone, moment] = drawn.moment;
      const momentAt = Date.parse(moment);
      const now = momentAt + drawn.drift;
      const notBeforeAt = drawn.notBefore === undefined ? undefined : now + drawn.notBefore;
      const rules: SendTimeRules = {
        class: drawn.class,
        layers: drawn.layers,
        zones: drawn.others === undefined ? undefined : [zone, ...drawn.others],
        notBefore: notBeforeAt === undefined ? undefined : iso(notBeforeAt),
        expiresAt: drawn.lifeMs === undefined ? undefined : iso(Math.max(now, notBeforeAt ?? now) + drawn.lifeMs),
        minRemainingMinutes: drawn.minRemainingMinutes,
        maxDelayMinutes: drawn.maxDelayMinutes,
        policy: drawn.policy,
        hardStops: drawn.hardStops?.map(({ from, lengthMs }) => ({ from: iso(momentAt + from), to: iso(momentAt + from + lengthMs) })),
        blackoutDates: drawn.blackouts?.map((days) => iso(momentAt + days * 24 * HOUR_MS).slice(0, 10)),
      };
      return { now, zone, rules };
    });
}

type LocalDate = { date: string; weekday: number };
type WallClock = { time: string; month: number; today: LocalDate; yesterday: () => LocalDate };

function wallClock(at: number, zone: string): WallClock {
  const local = DateTime.fromMillis(at, { zone });
  const dateOf = (moment: DateTime) => ({ date: moment.toISODate() ?? '', weekday: moment.weekday });
  return {
    time: clock(local.hour * 60 + local.minute),
    month: local.month,
    today: dateOf(local),
    // Counted on the calendar: a zone may have skipped the day.
    yesterday: () => dateOf(DateTime.utc(local.year, local.month, local.day).minus({ days: 1 })),
  };
}

function inRange(at: WallClock, { days, start, end }: Range, barredDates: readonly string[]): boolean {
  const ran = (day: LocalDate) => (days?.includes(day.weekday) ?? true) && !barredDates.includes(day.date);
  if (start < end) return start <= at.time && at.time < end && ran(at.today);
  return (at.time >= start && ran(at.today)) || (at.time < end && ran(at.yesterday()));
}

/** The semantics read out loud: no edges, no offsets, only what the wall clocks show. */
function naivelyPermitted({ zone, rules }: Case, at: number): boolean {
  if (rules.hardStops?.some(({ from, to }) => Date.parse(from) <= at && at < Date.parse(to))) return false;
  if (rules.class === 'transactional') return true;
  const barred = rules.blackoutDates ?? [];
  const zones = rules.zones ?? [zone];
  if (zones.some((candidate) => barred.includes(wallClock(at, candidate).today.date))) return false;
  return (rules.layers ?? []).every((one) =>
    (one.zone === undefined ? zones : [one.zone]).every((judged) => {
      const local = wallClock(at, judged);
      if (!(one.months?.includes(local.month) ?? true)) return true;
      if (one.quiet?.some((quiet) => inRange(local, quiet, []))) return false;
      return one.windows?.some((window) => inRange(local, window, barred)) ?? true;
    }),
  );
}

function naivePlan(drawn: Case): { outcome: string; sendAt: number | null } {
  const { now, rules } = drawn;
  const startAt = Math.max(now, Date.parse(rules.notBefore ?? iso(now)));
  const endAt = Date.parse(rules.expiresAt ?? '');
  const leaves = (at: number) => at < endAt && at + (rules.minRemainingMinutes ?? 0) * MINUTE_MS <= endAt;
  if (!leaves(startAt)) return { outcome: 'expired', sendAt: null };
  if (rules.policy === 'drop' && !naivelyPermitted(drawn, startAt)) return { outcome: 'dropped', sendAt: null };
  const instants = [startAt, ...(rules.hardStops ?? []).map(({ to }) => Date.parse(to)).filter((at) => at > startAt)];
  for (let at = Math.ceil(startAt / MINUTE_MS) * MINUTE_MS; at < endAt; at += MINUTE_MS) instants.push(at);
  const sendAt = instants.sort((one, other) => one - other).find((at) => leaves(at) && naivelyPermitted(drawn, at));
  if (sendAt === undefined) return { outcome: 'expired', sendAt: null };
  if (sendAt - now > (rules.maxDelayMinutes ?? Infinity) * MINUTE_MS) return { outcome: 'dropped', sendAt: null };
  return { outcome: sendAt === now ? 'send_now' : 'deferred', sendAt };
}

test('agrees with a minute-by-minute search over the wall clock', () => {
  const short = fc.integer({ min: 0, max: 40 * HOUR_MS });
  fc.assert(
    fc.property(cases(short), (drawn) => {
      const { outcome, sendAt } = planSend(drawn);
      expect({ outcome, sendAt }).toEqual(naivePlan(drawn));
    }),
    { seed: 20260611, numRuns: 100 },
  );
});

test('a plan is permitted from sendAt to permittedUntil, not before, and planning again at sendAt sends', () => {
  const long = maybe(fc.integer({ min: 0, max: 500 * 24 * HOUR_MS }), 1);
  fc.assert(
    fc.property(cases(long), fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { minLength: 20, maxLength: 20 }), (drawn, parts) => {
      const { now, zone, rules } = drawn;
      const planner = compileSendRules(rules);
      const plan = planner.plan({ now, zone });
      const permitted = (at: number) => planner.isPermittedAt({ at, zone });
      expect(plan.why).toMatch(/^[A-Z][^\n]*\.$/);
      expect(plan.why).not.toMatch(/NaN|undefined|null| {2}/);
      expect(permitted(now)).toBe(planner.plan({ now, zone }).outcome === 'send_now');
      if (plan.outcome !== 'send_now' && plan.outcome !== 'deferred') return;

      const { sendAt, permittedUntil } = plan;
      const startAt = Math.max(now, Date.parse(rules.notBefore ?? iso(now)));
      expect(sendAt).toBeGreaterThanOrEqual(startAt);
      expect(naivelyPermitted(drawn, sendAt)).toBe(true);
      expect(permittedUntil).toBeGreaterThan(sendAt);
      expect(permittedUntil === sendAt + 7 * 24 * HOUR_MS || !permitted(permittedUntil)).toBe(true);
      const between = (from: number, to: number) => parts.map((part) => from + Math.floor(part * (to - from)));
      const waiting = [...between(startAt, sendAt), sendAt - 1].filter((at) => startAt <= at && at < sendAt);
      expect(waiting.filter((at) => naivelyPermitted(drawn, at))).toEqual([]);
      expect(between(sendAt, permittedUntil).filter((at) => !permitted(at))).toEqual([]);
      expect(planner.plan({ now: sendAt, zone })).toMatchObject({ outcome: 'send_now', sendAt, permittedUntil });
    }),
    { seed: 20260611, numRuns: 300 },
  );
});
