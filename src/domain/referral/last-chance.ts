import { monthsLater } from '../reward/months-later.ts';
import type { Course } from '../reward/read-course.ts';
import type { RewardRule, RewardTerms } from '../reward/reward-terms.ts';

const DAY_MS = 86_400_000;
/** After so long without a word nothing is waited for. What then comes opens the life again. */
export const SILENT_AFTER_DAYS = 90;

/**
 * Up to when (epoch ms) something new may be waited for: the end of the last window of the terms, at most 90 days after the
 * latest fact. Below every instant where nothing more can be earned. Refunds and disputes are never waited for.
 */
export function lastChanceAt(terms: RewardTerms, course: Course, latestFactAt: number): number {
  const ends = terms.rules.map((rule) => ruleEndsAt(rule, course));
  return Math.min(latestFactAt + SILENT_AFTER_DAYS * DAY_MS, ends.reduce((latest, end) => Math.max(latest, end), Number.NEGATIVE_INFINITY));
}

function ruleEndsAt({ on, withinDays, validUntil }: RewardRule, { signedUp, firstValueAt, upgrades, payments }: Course): number {
  const within = withinDays === undefined || signedUp === null ? Number.POSITIVE_INFINITY : signedUp.at + withinDays * DAY_MS;
  const windowEnds = Math.min(within, validUntil ?? Number.POSITIVE_INFINITY);
  const unless = (done: boolean): number => (done ? Number.NEGATIVE_INFINITY : windowEnds);
  switch (on.kind) {
    case 'sign_up': return unless(signedUp !== null);
    case 'first_value': return unless(firstValueAt !== null);
    case 'plan_upgrade': return unless(upgrades.some(({ plan }) => on.plan === undefined || on.plan === plan));
    case 'conversion': return windowEnds;
    case 'nth_conversion': return unless(payments.length >= on.n);
    case 'loop': return Number.NEGATIVE_INFINITY;
    case 'recurring': return payments[0] === undefined ? windowEnds : Math.min(windowEnds, monthsLater(payments[0].at, on.months));
  }
}
