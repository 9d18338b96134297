import type { TenantId } from '../src/domain/ids.ts';
import { takeImportRows, type ImportDeps, type ImportTurn } from './imports/take-rows.ts';
import { withPlainFailures } from './plain-failure.ts';
import { sendDue, type SendDueDeps, type SendDueInput, type SendDueReport } from './messages/send-due.ts';
import { settleUnknownSms, type SettleSmsDeps, type SettleSmsTurn } from './messages/settle-unknown-sms.ts';
import { learnPeaks, type PeaksDeps, type PeaksTurn } from './peaks/learn-peaks.ts';
import { beginRetention, type BegunRetention } from './retention/begin-retention.ts';
import type { RetentionDeps, Turn } from './retention/deps.ts';
import { dropMonths } from './retention/drop-months.ts';
import { finishRetention, type FinishedRetention } from './retention/finish-retention.ts';
import { forgetNetworkData } from './retention/forget-network-data.ts';
import { makePartitions } from './retention/make-partitions.ts';
import { removeRows } from './retention/remove-rows.ts';

/** Everything workflows may call, built once per worker from what it needs. */
export type Activities = {
  sendDue(input: SendDueInput): Promise<SendDueReport>;
  takeImportRows(input: { tenantId: string; importId: string }): Promise<ImportTurn>;
  settleUnknownSms(input: { after: TenantId | null }): Promise<SettleSmsTurn>;
  learnPeaks(input: { after: TenantId | null }): Promise<PeaksTurn>;
  makePartitions(input: { monthsAhead: number }): Promise<{ made: number }>;
  beginRetention(): Promise<BegunRetention>;
  forgetNetworkData(input: { day: string }): Promise<Turn>;
  dropMonths(input: { day: string }): Promise<Turn>;
  removeRows(input: { day: string }): Promise<Turn>;
  finishRetention(input: { day: string }): Promise<FinishedRetention>;
};

export type ActivityDeps = SendDueDeps & RetentionDeps & PeaksDeps & ImportDeps & SettleSmsDeps;

export function createActivities(deps: ActivityDeps): Activities {
  const plainly = <T>(work: () => Promise<T>): Promise<T> => withPlainFailures(deps.log, work);
  return {
    sendDue: (input) => plainly(() => sendDue(deps, input)),
    takeImportRows: (input) => plainly(() => takeImportRows(deps, input)),
    settleUnknownSms: (input) => plainly(() => settleUnknownSms(deps, input)),
    learnPeaks: (input) => plainly(() => learnPeaks(deps, input)),
    makePartitions: (input) => plainly(() => makePartitions(deps, input)),
    beginRetention: () => plainly(() => beginRetention(deps)),
    forgetNetworkData: (input) => plainly(() => forgetNetworkData(deps, input)),
    dropMonths: (input) => plainly(() => dropMonths(deps, input)),
    removeRows: (input) => plainly(() => removeRows(deps, input)),
    finishRetention: (input) => plainly(() => finishRetention(deps, input)),
  };
}
