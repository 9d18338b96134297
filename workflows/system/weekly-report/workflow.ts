import { proxyActivities, setCurrentDetails } from '@temporalio/workflow';
import type { Activities } from '../../../activities/create-activities.ts';
import type { ScheduledReportInput, WeeklyReportInput } from './contract.ts';

const { findReportWeek } = proxyActivities<Activities>({
  startToCloseTimeout: '10 seconds',
  summary: 'finds the week that this Monday is about',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '5 minutes' },
});
const { makeWeeklyReport } = proxyActivities<Activities>({
  // Counting two weeks of a very large tenant takes minutes, part by part: each tells that it is done, and the next try goes on there. Nothing is given up.
  startToCloseTimeout: '1 hour',
  heartbeatTimeout: '2 minutes',
  summary: 'counts, composes and keeps the report, and puts out its mails',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '5 minutes' },
});
const { sendReportMails } = proxyActivities<Activities>({
  // A turn is 20 s of mails, each waited for as long as a mail server may take.
  startToCloseTimeout: '5 minutes',
  heartbeatTimeout: '3 minutes',
  summary: 'sends the mails of reports that are due',
  // What is left is due again within the minute.
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumAttempts: 3 },
});

export type WeeklyReportOutcome = { outcome: 'put_out' | 'put_out_before' | 'made' | 'too_long_ago' | 'not_begun'; mails: number; sent: number };

/** One tenant's Monday: counts part by part, composes and keeps the report, puts out its mails; then sends them. A week that was put out is left as it is. */
export async function weeklyReport(asked: WeeklyReportInput | ScheduledReportInput): Promise<WeeklyReportOutcome> {
  const input: WeeklyReportInput = 'week' in asked ? asked : { tenantId: asked.tenantId, ...(await findReportWeek({ tenantId: asked.tenantId })) };
  const made = await makeWeeklyReport(input);
  const { sent } = made.mails > 0 ? await sendReportMails({ tenantId: input.tenantId }) : { sent: 0 };
  setCurrentDetails(`**${input.week}** of \`${input.tenantId}\`: ${made.outcome.replaceAll('_', ' ')}, ${String(sent)} of ${String(made.mails)} mails sent.`);
  return { outcome: made.outcome, mails: made.mails, sent };
}

export type ReportMailsOutcome = { outcome: 'looked'; sent: number };

/** The run of every minute: questions whether somebody wants reports, and mails that had to be put off. */
export async function reportMails(): Promise<ReportMailsOutcome> {
  const { sent } = await sendReportMails({ tenantId: null });
  setCurrentDetails(`**${String(sent)} mails** sent.`);
  return { outcome: 'looked', sent };
}
