import { judgeStreak } from '../../src/domain/streak/judge-streak.ts';

const NOON = Date.parse('2026-06-10T12:00:00Z');
const DAY_MS = 86_400_000;
const day = (n: number) => ({ at: NOON + n * DAY_MS, zone: 'UTC' });
const judged = (asked: { days: number[]; grants: { at: number; count: number }[]; now: number }) => {
  const { days, grants, now } = asked;
  const read = judgeStreak({ zone: 'UTC', events: days.map(day), now: NOON + now * DAY_MS, freezes: 0, grants: grants.map(({ at, count }) => ({ at: NOON + at * DAY_MS, count })) });
  if (read.outcome === 'refused') throw new Error(read.faults[0]?.message);
  const { current, freezesLeft, state } = read.streak;
  return { current, freezesLeft, state };
};

test('a freeze that is taken back unused covers nothing from then on', () => {
  expect(judged({ days: [0, 1], grants: [{ at: 1, count: 1 }, { at: 1.2, count: -1 }], now: 1.3 })).toEqual({ current: 2, freezesLeft: 0, state: 'active' });
  expect(judged({ days: [0, 1, 3], grants: [{ at: 1, count: 1 }, { at: 1.2, count: -1 }], now: 3 })).toMatchObject({ current: 1 });
});

test('one that had covered a day before keeps it covered; none is left, and the next one makes up for it', () => {
  const used = [{ at: 0, count: 1 }, { at: 2.3, count: -1 }];
  expect(judged({ days: [0, 2], grants: used, now: 2.4 })).toEqual({ current: 2, freezesLeft: 0, state: 'active' });
  expect(judged({ days: [0, 2, 3], grants: used, now: 3.1 })).toMatchObject({ current: 3, freezesLeft: 0 });
  expect(judged({ days: [0, 2, 3], grants: [...used, { at: 3, count: 1 }], now: 3.1 })).toMatchObject({ current: 3, freezesLeft: 0 });
  expect(judged({ days: [0, 2, 3], grants: [...used, { at: 3, count: 2 }], now: 3.1 })).toMatchObject({ current: 3, freezesLeft: 1 });
});
