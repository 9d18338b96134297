import type { TenantId } from '../src/domain/ids.ts';
import type { PayoutLook } from '../src/domain/payout/look.ts';
import type { ReferralLook } from '../src/domain/referral/look.ts';
import { takeImportRows, type ImportDeps, type ImportTurn } from './imports/take-rows.ts';
import { sealLedgers, type SealDeps, type SealTurn } from './ledger/seal-ledgers.ts';
import { withPlainFailures } from './plain-failure.ts';
import { sendDue, type SendDueDeps, type SendDueInput, type SendDueReport } from './messages/send-due.ts';
import { settleUnknownSms, type SettleSmsDeps, type SettleSmsTurn } from './messages/settle-unknown-sms.ts';
import { handOverPayout } from './payouts/hand-over-payout.ts';
import { reconcilePayout } from './payouts/reconcile-payout.ts';
import type { PayoutDeps, PayoutInput } from './payouts/deps.ts';
import { learnPeaks, type PeaksDeps, type PeaksTurn } from './peaks/learn-peaks.ts';
import type { SettleReferralDeps } from './referrals/settle-referral.ts';
import { settleTogether } from './referrals/settle-together.ts';
import { sweepDueRewards, type SweepRewardsDeps, type SweepTurn } from './referrals/sweep-due-rewards.ts';
import { beginRetention, type BegunRetention } from './retention/begin-retention.ts';
import type { RetentionDeps, Turn } from './retention/deps.ts';
import { dropMonths } from './retention/drop-months.ts';
import { finishRetention, type FinishedRetention } from './retention/finish-retention.ts';
import { forgetNetworkData } from './retention/forget-network-data.ts';
import { makePartitions } from './retention/make-partitions.ts';
import { removeRows } from './retention/remove-rows.ts';
import { closeRun, type ClosedRun, type CloseRunInput } from './runs/close-run.ts';
import { moveRun, type MovedRun, type MoveRunInput, type RunsDeps } from './runs/move-run.ts';
import { recallFacts, type RecalledFacts, type RecallFactsInput } from './runs/recall-facts.ts';
import { deliverDue, type DeliverDeps, type DeliverReport } from './webhooks/deliver-due.ts';

/** Everything workflows may call, built once per worker from what it needs. */
export type Activities = {
  sendDue(input: SendDueInput): Promise<SendDueReport>;
  takeImportRows(input: { tenantId: string; importId: string }): Promise<ImportTurn>;
  settleUnknownSms(input: { after: TenantId | null }): Promise<SettleSmsTurn>;
  learnPeaks(input: { after: TenantId | null }): Promise<PeaksTurn>;
  moveRun(input: MoveRunInput): Promise<MovedRun>;
  closeRun(input: CloseRunInput): Promise<ClosedRun>;
  recallFacts(input: RecallFactsInput): Promise<RecalledFacts>;
  settleReferral(input: { tenantId: string; referralId: string }): Promise<ReferralLook>;
  sweepDueRewards(input: { after: TenantId | null }): Promise<SweepTurn>;
  sealLedgers(input: { after: TenantId | null }): Promise<SealTurn>;
  handOverPayout(input: PayoutInput & { again: boolean }): Promise<PayoutLook>;
  reconcilePayout(input: PayoutInput): Promise<PayoutLook>;
  deliverDue(input: { tenantId: string }): Promise<DeliverReport>;
  makePartitions(input: { monthsAhead: number }): Promise<{ made: number }>;
  beginRetention(): Promise<BegunRetention>;
  forgetNetworkData(input: { day: string }): Promise<Turn>;
  dropMonths(input: { day: string }): Promise<Turn>;
  removeRows(input: { day: string }): Promise<Turn>;
  finishRetention(input: { day: string }): Promise<FinishedRetention>;
};

export type ActivityDeps = SendDueDeps & RetentionDeps & PeaksDeps & ImportDeps & SettleSmsDeps & RunsDeps & SettleReferralDeps & SweepRewardsDeps & SealDeps & PayoutDeps & DeliverDeps;

export function createActivities(deps: ActivityDeps): Activities {
  const plainly = <T>(work: () => Promise<T>): Promise<T> => withPlainFailures(deps.log, work);
  const settle = settleTogether(deps);
  return {
    sendDue: (input) => plainly(() => sendDue(deps, input)),
    takeImportRows: (input) => plainly(() => takeImportRows(deps, input)),
    settleUnknownSms: (input) => plainly(() => settleUnknownSms(deps, input)),
    learnPeaks: (input) => plainly(() => learnPeaks(deps, input)),
    moveRun: (input) => plainly(() => moveRun(deps, input)),
    closeRun: (input) => plainly(() => closeRun(deps, input)),
    recallFacts: (input) => plainly(() => recallFacts(deps, input)),
    settleReferral: (input) => plainly(() => settle(input)),
    sweepDueRewards: (input) => plainly(() => sweepDueRewards(deps, input)),
    sealLedgers: (input) => plainly(() => sealLedgers(deps, input)),
    handOverPayout: (input) => plainly(() => handOverPayout(deps, input)),
    reconcilePayout: (input) => plainly(() => reconcilePayout(deps, input)),
    deliverDue: (input) => plainly(() => deliverDue(deps, input)),
    makePartitions: (input) => plainly(() => makePartitions(deps, input)),
    beginRetention: () => plainly(() => beginRetention(deps)),
    forgetNetworkData: (input) => plainly(() => forgetNetworkData(deps, input)),
    dropMonths: (input) => plainly(() => dropMonths(deps, input)),
    removeRows: (input) => plainly(() => removeRows(deps, input)),
    finishRetention: (input) => plainly(() => finishRetention(deps, input)),
  };
}
