import { beginAgainAt, type RunLosses } from '../../src/domain/run/rest-after-loss.ts';

const NOON = Date.parse('2026-06-10T12:00:00Z');
const MINUTE_MS = 60_000;
const NEVER: RunLosses = { livesLost: 0, restsUntil: null };

test('a run whose store was lost is back at once; one that fails each time begins again after ever longer rests, at most an hour', () => {
  let losses = NEVER;
  const restsMinutes: number[] = [];
  for (let life = 1, now = NOON; life <= 10; life += 1) {
    const next = beginAgainAt(losses, now);
    if (next?.restsUntil == null) throw new Error('it rests');
    expect(next.livesLost).toBe(life);
    restsMinutes.push((next.restsUntil - now) / MINUTE_MS);
    [losses, now] = [next, next.restsUntil];
  }
  expect(restsMinutes).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60, 60]);
});

test('before its rest is over it does not begin again', () => {
  expect(beginAgainAt({ livesLost: 3, restsUntil: NOON + 1 }, NOON)).toBeNull();
});

test('a life that went well for a day begins a new count', () => {
  const [rested, DAY_MS] = [{ livesLost: 7, restsUntil: NOON }, 24 * 60 * MINUTE_MS];
  expect(beginAgainAt(rested, NOON + DAY_MS - 1)).toMatchObject({ livesLost: 8 });
  expect(beginAgainAt(rested, NOON + DAY_MS)).toEqual({ livesLost: 1, restsUntil: NOON + DAY_MS + MINUTE_MS });
});
