import fc from 'fast-check';
import { smoothedRates, weekOf } from '../../src/domain/send-time/answer-rates.ts';
import type { AnswerSlot } from '../../src/domain/send-time/answer-rates.ts';
import { LEAST_SENT, learnPeaks, type PeakWindow } from '../../src/domain/send-time/learn-peaks.ts';
import { sendRulesProblems } from '../../src/domain/send-time/plan-send.ts';
import { seededWeek } from './seeded-week.ts';

const SEEDS = Array.from({ length: 100 }, (_, seed) => seed);
const daytime = (count: number) => (_day: number, hour: number): number => (hour >= 8 && hour < 21 ? count : 0);
const tuesday = (peak: number, rest: number) => (day: number, hour: number): number => (day === 2 && (hour === 14 || hour === 15) ? peak : rest);
const covers = (windows: readonly PeakWindow[], day: number, time: string): boolean => windows.some(({ days, start, end }) => days.includes(day) && start <= time && time < end);
const TUESDAY: PeakWindow = { days: [2], start: '14:00', end: '16:00' };

test('Tuesday 14:00 is found where it is planted, in at least 95 of 100 sets of data', () => {
  const learnt = SEEDS.map((seed) => learnPeaks({ slots: seededWeek(seed, tuesday(0.15, 0.05), daytime(200)) }));
  expect(learnt.filter(({ windows }) => covers(windows, 2, '14:00')).length).toBeGreaterThanOrEqual(95);
  expect(learnt.filter(({ windows }) => windows.some((window) => !window.days.includes(2))).length).toBeLessThanOrEqual(5);
});

test('a habit of all working days is found with a quarter of the messages an hour, and named once', () => {
  const evenings = (day: number, hour: number): number => (day <= 5 && hour >= 18 && hour < 20 ? 0.2 : 0.1);
  const learnt = SEEDS.map((seed) => learnPeaks({ slots: seededWeek(seed, evenings, daytime(60)) }));
  expect(learnt.filter(({ windows }) => covers(windows, 1, '18:00') && covers(windows, 5, '19:00')).length).toBeGreaterThanOrEqual(95);
});

test.each([[0.02, 30], [0.1, 60], [0.3, 60], [0.1, 120]])('where answers of %d know no hour, with %d messages an hour, at most 4 of 100 sets of data name one', (rate, count) => {
  const named = SEEDS.filter((seed) => learnPeaks({ slots: seededWeek(seed, () => rate, daytime(count)) }).outcome === 'learnt');
  expect(named.length).toBeLessThanOrEqual(4);
});

test.each<[string, AnswerSlot[]]>([
  ['nothing at all', []],
  ['one message short', [{ weekday: 2, hour: 14, sent: LEAST_SENT - 1, answered: 100, batches: 100 }]],
  ['many, and all in a few hours', Array.from({ length: 9 }, (_, hour) => ({ weekday: 2, hour: 8 + hour, sent: 1000, answered: hour * 100, batches: 500 }))],
  ['enough, and nine tenths of the hours seen by a message or two', [...Array.from({ length: 9 }, (_, hour) => ({ weekday: 2, hour: 8 + hour, sent: 100, answered: 10, batches: 50 })), ...Array.from({ length: 13 }, (_, hour) => ({ weekday: 3, hour: 8 + hour, sent: 4, answered: 1, batches: 4 }))]],
])('is not enough data: %s', (_what, slots) => {
  const learnt = learnPeaks({ slots });
  expect(learnt).toMatchObject({ outcome: 'not_enough_data', windows: [], needs: expect.stringMatching(/^200 messages over 10 hours of the week with 5 each; there are \d+ over \d+$/) });
  expect(learnPeaks({ slots, before: [TUESDAY] }).windows).toEqual([TUESDAY]);
});

test.each([['nobody', 0], ['everybody', 1]])('where %s answers, nothing stands out', (_who, rate) => {
  expect(learnPeaks({ slots: seededWeek(1, () => rate, daytime(50)) })).toMatchObject({ outcome: 'none', windows: [] });
});

