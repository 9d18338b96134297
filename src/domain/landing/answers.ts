/** What somebody may answer on a landing page. */
export const LANDING_ANSWERS = ['accept', 'decline', 'stop', 'report'] as const;
export type LandingAnswer = (typeof LANDING_ANSWERS)[number];

/** What is wrong with an invitation, as its reader says: codes, for a text of the reader's own could hold anything about anybody. */
export const REPORT_REASONS = ['unknown_sender', 'spam', 'offensive', 'other'] as const;
export type ReportReason = (typeof REPORT_REASONS)[number];
