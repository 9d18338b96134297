/**
 * When may a message leave? The one answer behind the preview, the plan of every real send, and the check right before a
 * hand-off. Permission depends on the wall clock at an instant; the answer is the earliest permitted instant.
 *
 * What binds whom: hard stops, notBefore, expiry, policy and maxDelayMinutes bind every class; layers, zones and blackout
 * dates bind marketing only. A range is half-open, `[start, end)`, and belongs to the local date on which it starts.
 */
import { compileSendRules } from './compile-send-rules.ts';
import { rulesThatNeverOpen } from './never-opens.ts';
import { notAZone, readRules } from './read-rules.ts';
import { recipientZones } from './recipient-zones.ts';
import type { SendPlan, SendTimeRules } from './send-time-rules.ts';
import { zoneOffsets } from './zone-offsets.ts';

export { compileSendRules, HORIZON_DAYS, PERMITTED_UNTIL_DAYS } from './compile-send-rules.ts';
export type { SendPlanner } from './compile-send-rules.ts';
export type { Layer, Range, SendPlan, SendTimeRules } from './send-time-rules.ts';

/**
 * Plans one message. `now` and all instants in the answer are epoch milliseconds; `zone` is the recipient's IANA zone or
 * null. Never throws. To plan many recipients with one rule set use `compileSendRules`.
 *
 * Outcomes, tested in this order:
 * - `invalid`: some part of the rules is unusable (for transactional messages too), or no zone is known. `problems` lists
 *   everything with its path. Instants need `Z` or an offset, times are strict `HH:MM`, `24:00` only as an end.
 * - `expired`: at the start of the wait, which is the later of now and notBefore, too little life is left. A message
 *   leaves before `expiresAt` and with `minRemainingMinutes` to go; exactly that many are enough.
 * - `dropped`: the policy is `drop` and the start of the wait is not permitted.
 * - `expired`: no permitted instant comes in time.
 * - `never`: none comes within `HORIZON_DAYS` of the start, and no expiry ends the wait before.
 * - `dropped`: the wait, from now, is longer than `maxDelayMinutes`; exactly as long is allowed.
 * - `send_now` or `deferred`. `permittedUntil` is the first instant after `sendAt` at which a send is not permitted any
 *   more, by a rule or by expiry, and at most `PERMITTED_UNTIL_DAYS` later.
 *
 * Zones: with `rules.zones` an instant must suit all of them (`fallbackZone` stands in for a name that is no zone); else
 * `zone`; else `fallbackZone`. Only IANA names count: `UTC` and `Etc/GMT+5` (which is UTC-05:00) do; `+05:00`, `UTC+3`,
 * `local` and `BST` do not.
 *
 * Layers: one with its own zone is judged on that clock only, months included; the others in every candidate zone.
 * Outside its months a layer does not apply, quiet ranges included. No `windows`: no limit by windows. Empty lists are
 * meant literally: `windows: []` never opens, `days: []` never runs, `months: []` never applies.
 *
 * Blackout dates: nothing leaves on that local date in any candidate zone, and a window that starts on it (in a layer with
 * a zone of its own: on that zone's date) does not take place, its tail after midnight included. Quiet ranges that start
 * on it still forbid.
 */
export function planSend(input: { readonly now: number; readonly zone: string | null; readonly rules: SendTimeRules }): SendPlan {
  return compileSendRules(input.rules).plan(input);
}

/**
 * May a message leave at the instant `at` (epoch milliseconds)? True exactly when `planSend` with `now: at` says
 * `send_now`: notBefore and expiry count. Unusable rules, an unknown zone and an unusable instant permit nothing.
 */
export function isPermittedAt(input: { readonly at: number; readonly zone: string | null; readonly rules: SendTimeRules }): boolean {
  return compileSendRules(input.rules).isPermittedAt(input);
}

/**
 * What is wrong with rules that are about to be saved, each with its path; empty when they are fine. Stricter than a plan,
 * which must make do with what it is given: it also refuses a fallback zone or candidate zone that is no zone, and
 * windows that can never open.
 */
export function sendRulesProblems(rules: SendTimeRules): string[] {
  const read = readRules(rules);
  const problems = [...read.problems];
  if (read.fallbackZone !== undefined && zoneOffsets(read.fallbackZone) === null) {
    problems.push(`fallbackZone: ${notAZone(read.fallbackZone)}`);
  }
  if (read.zones.length > 0) problems.push(...recipientZones(read, null).problems);
  return problems.length > 0 ? problems : [...rulesThatNeverOpen(read)];
}
