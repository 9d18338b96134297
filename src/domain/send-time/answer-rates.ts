/**
 * How often messages are answered, by the hour of the recipient's week. Rates are shrunken: a Beta prior at the mean of all
 * hours, worth `PRIOR_MESSAGES`, is added to every count, so that three answers to four messages do not make a peak (Gelman
 * et al., Bayesian Data Analysis, section 2.4; Agresti and Coull 1998 for pseudo-counts in intervals).
 */

/** Messages handed off in one hour of the recipients' week, and those of them that were answered. */
export type AnswerSlot = {
  /** ISO weekday, 1 Monday to 7 Sunday. */
  readonly weekday: number;
  /** 0 to 23. */
  readonly hour: number;
  readonly sent: number;
  readonly answered: number;
  /** How many requests these messages came from. */
  readonly batches: number;
};

/** Counts of some hours together. `evidence` and `yes`: messages and answers as they weigh, see `EVIDENCE_PER_BATCH`. */
export type Tally = { readonly sent: number; readonly answered: number; readonly evidence: number; readonly yes: number };

/** A shrunken rate and the variance of what is not known of it. */
export type Rate = { readonly rate: number; readonly variance: number };

/** What the prior weighs: an hour speaks for itself once it has some multiples of this. */
export const PRIOR_MESSAGES = 50;
/** Answers to one request are not independent (one inviter, one circle of friends): it counts as evidence of so many messages at most. */
const EVIDENCE_PER_BATCH = 10;
export const HOURS = 24;
export const WEEK_HOURS = 7 * HOURS;
const NOTHING: Tally = { sent: 0, answered: 0, evidence: 0, yes: 0 };

/** The week as 168 tallies, Monday 00:00 first. What is no hour of a week, or no count, is refused by throwing. */
export function weekOf(slots: readonly AnswerSlot[]): readonly Tally[] {
  const week = Array.from({ length: WEEK_HOURS }, () => NOTHING);
  for (const slot of slots) {
    const { weekday, hour, sent, answered, batches } = slot;
    const isHour = Number.isInteger(weekday) && weekday >= 1 && weekday <= 7 && Number.isInteger(hour) && hour >= 0 && hour < HOURS;
    const areCounts = [sent, answered, batches].every((count) => Number.isInteger(count) && count >= 0) && answered <= sent;
    if (!isHour || !areCounts) throw new Error(`not a slot of answers: ${JSON.stringify(slot)}`);
    const index = (weekday - 1) * HOURS + hour;
    const evidence = Math.min(sent, batches * EVIDENCE_PER_BATCH);
    week[index] = plus(week[index] ?? NOTHING, { sent, answered, evidence, yes: sent === 0 ? 0 : (answered / sent) * evidence });
  }
  return week;
}

/** These hours together. */
export function tallyOf(week: readonly Tally[], hours: Iterable<number> = week.keys()): Tally {
  let [sent, answered, evidence, yes] = [0, 0, 0, 0];
  for (const index of hours) {
    const slot = week[index] ?? NOTHING;
    sent += slot.sent;
    answered += slot.answered;
    evidence += slot.evidence;
    yes += slot.yes;
  }
  return { sent, answered, evidence, yes };
}

function plus(one: Tally, other: Tally): Tally {
  return { sent: one.sent + other.sent, answered: one.answered + other.answered, evidence: one.evidence + other.evidence, yes: one.yes + other.yes };
}

/** What is left of hours when some of them are taken away. */
export function without(all: Tally, some: Tally): Tally {
  // Weights are fractions: what is left of nothing may be a hair below it.
  const left = (count: keyof Tally): number => Math.max(0, all[count] - some[count]);
  return { sent: left('sent'), answered: left('answered'), evidence: left('evidence'), yes: left('yes') };
}

/** The mean of all hours; 0 where nothing was sent. */
export function meanOf({ evidence, yes }: Tally): number {
  return evidence === 0 ? 0 : yes / evidence;
}

/** The posterior of a tally under the prior. Always finite: the prior stands in where nothing was sent. */
export function rateOf({ evidence, yes }: Pick<Tally, 'evidence' | 'yes'>, mean: number): Rate {
  const rate = (yes + mean * PRIOR_MESSAGES) / (evidence + PRIOR_MESSAGES);
  return { rate, variance: (rate * (1 - rate)) / (evidence + PRIOR_MESSAGES + 1) };
}

/** By how many standard errors one rate leads another; 0 where neither can vary. */
export function leadOf(one: Rate, other: Rate): number {
  const error = Math.sqrt(one.variance + other.variance);
  return error === 0 ? 0 : (one.rate - other.rate) / error;
}

/**
 * Each hour's shrunken rate, smoothed over its neighbours (weights 1, 2, 1: habits do not know full hours; Sunday night
 * touches Monday morning). For showing: what is learnt looks at spans of hours instead.
 */
export function smoothedRates(week: readonly Tally[]): readonly number[] {
  const mean = meanOf(tallyOf(week));
  const at = (index: number): Tally => week[(index + WEEK_HOURS) % WEEK_HOURS] ?? NOTHING;
  return week.map((slot, index) => {
    const [before, after] = [at(index - 1), at(index + 1)];
    const weigh = (count: keyof Tally): number => slot[count] + (before[count] + after[count]) / 2;
    return rateOf({ evidence: weigh('evidence'), yes: weigh('yes') }, mean).rate;
  });
}
