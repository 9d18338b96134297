import { auditRoutes } from './audit.ts';
import { billingRoutes } from './billing.ts';
import { deliveryEventRoutes } from './delivery-events.ts';
import { embedTokenRoutes } from './embed-tokens.ts';
import { eventRoutes } from './events.ts';
import { feedChangeRoutes } from './feed-changes.ts';
import { feedFigureRoutes } from './feed-figures.ts';
import { feedRoutes } from './feed.ts';
import { hardStopRoutes } from './hard-stops.ts';
import { importRoutes } from './imports.ts';
import { explainRoutes } from './explain.ts';
import { explainReferralRoutes } from './explain-referral.ts';
import { inviteRoutes } from './invites.ts';
import { ledgerRoutes } from './ledger.ts';
import { ledgerVerificationRoutes } from './ledger-verification.ts';
import { linkRoutes } from './links.ts';
import { memberTokenRoutes } from './member-tokens.ts';
import { memberRoutes } from './members.ts';
import { preferenceRoutes } from './preferences.ts';
import { programClosingRoutes } from './program-closing.ts';
import { payoutBatchRoutes } from './payout-batches.ts';
import { payoutPayeeRoutes } from './payout-payees.ts';
import { payoutRailRoutes } from './payout-rail.ts';
import { payoutRoutes } from './payouts.ts';
import { programEvaluateRoutes } from './program-evaluate.ts';
import { programPromptResultRoutes } from './program-prompt-results.ts';
import { programPreviewRoutes } from './program-preview.ts';
import { programVersionRoutes } from './program-versions.ts';
import { peakTimeRoutes } from './peak-times.ts';
import { programRoutes } from './programs.ts';
import { promptRoutes } from './prompts.ts';
import { referralGraphRoutes } from './referral-graph.ts';
import { referralRoutes } from './referrals.ts';
import { referralSummaryRoutes } from './referral-page-summary.ts';
import { reportRoutes } from './reports.ts';
import { reportRecipientRoutes } from './reports-recipients.ts';
import { retentionReportRoutes } from './retention-reports.ts';
import { rewardOperationRoutes } from './rewards-operate.ts';
import { rewardRoutes } from './rewards.ts';
import type { Route } from './route.ts';
import { runStartRoutes } from './run-start.ts';
import { loopRoutes } from './loops.ts';
import { runRoutes } from './runs.ts';
import { rallyBoardRoutes } from './rally-board.ts';
import { runShareRoutes } from './run-share.ts';
import { sendTimeRoutes } from './send-times.ts';
import { statementRoutes } from './statements.ts';
import { streakPreviewRoutes } from './streaks-preview.ts';
import { streakRoutes } from './streaks.ts';
import { suppressionRoutes } from './suppressions.ts';
import { tenantUnitRoutes } from './tenant-units.ts';
import { tenantRoutes } from './tenant.ts';
import { webhookDeliveryRoutes } from './webhook-deliveries.ts';
import { webhookEndpointRoutes } from './webhook-endpoints.ts';

/** Every route under /v1. A more exact path stands before one with a parameter in its place. */
export const routes: readonly Route[] = [
  ...memberRoutes,
  ...embedTokenRoutes,
  ...memberTokenRoutes,
  ...referralSummaryRoutes,
  ...eventRoutes,
  ...programRoutes,
  ...programClosingRoutes,
  ...peakTimeRoutes,
  ...programVersionRoutes,
  ...programPreviewRoutes,
  ...programEvaluateRoutes,
  ...promptRoutes,
  ...programPromptResultRoutes,
  ...sendTimeRoutes,
  ...inviteRoutes,
  ...importRoutes,
  ...linkRoutes,
  ...referralRoutes,
  ...referralGraphRoutes,
  ...explainRoutes,
  ...explainReferralRoutes,
  ...deliveryEventRoutes,
  ...ledgerRoutes,
  ...ledgerVerificationRoutes,
  ...statementRoutes,
  ...streakPreviewRoutes,
  ...streakRoutes,
  ...preferenceRoutes,
  ...suppressionRoutes,
  ...feedChangeRoutes,
  ...feedFigureRoutes,
  ...feedRoutes,
  ...hardStopRoutes,
  ...payoutRailRoutes,
  ...payoutPayeeRoutes,
  ...payoutBatchRoutes,
  ...payoutRoutes,
  ...rewardRoutes,
  ...rewardOperationRoutes,
  ...tenantUnitRoutes,
  ...loopRoutes,
  ...runStartRoutes,
  ...runRoutes,
  ...runShareRoutes,
  ...rallyBoardRoutes,
  ...tenantRoutes,
  ...billingRoutes,
  ...webhookDeliveryRoutes,
  ...webhookEndpointRoutes,
  ...reportRoutes,
  ...reportRecipientRoutes,
  ...auditRoutes,
  ...retentionReportRoutes,
];
