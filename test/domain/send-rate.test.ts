import fc from 'fast-check';
import { takeUnits } from '../../src/domain/limits/rate-rule.ts';
import { evenRate, messagesPerMinuteOf } from '../../src/domain/sending/send-rate.ts';
import { tenantLimitsProblems } from '../../src/domain/program/tenant-limits.ts';

const MINUTE_US = 60_000_000;

/** When messages leave if one always waits, looked after every `everyMs`. */
function departures(most: number, windowSeconds: number, parts: number, everyMs: number, forMs: number): number[] {
  const rule = evenRate('test', most, windowSeconds, parts);
  const at: number[] = [];
  let fullAtUs = 0;
  for (let nowMs = 1_000_000; nowMs < 1_000_000 + forMs; nowMs += everyMs) {
    const taken = takeUnits(rule, fullAtUs, { need: 1, want: 1_000 }, nowMs * 1_000);
    fullAtUs = taken.fullAtUs;
    for (let i = 0; i < taken.granted; i += 1) at.push(nowMs * 1_000);
  }
  return at;
}

function mostWithin(at: readonly number[], spanUs: number): number {
  let [most, first] = [0, 0];
  for (const [last, instant] of at.entries()) {
    while ((at[first] ?? 0) <= instant - spanUs) first += 1;
    most = Math.max(most, last - first + 1);
  }
  return most;
}

test.each([1, 7, 60, 119, 120, 600, 6_000])('at %i a minute no minute, wherever it begins, sees more; and hardly one sees much fewer', (perMinute) => {
  const at = departures(perMinute, 60, 60, 37, 10 * 60_000);
  expect(mostWithin(at, MINUTE_US)).toBeLessThanOrEqual(perMinute);
  expect(at.length).toBeGreaterThanOrEqual(Math.floor(9.5 * perMinute * 0.95));
});

test('whatever the number and however often it is looked, a second sees no more than a provider takes', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 50 }), (perSecond, everyMs) => {
    expect(mostWithin(departures(perSecond, 1, 10, everyMs, 5_000), 1_000_000)).toBeLessThanOrEqual(perSecond);
  }), { numRuns: 50 });
});

test('a tenant\'s own number counts below that of its tier, never above; a channel left out has its tier\'s', () => {
  expect([
    messagesPerMinuteOf('free', undefined, 'email'), messagesPerMinuteOf('free', { email: 10 }, 'email'), messagesPerMinuteOf('free', { email: 100_000 }, 'email'),
    messagesPerMinuteOf('free', { email: 10 }, 'sms'), messagesPerMinuteOf('scale', undefined, 'email'), messagesPerMinuteOf('unlimited', { sms: 5 }, 'sms'),
  ]).toEqual([300, 10, 300, 30, null, 5]);
});

test.each([0, -1, 1.5, 600_001, Number.NaN])('%d messages a minute is refused, with its field', (email) => {
  expect(tenantLimitsProblems({ messagesPerMinute: { email } })).toEqual([expect.stringContaining('messagesPerMinute.email')]);
});
