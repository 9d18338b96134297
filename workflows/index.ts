/** Entry of the workflow bundle: every workflow type, by its export's name. Written by `npm run docs` from the folders; a check compares. */
export { achievementSpotlight } from './achievement-spotlight/workflow.ts';
export { buddyChallenge } from './buddy-challenge/workflow.ts';
export { referral } from './referral/workflow.ts';
export { sellerToBuyer } from './seller-to-buyer/workflow.ts';
export { studyBuddyNudge } from './study-buddy-nudge/workflow.ts';
export { deliverWebhooks } from './system/deliver-webhooks/workflow.ts';
export { importFile } from './system/import/workflow.ts';
export { learnPeakTimes } from './system/learn-peaks/workflow.ts';
export { payout } from './system/payout/workflow.ts';
export { retention } from './system/retention/workflow.ts';
export { sealLedger } from './system/seal-ledger/workflow.ts';
export { sender } from './system/sender/workflow.ts';
export { settleSms } from './system/settle-sms/workflow.ts';
export { sweepPushes } from './system/sweep-pushes/workflow.ts';
export { sweepRewards } from './system/sweep-rewards/workflow.ts';
export { weeklyReport, reportMails } from './system/weekly-report/workflow.ts';
