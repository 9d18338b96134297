import type { PutOutReport } from '../../activities/reports/make-weekly-report.ts';
import { makeId } from '../../src/domain/ids.ts';
import { REPORT_MAILS_WORKFLOW, WEEKLY_REPORT_WORKFLOW, type ScheduledReportInput, type WeeklyReportInput } from '../../workflows/system/weekly-report/contract.ts';
import type { reportMails, weeklyReport, WeeklyReportOutcome } from '../../workflows/system/weekly-report/workflow.ts';
import { openVirtualTime, type VirtualTime } from '../support/loops.ts';

const INPUT: WeeklyReportInput = { tenantId: makeId('tnt', 1_780_000_000_000, new Uint8Array(10).fill(5)), week: '2026-W23' };
let time: VirtualTime;
beforeAll(async () => { time = await openVirtualTime(); });
afterAll(() => time.close());

/** One Monday, with what each activity does. `asked`: whose mails were to be sent. */
async function run(make: () => Promise<PutOutReport>): Promise<{ outcome: WeeklyReportOutcome; asked: (string | null)[] }> {
  const asked: (string | null)[] = [];
  const sendReportMails = async ({ tenantId }: { tenantId: string | null }) => { asked.push(tenantId); return { sent: 2 }; };
  const outcome = await time.withWorker({ makeWeeklyReport: make, sendReportMails }, (taskQueue) =>
    time.env.client.workflow.execute<typeof weeklyReport>(WEEKLY_REPORT_WORKFLOW, { taskQueue, workflowId: time.freshId('report'), args: [INPUT] }));
  return { outcome, asked };
}

test('a report is put out, then its tenant\'s mails are sent', async () => {
  expect(await run(async () => ({ outcome: 'put_out', mails: 2 }))).toEqual({ outcome: { outcome: 'put_out', mails: 2, sent: 2 }, asked: [INPUT.tenantId] });
});

test.each<[string, PutOutReport]>([
  ['nobody opted in', { outcome: 'put_out', mails: 0 }],
  ['it was put out before', { outcome: 'put_out_before', mails: 0 }],
])('no mail is sent where %s', async (_name, made) => {
  expect(await run(async () => made)).toEqual({ outcome: { outcome: made.outcome, mails: 0, sent: 0 }, asked: [] });
});

test('a run that a Schedule starts finds its week once, and makes that one however long counting takes', async () => {
  const found: string[] = [];
  const made: string[] = [];
  const input: ScheduledReportInput = { tenantId: INPUT.tenantId };
  const outcome = await time.withWorker({
    findReportWeek: async ({ tenantId }) => { found.push(tenantId); return { week: INPUT.week }; },
    makeWeeklyReport: async ({ tenantId, week }) => {
      made.push(`${tenantId} ${week}`);
      if (made.length === 1) throw new Error('the database is away');
      return { outcome: 'put_out_before', mails: 0 };
    },
  }, (taskQueue) => time.env.client.workflow.execute<typeof weeklyReport>(WEEKLY_REPORT_WORKFLOW, { taskQueue, workflowId: time.freshId('report'), args: [input] }));
  expect(outcome).toEqual({ outcome: 'put_out_before', mails: 0, sent: 0 });
  expect([found, made]).toEqual([[INPUT.tenantId], [`${INPUT.tenantId} ${INPUT.week}`, `${INPUT.tenantId} ${INPUT.week}`]]);
});

test('counting that fails is tried again until it is done', async () => {
  let tries = 0;
  const { outcome } = await run(async () => {
    tries += 1;
    if (tries < 4) throw new Error('the database is away');
    return { outcome: 'put_out', mails: 1 };
  });
  expect([outcome.outcome, tries]).toEqual(['put_out', 4]);
});

test('the run of every minute sends what waits of all tenants', async () => {
  const asked: (string | null)[] = [];
  const outcome = await time.withWorker({ sendReportMails: async ({ tenantId }) => { asked.push(tenantId); return { sent: 3 }; } }, (taskQueue) =>
    time.env.client.workflow.execute<typeof reportMails>(REPORT_MAILS_WORKFLOW, { taskQueue, workflowId: time.freshId('report-mails'), args: [] }));
  expect([outcome, asked]).toEqual([{ outcome: 'looked', sent: 3 }, [null]]);
});
