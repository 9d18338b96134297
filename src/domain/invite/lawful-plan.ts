import type { PeakInForce } from '../program/peak-times.ts';
import type { PeakPlan } from '../send-time/prefer-peak.ts';

/** A plan, the ids of the law's rules that bound the recipient, and the peak times that were wished for. */
export type LawfulPlan = PeakPlan & { readonly law: readonly string[]; readonly peak?: PeakInForce };

/** One that found a time. */
export type PlannedTime = Extract<LawfulPlan, { sendAt: number }>;

export function hasTime(plan: LawfulPlan): plan is PlannedTime {
  return plan.sendAt !== null;
}
