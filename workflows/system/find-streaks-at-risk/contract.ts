/** What relay, worker and ops need to know of the run that looks for streaks at risk, without loading its code. */

export const FIND_STREAKS_WORKFLOW = 'findStreaks';
/** Of the Schedule that starts it, and the beginning of the runs' ids. */
export const FIND_STREAKS_SCHEDULE_ID = 'find-streaks-at-risk';
export const FIND_STREAKS_EVERY = '1 hour';
