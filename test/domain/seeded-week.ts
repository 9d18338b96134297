import type { AnswerSlot } from '../../src/domain/send-time/answer-rates.ts';

/** The same numbers from 0 to 1 for the same seed, everywhere (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A week of random answers: `sent` and `rate` by weekday (1 to 7) and hour; requests are of two invites. */
export function seededWeek(seed: number, rate: (weekday: number, hour: number) => number, sent: (weekday: number, hour: number) => number): AnswerSlot[] {
  const random = seededRandom(seed);
  return Array.from({ length: 168 }, (_, index): AnswerSlot => {
    const [weekday, hour] = [Math.floor(index / 24) + 1, index % 24];
    const count = Math.round(sent(weekday, hour) * (0.5 + random()));
    const answered = Array.from({ length: count }, random).filter((drawn) => drawn < rate(weekday, hour)).length;
    return { weekday, hour, sent: count, answered, batches: Math.ceil(count / 2) };
  }).filter(({ sent: count }) => count > 0);
}
