import { monthsLater } from './months-later.ts';
import type { Course, Payment } from './read-course.ts';
import type { RewardRule } from './reward-terms.ts';

/** One thing that a rule may reward. `name` is unique within rule and referral; it ends the key, so an id in it needs no escaping. */
export type Occasion = {
  readonly name: string;
  readonly at: number;
  readonly payment: Payment | null;
  /** It came after one that the rule rewards only once a month. */
  readonly again: boolean;
};

/** What in a referral's course a rule speaks of, by time. */
export function occasionsOf(rule: RewardRule, course: Course): Occasion[] {
  const { on } = rule;
  switch (on.kind) {
    case 'sign_up': return course.signedUp === null ? [] : [plain('sign_up', course.signedUp.at)];
    case 'first_value': return course.firstValueAt === null ? [] : [plain('first_value', course.firstValueAt)];
    case 'plan_upgrade': return course.upgrades.filter(({ plan }) => on.plan === undefined || plan === on.plan).slice(0, 1).map(({ at }) => plain('plan_upgrade', at));
    case 'conversion': return course.payments.map((payment) => paid(payment));
    case 'nth_conversion': return course.payments.slice(on.n - 1, on.n).map((payment) => paid(payment));
    case 'recurring': return recurring(course.payments, on.months, rule.give.kind === 'fixed');
    // Of no referral: see evaluateRun.
    case 'loop': return [];
  }
}

function recurring(payments: readonly Payment[], months: number, onceAMonth: boolean): Occasion[] {
  const firstAt = payments[0]?.at ?? 0;
  const rewarded = new Set<number>();
  return payments.filter(({ at }) => at < monthsLater(firstAt, months)).map((payment) => {
    const month = monthOf(payment.at, firstAt);
    const again = onceAMonth && rewarded.has(month);
    rewarded.add(month);
    return paid(payment, again);
  });
}

/** No month is longer. */
const LONGEST_MONTH_MS = 31 * 86_400_000;

/** Which month after the first instant, from 0. */
function monthOf(at: number, firstAt: number): number {
  let month = Math.max(0, Math.floor((at - firstAt) / LONGEST_MONTH_MS));
  while (monthsLater(firstAt, month + 1) <= at) month += 1;
  return month;
}

function plain(name: string, at: number): Occasion {
  return { name, at, payment: null, again: false };
}

function paid(payment: Payment, again = false): Occasion {
  return { name: `conversion:${payment.conversionId}`, at: payment.at, payment, again };
}
