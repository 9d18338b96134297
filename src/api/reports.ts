import { z } from 'zod';
import { listReports, readReport, readReportSender } from '../../db/read/reports.ts';
import { askForReport, isLargeCount } from '../../db/write/reports/ask-for-report.ts';
import { COUNTED_WEEKS, makeReport, partsToCount } from '../../db/write/reports/make-report.ts';
import { isIsoWeek } from '../domain/report/iso-week.ts';
import { REPORT_LANGUAGES } from '../domain/report/words/report-language.ts';
import { dueWeek } from '../domain/report/week-times.ts';
import { writeReportPdf } from '../providers/pdf/write-report-pdf.ts';
import { makePage, pageOf, pageQuery, readCursor } from './paging.ts';
import { problem } from './problems.ts';
import { reportBody, reportOut, weekIn, weekInPath } from './reports-body.ts';
import { none, route } from './route.ts';
import type { Route } from './route.ts';

const tag = 'Reports';
const LIST = 'reports';
const params = z.strictObject({ week: weekInPath });

const make = route({
  method: 'post',
  path: '/v1/reports',
  tag,
  summary: 'Make the report of a week now',
  description: `Counts the days of the week and of the week before anew and keeps the report, which \`GET /v1/reports/{week}\` then reads. The running week gives its figures so far; up to ${String(COUNTED_WEEKS)} weeks before it are counted anew, older ones stand as they were counted. No mail goes out: those of Monday 09:00 do, and from then on a report stays as it was mailed.`,
  params: none,
  query: none,
  body: z.strictObject({ week: weekIn.optional().meta({ description: 'Left out: the last one whose Monday report is due' }) }).meta({ examples: [{ week: '2026-W23' }] }),
  keyed: true,
  costs: { flow: 'previews' },
  answers: { 200: reportOut, 202: z.object({ week: z.string(), state: z.literal('counting') }).meta({ description: 'There is much to count: a run does it. `GET /v1/reports/{week}` has it when it is made, in a few minutes' }) },
  problems: ['invalid_request'],
  async handle({ tx, tenantId, now, body }) {
    const week = body.week ?? dueWeek(now, (await readReportSender(tx, tenantId)).zone);
    if (await isLargeCount(tx, tenantId, await partsToCount(tx, { tenantId, week, now }))) {
      if ((await askForReport(tx, { tenantId, week })) === 'too_many') return problem('invalid_request', { errors: [{ path: '/week', message: 'As many reports are being made as may be at once. Ask again when one is there.' }] });
      return { status: 202, body: { week, state: 'counting' as const } };
    }
    const made = await makeReport(tx, { tenantId, week, now, mail: false });
    switch (made.outcome) {
      case 'made':
      case 'stands': return { status: 200, body: reportBody(made) };
      case 'not_begun': return problem('invalid_request', { errors: [{ path: '/week', message: 'This week has not begun. Give the running week or one before it.' }] });
      case 'too_long_ago': return problem('invalid_request', { errors: [{ path: '/week', message: `No report of this week was made, and it is too long ago to count it now. Give the running week or one of the ${String(COUNTED_WEEKS)} before it.` }] });
    }
  },
});

const list = route({
  method: 'get',
  path: '/v1/reports',
  tag,
  summary: 'List weekly reports, newest first',
  description: 'Those that were made: each Monday at 09:00 in your tenant\'s zone about the week before, and on request.',
  params: none,
  query: z.strictObject(pageQuery),
  body: none,
  keyed: false,
  answers: { 200: pageOf(reportOut) },
  problems: ['invalid_cursor'],
  async handle({ tx, tenantId, query: { limit, cursor } }) {
    const after = readCursor(LIST, cursor, ([week = '', ...more]) => isIsoWeek(week) && more.length === 0);
    if (after === null) return problem('invalid_cursor');
    const [week = ''] = after ?? [];
    const rows = await listReports(tx, tenantId, { before: isIsoWeek(week) ? week : null, limit: limit + 1 });
    return { status: 200, body: makePage(LIST, rows, limit, { item: reportBody, after: ({ report }) => [report.week] }) };
  },
});

const get = route({
  method: 'get',
  path: '/v1/reports/{week}',
  tag,
  summary: 'Read the report of a week',
  description: 'Figures of all loops and of each, against the week before; K at sign-up and at first value with numerator, denominator and interval.',
  params,
  query: none,
  body: none,
  keyed: false,
  answers: { 200: reportOut },
  problems: ['not_found'],
  async handle({ tx, tenantId, params: { week } }) {
    const kept = await readReport(tx, tenantId, week);
    return kept === null ? problem('not_found', { detail: 'No report of this week was made, or it is being counted. Make it with POST /v1/reports.' }) : { status: 200, body: reportBody(kept) };
  },
});

const pdf = route({
  method: 'get',
  path: '/v1/reports/{week}/pdf',
  tag,
  summary: 'Fetch the report of a week as a PDF with charts',
  description: 'What goes out beside Monday\'s mail, to the byte: the same report in the same language gives the same file.',
  params,
  query: z.strictObject({ language: z.enum(REPORT_LANGUAGES).default('en') }),
  body: none,
  keyed: false,
  costs: { flow: 'previews' },
  download: 'application/pdf',
  answers: { 200: z.unknown().meta({ type: 'string', format: 'binary', description: 'The report, A4' }) },
  problems: ['not_found'],
  async handle({ tx, tenantId, params: { week }, query: { language } }) {
    const kept = await readReport(tx, tenantId, week);
    if (kept === null) return problem('not_found', { detail: 'No report of this week was made. Make it with POST /v1/reports.' });
    const { name: tenantName, unitTitles } = await readReportSender(tx, tenantId);
    return { status: 200, body: { kind: 'download', mediaType: 'application/pdf', fileName: `report-${week}.pdf`, async *pieces() { yield await writeReportPdf(kept.report, { language, tenantName, unitTitles }); } } };
  },
});

export const reportRoutes: readonly Route[] = [make, list, get, pdf];
