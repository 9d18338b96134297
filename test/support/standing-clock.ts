import type { Clock } from '../../db/clock.ts';

/** A clock that stands where a test puts it. */
export type TestClock = Clock & { set(at: number | string): void; advance(ms: number): void };

export function standingClock(start: number): TestClock {
  let at = start;
  return {
    now: () => at,
    set: (to) => { at = typeof to === 'number' ? to : Date.parse(to); },
    advance: (ms) => { at += ms; },
    skewMs: () => 0,
    close: () => {},
  };
}
