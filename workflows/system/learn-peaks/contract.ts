/** What relay, worker and ops need to know of the learning of peak times without loading its code. */

export const LEARN_PEAKS_WORKFLOW = 'learnPeakTimes';
/** Of the Schedule that starts it, and the beginning of the runs' ids. */
export const LEARN_PEAKS_SCHEDULE_ID = 'learn-peaks';
/** When, in UTC: Sundays, after retention, when little leaves anywhere. */
export const LEARN_PEAKS_AT = { dayOfWeek: 'SUNDAY', hour: 3, minute: 40 } as const;
