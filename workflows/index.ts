/** Entry of the workflow bundle: every workflow type, by its export's name. Written by `npm run docs` from the folders; a check compares. */
export { referral } from './referral/workflow.ts';
export { deliverWebhooks } from './system/deliver-webhooks/workflow.ts';
export { importFile } from './system/import/workflow.ts';
export { learnPeakTimes } from './system/learn-peaks/workflow.ts';
export { payout } from './system/payout/workflow.ts';
export { retention } from './system/retention/workflow.ts';
export { sealLedger } from './system/seal-ledger/workflow.ts';
export { sender } from './system/sender/workflow.ts';
export { settleSms } from './system/settle-sms/workflow.ts';
export { sweepRewards } from './system/sweep-rewards/workflow.ts';
