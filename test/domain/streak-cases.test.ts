import { judgeStreak } from '../../src/domain/streak/judge-streak.ts';
import { dateText } from '../../src/domain/streak/local-calendar.ts';
import file from './cases/streaks.json';

test.each(file.cases)('$id: $name', ({ input, expected }) => {
  const judged = judgeStreak({ ...input, now: Date.parse(input.now), events: input.events.map(({ at, zone }) => ({ at: Date.parse(at), zone })) });
  if (judged.outcome === 'refused') throw new Error(JSON.stringify(judged.faults));
  const { frozenDays, expiresAt, dayEndsAt: _end, ...streak } = judged.streak;
  expect({ ...streak, freezesUsed: frozenDays.map(dateText), expiresAt }).toEqual({ ...expected, expiresAt: expected.expiresAt === null ? null : Date.parse(expected.expiresAt) });
});
