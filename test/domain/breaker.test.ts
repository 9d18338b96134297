import fc from 'fast-check';
import {
  CLOSED, COUNTED_FOR_MS, endProbe, FIRST_PAUSE_MS, hear, LONGEST_PAUSE_MS, OPENS_AT_FAILURES, PROBE_LEASE_MS, reset, standingOf, WELL_AFTER_MS, type Breaker, type Heard,
} from '../../src/domain/sending/breaker.ts';

const NOON = Date.parse('2026-06-10T12:00:00Z');
const MIDDLE = 0.5;
const failed = (failures: number, answers = 0): Heard => ({ failures, answers, reason: 'cannot_connect' });
const opened = (now = NOON): Breaker => hear(CLOSED, failed(OPENS_AT_FAILURES), now, MIDDLE);
const probing = (breaker: Breaker, now: number): Breaker => ({ ...breaker, probeUntil: now + PROBE_LEASE_MS });
const fails = { kind: 'failed', reason: 'timed_out' } as const;

/** Fails at its trials so many times in a row, each as soon as it may be made. */
function failing(times: number): { breaker: Breaker; pausesMs: number[]; now: number } {
  let [breaker, now] = [opened(), NOON];
  const pausesMs = [breaker.openUntil - now];
  for (let i = 0; i < times; i += 1) {
    now = breaker.openUntil;
    breaker = endProbe(probing(breaker, now), fails, now, MIDDLE);
    pausesMs.push(breaker.openUntil - now);
  }
  return { breaker, pausesMs, now };
}

test('a few failures open nothing, enough of them do, and the reason is kept', () => {
  const almost = hear(CLOSED, failed(OPENS_AT_FAILURES - 1), NOON, MIDDLE);
  expect(standingOf(almost, NOON)).toEqual({ kind: 'closed' });
  expect(standingOf(hear(almost, failed(1), NOON + 1, MIDDLE), NOON + 1)).toEqual({ kind: 'open', reason: 'cannot_connect', until: NOON + 1 + FIRST_PAUSE_MS });
});

test('failures among more answers are those of single messages, not of the provider', () => {
  expect(standingOf(hear(CLOSED, failed(50, 51), NOON, MIDDLE), NOON).kind).toBe('closed');
  expect(standingOf(hear(CLOSED, failed(50, 50), NOON, MIDDLE), NOON).kind).toBe('open');
});

test('what failed long ago does not add up with what fails now', () => {
  const before = hear(CLOSED, failed(OPENS_AT_FAILURES - 1), NOON, MIDDLE);
  expect(standingOf(hear(before, failed(1), NOON + COUNTED_FOR_MS, MIDDLE), NOON + COUNTED_FOR_MS).kind).toBe('closed');
});

test('each trial that fails makes the pause longer, to a bound; a good one closes it', () => {
  const { breaker, pausesMs, now } = failing(8);
  expect(pausesMs.slice(0, 6)).toEqual([2_000, 4_000, 8_000, 16_000, 32_000, LONGEST_PAUSE_MS]);
  expect(Math.max(...pausesMs)).toBe(LONGEST_PAUSE_MS);
  expect([breaker.openedAt, breaker.reason]).toEqual([NOON, 'timed_out']);
  const closed = endProbe(probing(breaker, now), { kind: 'answered' }, now, MIDDLE);
  expect([standingOf(closed, now).kind, closed.closedAt, closed.failures]).toEqual(['closed', now, 0]);
});

test('pauses are spread by chance, so that workers and providers do not fall into step', () => {
  const pauses = [0, 0.25, 1].map((chance) => hear(CLOSED, failed(OPENS_AT_FAILURES), NOON, chance).openUntil - NOON);
  expect(pauses).toEqual([1_500, 1_750, 2_500]);
});

test('a provider that fails again soon after it closed is held longer; one that was well for a while begins anew', () => {
  const { breaker, now } = failing(2);
  const closed = endProbe(probing(breaker, now), { kind: 'answered' }, now, MIDDLE);
  const again = (at: number): number => hear(closed, failed(OPENS_AT_FAILURES), at, MIDDLE).openUntil - at;
  expect([again(now + 1_000), again(now + WELL_AFTER_MS)]).toEqual([16_000, FIRST_PAUSE_MS]);
  expect(hear(reset(breaker, now), failed(OPENS_AT_FAILURES), now, MIDDLE).openUntil - now).toBe(FIRST_PAUSE_MS);
});

test('a trial that said nothing lets the next try at once; one whose worker was killed, when its lease is over', () => {
  const breaker = opened();
  const at = breaker.openUntil;
  expect(standingOf(breaker, at).kind).toBe('half_open');
  const trying = probing(breaker, at);
  expect(standingOf(trying, at)).toEqual({ kind: 'tried', until: at + PROBE_LEASE_MS, reason: 'cannot_connect' });
  expect(standingOf(endProbe(trying, { kind: 'none' }, at, MIDDLE), at).kind).toBe('half_open');
  expect(standingOf(trying, at + PROBE_LEASE_MS).kind).toBe('half_open');
});

test('whatever is heard while it is open, only a trial closes it or holds it longer', () => {
  fc.assert(fc.property(fc.nat(1_000), fc.nat(1_000), fc.nat(10 * COUNTED_FOR_MS), (failures, answers, afterMs) => {
    const breaker = opened();
    expect(hear(breaker, { failures, answers, reason: 'server_busy' }, NOON + afterMs, MIDDLE)).toEqual(breaker);
  }));
});

test('in any history it is open exactly from an opening to a good trial, and no pause is longer than the longest', () => {
  const step = fc.record({ afterMs: fc.nat(90_000), failures: fc.nat(20), answers: fc.nat(20), chance: fc.double({ min: 0, max: 1, noNaN: true }), isAnswered: fc.boolean() });
  fc.assert(fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
    let [breaker, now] = [CLOSED, NOON];
    const wrong: string[] = [];
    for (const { afterMs, failures, answers, chance, isAnswered } of steps) {
      now += afterMs;
      const standing = standingOf(breaker, now);
      const before = breaker;
      if (standing.kind === 'half_open') breaker = endProbe(probing(breaker, now), isAnswered ? { kind: 'answered' } : fails, now, chance);
      else breaker = hear(breaker, failed(failures, answers), now, chance);
      const hasClosed = before.openedAt !== null && breaker.openedAt === null;
      if (hasClosed !== (standing.kind === 'half_open' && isAnswered)) wrong.push('closed by something else than a good trial');
      if (breaker.openedAt !== null && breaker.openUntil - now > LONGEST_PAUSE_MS * 1.25) wrong.push('held for too long');
      if (standing.kind === 'half_open' && !isAnswered && breaker.openUntil < now + FIRST_PAUSE_MS * 0.75) wrong.push('not held after a bad trial');
    }
    expect(wrong).toEqual([]);
  }));
});
