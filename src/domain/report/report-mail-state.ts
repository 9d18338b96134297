import type { IsoWeek } from './iso-week.ts';

/** What a mail is about: the question whether somebody wants reports, or the report of a week. */
export type ReportMailAbout = 'confirm' | IsoWeek;

/** `not_sent`: nothing left, for good (it expired, they unsubscribed, they are suppressed). */
export const REPORT_MAIL_STATES = ['waiting', 'claimed', 'handed_off', 'refused', 'unknown', 'not_sent'] as const;
export type ReportMailState = (typeof REPORT_MAIL_STATES)[number];

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** A report is news until the next one. */
export const REPORT_EXPIRES_MS = 6 * DAY_MS;
export const CONFIRM_EXPIRES_MS = 2 * DAY_MS;
/** Nobody is asked again sooner. */
export const ASK_AGAIN_AFTER_MS = DAY_MS;
/** Longer than any hand-off: what is claimed and not recorded by then is unknown. */
export const CLAIM_HOLDS_MS = 10 * MINUTE_MS;
/** What a stop or a pause holds is looked at again after this. */
export const HELD_FOR_MS = 10 * MINUTE_MS;

/** How long to wait after so many refusals for now (1 for the first): 1, 2, 4 … 60 minutes. */
export function retryAfterMs(tries: number): number {
  return Math.min(60, 2 ** Math.max(0, Math.min(tries, 10) - 1)) * MINUTE_MS;
}
