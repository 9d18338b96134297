/** What relay, worker and ops need to know of the run that lets waiting pushes leave, without loading its code. */

export const SWEEP_PUSHES_WORKFLOW = 'sweepPushes';
/** Of the Schedule that starts it, and the beginning of the runs' ids. */
export const SWEEP_PUSHES_SCHEDULE_ID = 'sweep-pushes';
export const SWEEP_PUSHES_EVERY = '1 minute';
