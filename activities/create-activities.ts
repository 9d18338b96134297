import type { ClosedBoard } from '../db/write/rally/close-board.ts';
import type { TenantId } from '../src/domain/ids.ts';
import type { PayoutLook } from '../src/domain/payout/look.ts';
import type { ReferralLook } from '../src/domain/referral/look.ts';
import type { IsoWeek } from '../src/domain/report/iso-week.ts';
import { sweepDuePushes, type SweepPushesDeps, type SweepPushesTurn } from './feed/sweep-due-pushes.ts';
import { takeImportRows, type ImportDeps, type ImportTurn } from './imports/take-rows.ts';
import { sealLedgers, type SealDeps, type SealTurn } from './ledger/seal-ledgers.ts';
import { withPlainFailures } from './plain-failure.ts';
import { sendDue, type SendDueDeps, type SendDueInput, type SendDueReport } from './messages/send-due.ts';
import { settleUnknownSms, type SettleSmsDeps, type SettleSmsTurn } from './messages/settle-unknown-sms.ts';
import { handOverPayout } from './payouts/hand-over-payout.ts';
import { reconcilePayout } from './payouts/reconcile-payout.ts';
import type { PayoutDeps, PayoutInput } from './payouts/deps.ts';
import { learnPeaks, type PeaksDeps, type PeaksTurn } from './peaks/learn-peaks.ts';
import type { ReportDeps } from './reports/deps.ts';
import { findReportWeek } from './reports/find-report-week.ts';
import { makeWeeklyReport, type PutOutReport } from './reports/make-weekly-report.ts';
import { sendReportMails, type ReportMailsTurn } from './reports/send-report-mails.ts';
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
import { grantRun, type GrantedRun, type GrantRunInput } from './runs/grant-run.ts';
import { moveRun, type MovedRun, type MoveRunInput, type RunsDeps } from './runs/move-run.ts';
import { lookAtBoard, type BoardLook, type LookAtBoardInput } from './runs/look-at-board.ts';
import { endBoard, type EndBoardInput } from './runs/end-board.ts';
import { queueRunMessage, type QueuedRunMessage, type QueueRunMessageInput } from './runs/queue-run-message.ts';
import { recallFacts, type RecalledFacts, type RecallFactsInput } from './runs/recall-facts.ts';
import { tellMember, type TellMemberInput } from './runs/tell-member.ts';
import { withdrawRunMessage, type WithdrawnRunMessage, type WithdrawRunMessageInput } from './runs/withdraw-run-message.ts';
import { findStreaksAtRisk, type FindStreaksDeps, type FindStreaksTurn, type StreaksPlace } from './streaks/find-streaks-at-risk.ts';
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
  queueRunMessage(input: QueueRunMessageInput): Promise<QueuedRunMessage>;
  withdrawRunMessage(input: WithdrawRunMessageInput): Promise<WithdrawnRunMessage>;
  tellMember(input: TellMemberInput): Promise<void>;
  lookAtBoard(input: LookAtBoardInput): Promise<BoardLook>;
  endBoard(input: EndBoardInput): Promise<ClosedBoard>;
  grantRun(input: GrantRunInput): Promise<GrantedRun>;
  settleReferral(input: { tenantId: string; referralId: string }): Promise<ReferralLook>;
  sweepDueRewards(input: { after: TenantId | null }): Promise<SweepTurn>;
  sweepDuePushes(input: { after: TenantId | null }): Promise<SweepPushesTurn>;
  findStreaksAtRisk(input: { after: TenantId | null; within: StreaksPlace | null }): Promise<FindStreaksTurn>;
  sealLedgers(input: { after: TenantId | null }): Promise<SealTurn>;
  handOverPayout(input: PayoutInput & { again: boolean }): Promise<PayoutLook>;
  reconcilePayout(input: PayoutInput): Promise<PayoutLook>;
  deliverDue(input: { tenantId: string }): Promise<DeliverReport>;
  findReportWeek(input: { tenantId: string }): Promise<{ week: IsoWeek }>;
  makeWeeklyReport(input: { tenantId: string; week: string }): Promise<PutOutReport>;
  sendReportMails(input: { tenantId: string | null }): Promise<ReportMailsTurn>;
  makePartitions(input: { monthsAhead: number }): Promise<{ made: number }>;
  beginRetention(): Promise<BegunRetention>;
  forgetNetworkData(input: { day: string }): Promise<Turn>;
  dropMonths(input: { day: string }): Promise<Turn>;
  removeRows(input: { day: string }): Promise<Turn>;
  finishRetention(input: { day: string }): Promise<FinishedRetention>;
};

export type ActivityDeps = SendDueDeps & RetentionDeps & PeaksDeps & ImportDeps & SettleSmsDeps & RunsDeps & SettleReferralDeps & SweepRewardsDeps & SweepPushesDeps & FindStreaksDeps & SealDeps & PayoutDeps & DeliverDeps & ReportDeps;

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
    queueRunMessage: (input) => plainly(() => queueRunMessage(deps, input)),
    withdrawRunMessage: (input) => plainly(() => withdrawRunMessage(deps, input)),
    tellMember: (input) => plainly(() => tellMember(deps, input)),
    lookAtBoard: (input) => plainly(() => lookAtBoard(deps, input)),
    endBoard: (input) => plainly(() => endBoard(deps, input)),
    grantRun: (input) => plainly(() => grantRun(deps, input)),
    settleReferral: (input) => plainly(() => settle(input)),
    sweepDueRewards: (input) => plainly(() => sweepDueRewards(deps, input)),
    sweepDuePushes: (input) => plainly(() => sweepDuePushes(deps, input)),
    findStreaksAtRisk: (input) => plainly(() => findStreaksAtRisk(deps, input)),
    sealLedgers: (input) => plainly(() => sealLedgers(deps, input)),
    handOverPayout: (input) => plainly(() => handOverPayout(deps, input)),
    reconcilePayout: (input) => plainly(() => reconcilePayout(deps, input)),
    deliverDue: (input) => plainly(() => deliverDue(deps, input)),
    findReportWeek: (input) => plainly(() => findReportWeek(deps, input)),
    makeWeeklyReport: (input) => plainly(() => makeWeeklyReport(deps, input)),
    sendReportMails: (input) => plainly(() => sendReportMails(deps, input)),
    makePartitions: (input) => plainly(() => makePartitions(deps, input)),
    beginRetention: () => plainly(() => beginRetention(deps)),
    forgetNetworkData: (input) => plainly(() => forgetNetworkData(deps, input)),
    dropMonths: (input) => plainly(() => dropMonths(deps, input)),
    removeRows: (input) => plainly(() => removeRows(deps, input)),
    finishRetention: (input) => plainly(() => finishRetention(deps, input)),
  };
}
