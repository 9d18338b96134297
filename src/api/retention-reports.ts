import { z } from 'zod';
import { listRetentionReports } from '../../db/read/retention-reports.ts';
import type { ReportPlace, RetentionReport } from '../../db/read/retention-reports.ts';
import { REPORTED_TABLES } from '../../db/schema/retention.ts';
import { instantOut, isoOrNull } from './fields.ts';
import { makePage, pageOf, pageQuery, readCursor } from './paging.ts';
import { problem } from './problems.ts';
import { none, route } from './route.ts';
import type { Route } from './route.ts';

const LIST = 'retention-reports';

const reportOut = z.object({
  day: z.iso.date().meta({ description: 'The day (UTC) of the run' }),
  table: z.enum(REPORTED_TABLES).meta({ description: 'Touches are clicks and views, receipts the vendors\' proofs, decisions the audit; run_facts what closed runs were told, webhook_sequences the numbers of events of referrals that are over' }),
  rowsRemoved: z.int(),
  partitionsDropped: z.int().meta({ description: 'Months that went as a whole; their rows are counted in `rowsRemoved`' }),
  networkDataRemoved: z.int().meta({ description: 'Touches older than 90 days that lost visitor and network' }),
  oldestKeptAt: instantOut.nullable().meta({ description: 'When the oldest row was recorded that is left; null: none is, or the table is not kept by the month' }),
}).meta({ id: 'RetentionReport' });

const list = route({
  method: 'get',
  path: '/v1/retention-reports',
  tag: 'Audit',
  summary: 'List what was removed because its time was over, newest first',
  description: 'One report a day and table; of imports, run_facts and webhook_sequences where some were removed. What is older than your tenant\'s `retentionMonths` goes by the month: never younger than the term, at most a month older.',
  params: none,
  query: z.strictObject(pageQuery),
  body: none,
  keyed: false,
  answers: { 200: pageOf(reportOut) },
  problems: ['invalid_cursor'],
  async handle({ tx, tenantId, query: { limit, cursor } }) {
    const after = readCursor(LIST, cursor, (parts) => placeOf(parts) !== null);
    if (after === null) return problem('invalid_cursor');
    const rows = await listRetentionReports(tx, tenantId, { after: after === undefined ? null : placeOf(after), limit: limit + 1 });
    return { status: 200, body: makePage(LIST, rows, limit, { item: reportBody, after: ({ day, table }) => [day, table] }) };
  },
});

function reportBody({ oldestKeptAt, ...report }: RetentionReport): z.input<typeof reportOut> {
  return { ...report, oldestKeptAt: isoOrNull(oldestKeptAt) };
}

function placeOf([day = '', table = '', ...more]: readonly string[]): ReportPlace | null {
  return day.startsWith('2') && z.iso.date().safeParse(day).success && table !== '' && more.length === 0 ? { day, table } : null;
}

export const retentionReportRoutes: readonly Route[] = [list];
