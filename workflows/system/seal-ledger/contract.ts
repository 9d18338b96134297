/** What relay, worker and ops need to know of the sealing of ledgers without loading its code. */

export const SEAL_LEDGER_WORKFLOW = 'sealLedger';
/** Of the Schedule that starts it, and the beginning of the runs' ids. */
export const SEAL_LEDGER_SCHEDULE_ID = 'seal-ledger';
/** So long a booked transfer may wait to be sealed. */
export const SEAL_LEDGER_EVERY = '1 minute';
