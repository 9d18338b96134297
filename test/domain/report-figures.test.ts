import fc from 'fast-check';
import { makeId } from '../../src/domain/ids.ts';
import { FIGURES, type DailyFigure, type Figure } from '../../src/domain/report/daily-figures.ts';
import { daysOf } from '../../src/domain/report/iso-week.ts';
import { kFactor } from '../../src/domain/report/k-factor.ts';
import { COUNTED, composeReport, type WeeklyReport } from '../../src/domain/report/report.ts';
import { loopTitle, sayingOf } from '../../src/domain/report/say-report.ts';
import { weekSpan } from '../../src/domain/report/week-times.ts';

const WEEK = '2026-W23';
const PROGRAMS = { invite: makeId('prg', 1, new Uint8Array(10)), referral: makeId('prg', 2, new Uint8Array(10)) };
const row = (figure: Figure, day: string, count: number, more: Partial<DailyFigure> = {}): DailyFigure => ({ day, programId: PROGRAMS.invite, loop: 'invite', figure, unit: '', count, amountMinor: 0, ...more });
const active = (week: typeof WEEK | '2026-W22', count: number): DailyFigure[] => daysOf(week).map((day) => row('active_in_week', day, count, { programId: null, loop: null }));
const compose = (figures: readonly DailyFigure[], more: Partial<Parameters<typeof composeReport>[0]> = {}): WeeklyReport =>
  composeReport({ week: WEEK, zone: 'Europe/Paris', ...weekSpan(WEEK, 'Europe/Paris'), now: Date.parse('2026-06-08T07:00:00Z'), figures, referrers: [], ...more });

describe('K', () => {
  test.each([
    // brought, active; K and Byar's 95 % interval of the count, divided: Breslow and Day 1987, table 2.11 (to three digits)
    [0, 100, 0, 0, 3.7], [1, 100, 1, 0.0, 5.6], [10, 100, 10, 4.8, 18.4], [100, 100, 100, 81.4, 121.6],
  ])('of %d people by %d members has the interval of its count', (brought, members, times, low, high) => {
    const k = kFactor(brought, members);
    expect(k.k).toBeCloseTo(times / members, 12);
    expect(Math.abs((k.low ?? -1) * members - low)).toBeLessThan(0.06);
    expect(Math.abs((k.high ?? -1) * members - high)).toBeLessThan(0.06);
  });

  test('may be above 1, lies in its interval, which is the narrower the more people there are', () => {
    fc.assert(fc.property(fc.nat(1_000_000), fc.integer({ min: 1, max: 1_000_000 }), (brought, members) => {
      const k = kFactor(brought, members);
      expect(k.low ?? Number.NaN).toBeLessThanOrEqual(k.k ?? Number.NaN);
      expect(k.high ?? Number.NaN).toBeGreaterThan(k.k ?? Number.NaN);
      expect((k.high ?? 0) * members - brought).toBeLessThan(3.8 + 3 * Math.sqrt(brought));
    }));
  });

  test('is none where nobody was active, and no count is negative or broken', () => {
    expect(kFactor(3, 0)).toEqual({ brought: 3, activeMembers: 0, k: null, low: null, high: null });
    expect(() => kFactor(-1, 1)).toThrow(RangeError);
    expect(() => kFactor(1.5, 1)).toThrow(RangeError);
  });
});

