/** What relay, worker and ops need to know of retention without loading its code. */

export const RETENTION_WORKFLOW = 'retention';
/** Of the Schedule that starts it, and the beginning of the runs' ids: Temporal appends the time. What must happen once a day goes by the day. */
export const RETENTION_SCHEDULE_ID = 'retention';
/** When, every day, in UTC: after midnight anywhere near it, before the morning's mails in Europe. */
export const RETENTION_AT = { hour: 2, minute: 20 } as const;
/** Months for which partitions are made ahead. */
export const MONTHS_AHEAD = 3;
