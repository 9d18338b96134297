import type { Clock } from '../../db/clock.ts';
import type { Sql } from '../../db/client.ts';
import { readBreaker, type BreakerRow } from '../../db/read/breakers.ts';
import { endProbeOf, hearProvider, takeProbe, type BreakerChange } from '../../db/write/breaker.ts';
import { CLOSED, COUNTED_FOR_MS, standingOf, type Heard } from '../../src/domain/sending/breaker.ts';
import { breakerHold, type Hold } from '../../src/domain/sending/hold.ts';
import type { HandOff } from '../../src/providers/transport.ts';
import type { Logger } from '../../src/telemetry/logger.ts';
import { alertBreaker } from './alert-trouble.ts';
import { verdictOf, type Verdict } from './provider-verdict.ts';

/** One message that tries whether a provider works again; of all processes one at a time. */
export type Trial = {
  readonly hear: (handOff: HandOff) => void;
  /** `late`: it is on the wire still and has taken too long. Tells all processes what came of it. */
  end(late: boolean): Promise<void>;
};

/** A provider's breaker as one process sees it. */
export type ProviderBreaker = {
  readonly provider: string;
  /** Tells it what was heard so far, then: may messages leave, all of them or one as a trial, or what holds them? */
  ask(): Promise<{ kind: 'closed' } | { kind: 'half_open' } | { kind: 'held'; hold: Hold }>;
  /** Of a breaker that stands half open: the trial, or null where somebody else has it. */
  takeTrial(): Promise<Trial | null>;
  readonly hear: (handOff: HandOff) => void;
};

export type BreakerDeps = { sql: Sql; clock: Pick<Clock, 'now'>; log: Logger; chance(): number };

/** What another process found is known here after this. */
const FRESH_MS = 250;
/** Whoever finds that somebody tries sleeps this long at most: he is called when the breaker closes. */
const LOOK_AGAIN_MS = 5_000;

export function openProviderBreaker({ sql, clock, log, chance }: BreakerDeps, provider: string): ProviderBreaker {
  let known: BreakerRow | null = null;
  let readAtMs = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | null = null;
  let heard = nothingHeard();

  const learn = (row: BreakerRow | null): void => {
    known = row;
    readAtMs = performance.now();
  };
  const learnChange = ({ before, after }: BreakerChange): void => {
    learn(after);
    alertBreaker(log, provider, before, after);
  };
  const read = async (): Promise<void> => {
    reading ??= readBreaker(sql, provider).then(learn).finally(() => { reading = null; });
    await reading;
  };
  /** A process that hears nothing bad has nothing to tell: a healthy provider costs no write. */
  const tell = async (): Promise<void> => {
    if (performance.now() - heard.sinceMs > COUNTED_FOR_MS) heard = nothingHeard();
    if (heard.failures === 0) return;
    const telling: Heard = heard;
    heard = nothingHeard();
    learnChange(await hearProvider(sql, provider, telling, clock.now(), chance()));
  };

  return {
    provider,
    async ask() {
      await tell();
      if (performance.now() - readAtMs > FRESH_MS) await read();
      const now = clock.now();
      const standing = standingOf(known ?? CLOSED, now);
      switch (standing.kind) {
        case 'closed':
        case 'half_open': return { kind: standing.kind };
        case 'open': return { kind: 'held', hold: breakerHold(provider, standing) };
        case 'tried': return { kind: 'held', hold: breakerHold(provider, { ...standing, until: Math.min(standing.until, now + LOOK_AGAIN_MS) }) };
      }
    },
    async takeTrial() {
      const taken = await takeProbe(sql, provider, clock.now());
      if (taken === null) {
        await read();
        return null;
      }
      learn(taken);
      return trialOf(async (outcome) => {
        const change = await endProbeOf(sql, provider, taken.probes, outcome, clock.now(), chance());
        if (change !== null) learnChange(change);
      });
    },
    hear: (handOff) => count(heard, verdictOf(handOff)),
  };
}

/** `tell`: what it came to, for all processes. */
function trialOf(tell: (outcome: Verdict) => Promise<void>): Trial {
  let verdict: Verdict = { kind: 'none' };
  return {
    hear: (handOff) => { verdict = verdictOf(handOff); },
    end: (late) => tell(late ? { kind: 'failed', reason: 'timed_out' } : verdict),
  };
}

type Counted = { failures: number; answers: number; reason: string | null; readonly sinceMs: number };

function count(heard: Counted, verdict: Verdict): void {
  if (verdict.kind === 'answered') heard.answers += 1;
  if (verdict.kind === 'failed') {
    heard.failures += 1;
    heard.reason = verdict.reason;
  }
}

function nothingHeard(): Counted {
  return { failures: 0, answers: 0, reason: null, sinceMs: performance.now() };
}