describe('a report', () => {
  test('compares a week with the one before, per loop and in all, with one denominator for every K', () => {
    const report = compose([
      ...active('2026-W22', 10), ...active(WEEK, 20),
      row('invites', '2026-06-01', 5), row('invites', '2026-06-07', 2), row('invites', '2026-05-31', 4),
      row('sign_ups', '2026-06-02', 3), row('sign_ups', '2026-06-02', 1, { programId: PROGRAMS.referral, loop: 'referral' }), row('sign_ups', '2026-05-25', 2),
      row('first_values', '2026-06-03', 1), row('clicks', '2026-06-03', 7, { programId: null, loop: null }),
      row('conversions', '2026-06-03', 2, { unit: 'EUR', amountMinor: 2_500 }), row('rewards_paid', '2026-06-03', 1, { unit: 'EUR', amountMinor: 500, programId: null, loop: null }),
      row('rewards_held', '2026-05-26', 1, { unit: 'points', amountMinor: 50 }),
    ]);
    expect(report.totals).toEqual({ invites: { now: 7, before: 4 }, clicks: { now: 7, before: 0 }, signUps: { now: 4, before: 2 }, firstValues: { now: 1, before: 0 }, conversions: { now: 2, before: 0 } });
    expect(report.activeMembers).toEqual({ now: 20, before: 10 });
    expect(report.kSignUp).toMatchObject({ brought: 4, activeMembers: 20, k: 0.2, before: 0.2 });
    expect(report.kFirstValue).toMatchObject({ brought: 1, activeMembers: 20, k: 0.05, before: 0 });
    expect(report.loops.map(({ loop, signUps, kSignUp }) => [loop, signUps.now, kSignUp.activeMembers])).toEqual([['invite', 3, 20], ['referral', 1, 20], [null, 0, 20]]);
    expect(report.amounts).toEqual([
      { unit: 'EUR', conversions: { now: 2_500, before: 0 }, held: { now: 0, before: 0 }, released: { now: 0, before: 0 }, paid: { now: 500, before: 0 } },
      { unit: 'points', conversions: { now: 0, before: 0 }, held: { now: 0, before: 50 }, released: { now: 0, before: 0 }, paid: { now: 0, before: 0 } },
    ]);
    expect(report.days.map(({ day, invites, signUps }) => [day, invites, signUps])).toEqual([
      ['2026-06-01', 5, 0], ['2026-06-02', 0, 4], ['2026-06-03', 0, 0], ['2026-06-04', 0, 0], ['2026-06-05', 0, 0], ['2026-06-06', 0, 0], ['2026-06-07', 2, 0],
    ]);
    expect(report.isOver).toBe(true);
  });

  test('compares with nothing where a day of the week before was not counted', () => {
    const report = compose([...active('2026-W22', 10).slice(1), ...active(WEEK, 20), row('invites', '2026-05-31', 4), row('invites', '2026-06-01', 5)]);
    expect([report.totals.invites, report.activeMembers, report.kSignUp.before]).toEqual([{ now: 5, before: null }, { now: 20, before: null }, null]);
  });

  test('of a running week says so, and takes who was active so far', () => {
    const report = compose(active(WEEK, 0).slice(0, 3).map((each, place) => ({ ...each, count: [2, 5, 6][place] ?? 0 })), { now: Date.parse('2026-06-03T12:00:00Z') });
    expect([report.isOver, report.activeMembers.now]).toEqual([false, 6]);
  });

  test('names at most ten referrers, by first values, then sign-ups, then their id; never anybody of another week', () => {
    const referrers = [
      ...Array.from({ length: 12 }, (_, place) => ({ day: '2026-06-02', externalId: `member-${String(place).padStart(2, '0')}`, signUps: 1, firstValues: 0 })),
      { day: '2026-06-03', externalId: 'member-05', signUps: 1, firstValues: 0 }, { day: '2026-06-04', externalId: 'zoe', signUps: 0, firstValues: 1 },
      { day: '2026-05-31', externalId: 'earlier', signUps: 9, firstValues: 9 },
    ];
    const { topReferrers } = compose(active(WEEK, 20), { referrers });
    expect(topReferrers).toHaveLength(10);
    expect(topReferrers.slice(0, 3)).toEqual([{ externalId: 'zoe', signUps: 0, firstValues: 1 }, { externalId: 'member-05', signUps: 2, firstValues: 0 }, { externalId: 'member-00', signUps: 1, firstValues: 0 }]);
  });

  test('of loops and days adds up to that of all, whatever was counted', () => {
    const figure = fc.record({
      day: fc.constantFrom(...daysOf(WEEK), ...daysOf('2026-W22')), which: fc.constantFrom('invite', 'referral', null), figure: fc.constantFrom(...FIGURES), unit: fc.constantFrom('', 'EUR', 'points'), count: fc.nat(1_000), amountMinor: fc.nat(1_000_000),
    }).map(({ which, ...rest }): DailyFigure => ({ ...rest, loop: which, programId: which === 'invite' ? PROGRAMS.invite : which === 'referral' ? PROGRAMS.referral : null }));
    fc.assert(fc.property(fc.array(figure, { maxLength: 60 }), (figures) => {
      const report = compose(figures);
      for (const name of COUNTED) {
        expect(report.loops.reduce((sum, loop) => sum + loop[name].now, 0)).toBe(report.totals[name].now);
        expect(report.days.reduce((sum, day) => sum + day[name], 0)).toBe(report.totals[name].now);
      }
    }));
  });
});

test('changes and Ks are said so that nobody reads them wrongly', () => {
  const { change, k } = sayingOf('en');
  expect([change(12, 10), change(8, 10), change(10, 10), change(3, 0), change(0, 0), change(3, null)]).toEqual(['+20%', '-20%', '0%', 'new', '0%', '–']);
  expect([k(null), k(0), k(0.001234), k(0.5), k(1.2345)]).toEqual(['–', '0', '0.00123', '0.5', '1.23']);
  expect([loopTitle('buddy_challenge', 'en'), loopTitle('proud-parent', 'en'), loopTitle(null, 'en'), loopTitle('of_their-own', 'de')]).toEqual(['Buddy challenge', 'Proud parent', 'Links of no program', 'Of their own']);
});