test('three answers to four messages are no peak, however low the rest', () => {
  const slots = [...seededWeek(1, () => 0.02, daytime(20)).filter(({ weekday }) => weekday !== 7), { weekday: 7, hour: 12, sent: 4, answered: 3, batches: 4 }];
  expect(learnPeaks({ slots }).outcome).toBe('none');
});

test('one large request that was answered well is no peak: its answers are not independent', () => {
  const rest = seededWeek(1, () => 0.05, daytime(20)).filter(({ weekday, hour }) => weekday !== 2 || hour !== 14);
  const one = (batches: number): AnswerSlot => ({ weekday: 2, hour: 14, sent: 500, answered: 75, batches });
  expect(learnPeaks({ slots: [...rest, one(1)] }).outcome).toBe('none');
  expect(covers(learnPeaks({ slots: [...rest, one(250)] }).windows, 2, '14:00')).toBe(true);
});

test('a peak is found where nineteen of twenty messages leave at one hour, and where they leave at the peak', () => {
  const lopsided = (at: number) => (day: number, hour: number): number => (hour === at ? 2000 : daytime(15)(day, hour));
  for (const at of [9, 14]) {
    const learnt = learnPeaks({ slots: seededWeek(3, (_day, hour) => (hour === 14 ? 0.3 : 0.05), lopsided(at)) });
    expect(covers(learnt.windows, 2, '14:00')).toBe(true);
  }
});

test('a night is named by strong data only', () => {
  const night = (count: number) => learnPeaks({ slots: seededWeek(5, (_day, hour) => (hour === 22 || hour === 23 ? 0.2 : 0.1), (_day, hour) => (hour >= 8 ? count : 0)) });
  const evening = learnPeaks({ slots: seededWeek(5, (_day, hour) => (hour === 12 || hour === 13 ? 0.2 : 0.1), (_day, hour) => (hour >= 8 ? 20 : 0)) });
  expect(evening.windows).not.toEqual([]);
  expect(night(20).windows).toEqual([]);
  expect(covers(night(200).windows, 3, '22:30')).toBe(true);
});

describe('windows in force', () => {
  const found = (slots: AnswerSlot[], before: PeakWindow[]) => learnPeaks({ slots, before });

  test('stay where others are no clearer, though a fresh look would name those', () => {
    const slots = seededWeek(9, (day, hour) => (day === 2 && hour >= 13 && hour < 17 ? 0.15 : 0.05), daytime(200));
    const neighbours: PeakWindow = { days: [2], start: '14:00', end: '17:00' };
    expect(learnPeaks({ slots }).windows).not.toContainEqual(neighbours);
    const other = seededWeek(9, (day, hour) => (day === 2 && (hour === 14 || hour === 15 || hour === 18 || hour === 19) ? 0.15 : 0.05), daytime(60));
    for (const before of [TUESDAY, { days: [2], start: '18:00', end: '20:00' }]) expect(found(other, [before]).windows).toContainEqual(before);
  });

  test('give way to clearly better ones', () => {
    const friday: PeakWindow = { days: [5], start: '09:00', end: '11:00' };
    const learnt = found(seededWeek(4, tuesday(0.2, 0.05), daytime(200)), [friday]);
    expect(learnt.outcome).toBe('learnt');
    expect(learnt.windows).toEqual([TUESDAY]);
  });

  test('stay while all messages leave inside them, where nothing is left to compare them with', () => {
    const slots = seededWeek(6, () => 0.15, (day, hour) => (day === 2 && hour >= 14 && hour < 16 ? 3000 : daytime(1)(day, hour)));
    expect(found([...slots, ...seededWeek(7, () => 0.1, (day, hour) => (day === 4 ? daytime(8)(day, hour) : 0))], [TUESDAY]).windows).toEqual([TUESDAY]);
  });

  test('are let go once they surely do no better than the rest', () => {
    expect(found(seededWeek(10, () => 0.3, daytime(1500)), [TUESDAY])).toMatchObject({ outcome: 'none', windows: [] });
    expect(found(seededWeek(10, () => 0.1, daytime(20)), [TUESDAY])).toMatchObject({ outcome: 'kept', windows: [TUESDAY] });
  });

  test('do not swing: learning from the same data again changes nothing', () => {
    for (const seed of SEEDS.slice(0, 30)) {
      const slots = seededWeek(seed, tuesday(0.12, 0.05), daytime(150));
      const { windows } = learnPeaks({ slots });
      expect(learnPeaks({ slots, before: windows }).windows).toEqual(windows);
    }
  });

  test('change at most four times in a year of weekly looks at the last 13 weeks, and hold the planted hour throughout', () => {
    const weeks = Array.from({ length: 65 }, (_, week) => seededWeek(week, tuesday(0.15, 0.05), daytime(20)));
    let windows: readonly PeakWindow[] = [];
    const seen: string[] = [];
    for (let week = 13; week <= 65; week += 1) {
      ({ windows } = learnPeaks({ slots: weeks.slice(week - 13, week).flat(), before: windows }));
      expect(covers(windows, 2, '14:00')).toBe(true);
      if (JSON.stringify(windows) !== seen.at(-1)) seen.push(JSON.stringify(windows));
    }
    expect(seen.length).toBeLessThanOrEqual(5);
  });
});

