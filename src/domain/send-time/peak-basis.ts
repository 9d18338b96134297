import { smoothedRates, weekOf } from './answer-rates.ts';
import type { AnswerSlot } from './answer-rates.ts';
import type { LearntPeaks, PeakEvidence } from './learn-peaks.ts';

/** An hour of the recipients' week: counts, and the rate as it is judged (shrunken and smoothed). */
export type HourOfWeek = { readonly weekday: number; readonly hour: number; readonly sent: number; readonly answered: number; readonly rate: number };

/** What peak times were learnt from: kept beside them, for people to look at. Instants in epoch ms. */
export type PeakBasis = {
  readonly outcome: LearntPeaks['outcome'];
  /** What is missing, where there is not enough. */
  readonly needs?: string;
  readonly sinceAt: number;
  readonly untilAt: number;
  readonly sent: number;
  readonly answered: number;
  readonly evidence: readonly PeakEvidence[];
  readonly hours: readonly HourOfWeek[];
};

const DIGITS = 5;

/** The basis of what was learnt from these slots, over these messages' time. Rates are rounded. */
export function peakBasis(learnt: LearntPeaks, slots: readonly AnswerSlot[], span: { sinceAt: number; untilAt: number }): PeakBasis {
  const rates = smoothedRates(weekOf(slots));
  return {
    outcome: learnt.outcome,
    ...(learnt.outcome === 'not_enough_data' ? { needs: learnt.needs } : {}),
    ...span,
    sent: learnt.sent,
    answered: learnt.answered,
    evidence: learnt.evidence.map((one) => ({ ...one, rate: rounded(one.rate), low: rounded(one.low), high: rounded(one.high), restRate: rounded(one.restRate) })),
    hours: slots.map(({ weekday, hour, sent, answered }) => ({ weekday, hour, sent, answered, rate: rounded(rates[(weekday - 1) * 24 + hour] ?? 0) })),
  };
}

function rounded(rate: number): number {
  return Number(rate.toFixed(DIGITS));
}
