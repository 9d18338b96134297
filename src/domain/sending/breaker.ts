/**
 * The circuit breaker of one provider, as all processes share it. Closed, it counts what the provider answers; when most of
 * what it is given fails it opens, and nothing is given to it for a while. Then one message at a time tries whether it
 * works again (half-open): an answer closes the breaker, a failure opens it for longer. Instants are epoch ms.
 */
export type Breaker = {
  /** Of the span that began at `countedSince`. */
  readonly failures: number;
  readonly answers: number;
  readonly countedSince: number;
  /** Null: it is closed. */
  readonly openedAt: number | null;
  /** Nothing is tried before this; means nothing while closed. */
  readonly openUntil: number;
  /** Openings in a row, each with a longer pause than the one before. */
  readonly openings: number;
  /** What failed last. */
  readonly reason: string | null;
  /** Somebody's trial is under way until it is told of, but not longer than this. */
  readonly probeUntil: number | null;
  readonly closedAt: number | null;
};

/** What was heard of a provider: messages it answered for, whatever the answer, and those it failed at. */
export type Heard = { readonly failures: number; readonly answers: number; readonly reason: string | null };

/** How a breaker stands. `half_open`: the next message may be a trial. */
export type Standing =
  | { readonly kind: 'closed' }
  | { readonly kind: 'half_open' }
  | { readonly kind: 'open'; readonly until: number; readonly reason: string }
  | { readonly kind: 'tried'; readonly until: number; readonly reason: string };

/** It opens at so many failures within the span, if they are at least half of all that was heard in it. */
export const OPENS_AT_FAILURES = 5;
export const COUNTED_FOR_MS = 60_000;
/** The first pause, doubled with each opening in a row up to the longest; each a fourth shorter or longer by chance. */
export const FIRST_PAUSE_MS = 2_000;
export const LONGEST_PAUSE_MS = 60_000;
/** Closed for so long, the next opening is a first one again. */
export const WELL_AFTER_MS = 300_000;
/** Whoever tries tells sooner; if he is killed, somebody else tries after this. */
export const PROBE_LEASE_MS = 30_000;

export const CLOSED: Breaker = {
  failures: 0, answers: 0, countedSince: 0, openedAt: null, openUntil: 0, openings: 0, reason: null, probeUntil: null, closedAt: null,
};

export function standingOf({ openedAt, openUntil, probeUntil, reason }: Breaker, now: number): Standing {
  if (openedAt === null) return { kind: 'closed' };
  const why = reason ?? 'unknown';
  if (openUntil > now) return { kind: 'open', until: openUntil, reason: why };
  if (probeUntil !== null && probeUntil > now) return { kind: 'tried', until: probeUntil, reason: why };
  return { kind: 'half_open' };
}

/** `chance`: from 0 to 1, spreads the pauses. What is heard while it is open changes nothing: only a trial does. */
export function hear(breaker: Breaker, heard: Heard, now: number, chance: number): Breaker {
  if (breaker.openedAt !== null) return breaker;
  const isOver = now - breaker.countedSince >= COUNTED_FOR_MS;
  const counted = {
    ...breaker,
    failures: heard.failures + (isOver ? 0 : breaker.failures),
    answers: heard.answers + (isOver ? 0 : breaker.answers),
    countedSince: isOver ? now : breaker.countedSince,
    reason: heard.reason ?? breaker.reason,
  };
  return counted.failures >= OPENS_AT_FAILURES && counted.failures >= counted.answers ? open(counted, now, chance) : counted;
}

/**
 * What a trial came to. `none`: it said nothing of the provider (there was no message, or it never left), so the next may
 * try at once.
 */
export type ProbeOutcome = { readonly kind: 'answered' } | { readonly kind: 'failed'; readonly reason: string } | { readonly kind: 'none' };

export function endProbe(breaker: Breaker, outcome: ProbeOutcome, now: number, chance: number): Breaker {
  switch (outcome.kind) {
    case 'answered': return close(breaker, now);
    case 'failed': return open({ ...breaker, reason: outcome.reason }, now, chance);
    case 'none': return { ...breaker, probeUntil: null };
  }
}

/** Closed as if nothing had been: an operator knows that it works again. */
export function reset(breaker: Breaker, now: number): Breaker {
  return { ...close(breaker, now), openings: 0 };
}

function close(breaker: Breaker, now: number): Breaker {
  return { ...breaker, failures: 0, answers: 0, countedSince: now, openedAt: null, probeUntil: null, closedAt: now };
}

function open(breaker: Breaker, now: number, chance: number): Breaker {
  const isFirst = breaker.openedAt === null && (breaker.closedAt === null || now - breaker.closedAt >= WELL_AFTER_MS);
  const openings = isFirst ? 1 : breaker.openings + 1;
  const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** Math.min(openings - 1, 10), LONGEST_PAUSE_MS) * (0.75 + chance / 2);
  return { ...breaker, openings, openedAt: breaker.openedAt ?? now, openUntil: now + Math.round(pauseMs), probeUntil: null };
}