test('the evidence tells a window\'s counts, a rate inside its interval, and the rate of the rest', () => {
  const slots = seededWeek(4, tuesday(0.2, 0.05), daytime(200));
  const [evidence] = learnPeaks({ slots }).evidence;
  const inside = slots.filter(({ weekday, hour }) => weekday === 2 && (hour === 14 || hour === 15));
  expect(evidence).toMatchObject({ ...TUESDAY, sent: inside.reduce((sum, { sent }) => sum + sent, 0), answered: inside.reduce((sum, { answered }) => sum + answered, 0) });
  expect(evidence?.restRate).toBeCloseTo(0.05, 1);
  expect(evidence?.low).toBeLessThan(evidence?.rate ?? 0);
  expect(evidence?.high).toBeGreaterThan(evidence?.rate ?? 1);
});

const anySlots = fc.uniqueArray(fc.record({ weekday: fc.integer({ min: 1, max: 7 }), hour: fc.integer({ min: 0, max: 23 }), sent: fc.nat(5000), share: fc.double({ min: 0, max: 1, noNaN: true }), batches: fc.nat(600) }), { maxLength: 60, selector: ({ weekday, hour }) => weekday * 24 + hour })
  .map((drawn) => drawn.map(({ share, ...slot }) => ({ ...slot, answered: Math.floor(slot.sent * share) })));

test('whatever the counts, windows can be planned with, rates are rates, and the order of the slots is nothing', () => {
  fc.assert(fc.property(anySlots, (slots) => {
    const learnt = learnPeaks({ slots });
    expect(learnPeaks({ slots: slots.toReversed() })).toEqual(learnt);
    expect(learnt.windows.length).toBeLessThanOrEqual(3);
    expect(sendRulesProblems({ layers: learnt.windows.length === 0 ? [] : [{ windows: learnt.windows }] })).toEqual([]);
    const rates = [...learnt.evidence.flatMap(({ rate, low, high, restRate }) => [rate, low, high, restRate]), ...smoothedRates(weekOf(slots))];
    expect(rates.filter((rate) => !(rate >= 0 && rate <= 1))).toEqual([]);
  }), { numRuns: 150 });
});

test('an hour\'s rate leans on its neighbours, Sunday night on Monday morning too', () => {
  const week = weekOf([{ weekday: 1, hour: 0, sent: 300, answered: 150, batches: 300 }, { weekday: 3, hour: 12, sent: 300, answered: 0, batches: 300 }]);
  const rates = smoothedRates(week);
  const [mondayMidnight = 0, one = 0, , ...rest] = rates;
  expect(mondayMidnight).toBeGreaterThan(one);
  expect(one).toBeGreaterThan(0.25);
  expect(rest.at(-1)).toBe(one);
});

test.each<[string, Partial<AnswerSlot>]>([
  ['a weekday 0', { weekday: 0 }], ['an hour 24', { hour: 24 }], ['half a message', { sent: 1.5 }], ['more answers than messages', { answered: 11 }], ['a count below zero', { batches: -1 }],
])('%s is a mistake of the caller', (_what, change) => {
  expect(() => learnPeaks({ slots: [{ weekday: 1, hour: 0, sent: 10, answered: 1, batches: 5, ...change }] })).toThrow('not a slot of answers');
});
