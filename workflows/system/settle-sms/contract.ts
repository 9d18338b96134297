/** What relay, worker and ops need to know of the run that settles SMS of unknown outcome, without loading its code. */

export const SETTLE_SMS_WORKFLOW = 'settleSms';
/** Of the Schedule that starts it, and the beginning of the runs' ids. */
export const SETTLE_SMS_SCHEDULE_ID = 'settle-sms';
/** A callback has long come by then, where one comes; the vendor's list has caught up. */
export const SETTLE_SMS_EVERY = '5 minutes';
