/** What relay, worker and ops need to know of the run that sweeps up due rewards, without loading its code. */

export const SWEEP_REWARDS_WORKFLOW = 'sweepRewards';
/** Of the Schedule that starts it, and the beginning of the runs' ids. */
export const SWEEP_REWARDS_SCHEDULE_ID = 'sweep-rewards';
export const SWEEP_REWARDS_EVERY = '5 minutes';
