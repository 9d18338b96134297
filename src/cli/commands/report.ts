import { writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { readReportSender } from '../../../db/read/reports.ts';
import { COUNTED_WEEKS, makeReport, partsToCount } from '../../../db/write/reports/make-report.ts';
import { rollUpPart } from '../../../db/write/reports/roll-up.ts';
import { writeReportPdf } from '../../providers/pdf/write-report-pdf.ts';
import type { TenantId } from '../../domain/ids.ts';
import { isIsoWeek, type IsoWeek } from '../../domain/report/iso-week.ts';
import type { WeeklyReport } from '../../domain/report/report.ts';
import { sayReport, type SaidRow } from '../../domain/report/say-report.ts';
import { REPORT_LANGUAGES, reportWords, type ReportLanguage } from '../../domain/report/words/report-language.ts';
import { dueWeek } from '../../domain/report/week-times.ts';
import { command, done, failed, type Failed } from '../command.ts';
import type { Context } from '../context.ts';
import { id, value } from '../fields.ts';
import { tenantsToAsk } from '../tenant-access.ts';
import { table } from '../text/table.ts';

const weekText = z.string().transform((given, context): IsoWeek => {
  if (isIsoWeek(given)) return given;
  context.addIssue({ code: 'custom', message: 'must be a week by ISO 8601, as in 2026-W23' });
  return z.NEVER;
});

type Made = { readonly report: WeeklyReport; readonly shown: Shown };
/** A report with its instants as text. */
type Shown = Omit<WeeklyReport, 'startsAt' | 'endsAt' | 'madeAt'> & { readonly tenantId: TenantId; readonly tenant: string; readonly startsAt: string; readonly endsAt: string; readonly madeAt: string; readonly mailedAt: string | null; /** What the tenant calls its own units. */ readonly units: Readonly<Record<string, string>> };

export const report = command({
  name: 'report',
  summary: 'make the weekly report now',
  description: 'Counts a week of one tenant, or of each in turn, anew from the facts, keeps the report and prints it; with --pdf it writes the PDF with charts, too. No mail goes out: those of Monday 09:00 do. A report that was mailed stays as it was mailed.',
  examples: [
    { line: 'npx flywheel report', does: 'the last week that is over for each tenant' },
    { line: 'npx flywheel report tnt_01kx7m3p9q2r4s5t6v7w8x9y0z --week 2026-W23 --pdf report.pdf', does: 'a week of one tenant, with its PDF' },
  ],
  args: z.strictObject({ tenant: value('tenant id', 'whose report; left out: everybody\'s', id('tnt').optional()) }),
  options: z.strictObject({
    week: value('week', 'which week, as in 2026-W23; left out: the last whose Monday report is due', weekText.optional()),
    language: value('language', `in which it is said and drawn: ${REPORT_LANGUAGES.join(', ')}`, z.enum(REPORT_LANGUAGES).default('en')),
    pdf: value('file', 'where to write the PDF; for one tenant', z.string().min(1, 'must not be empty').optional()),
  }),
  limitMs: null,
  async run({ context, args: { tenant }, options: { week, pdf, language } }) {
    const tenants = await tenantsToAsk(context, tenant);
    if (tenants.kind === 'failed') return tenants;
    if (pdf !== undefined && tenants.value.length !== 1) return failed('A PDF is of one tenant.', 'Name it: npx flywheel report <tenant id> --pdf report.pdf');
    const reports: Shown[] = [];
    for (const tenantId of tenants.value) {
      const made = await makeOne(context, tenantId, week);
      if ('message' in made) return made;
      if (pdf !== undefined) await writeFile(pdf, await writeReportPdf(made.report, { language, tenantName: made.shown.tenant, unitTitles: titlesOf(made.shown) }));
      reports.push(made.shown);
    }
    return done({ reports, pdf: pdf ?? null, language });
  },
  text: ({ reports, pdf, language }) => [
    ...(reports.length === 0 ? ['There is no tenant yet.'] : reports.map((one) => reportText(one, language))),
    ...(pdf === null ? [] : [`The PDF stands in ${pdf}.`]),
  ].join('\n\n'),
});

async function makeOne(context: Context, tenantId: TenantId, asked: IsoWeek | undefined): Promise<Made | Failed> {
  const now = await context.now(context.app().sql);
  const db = context.app();
  const { name, zone, unitTitles } = await db.asTenant(tenantId, (tx) => readReportSender(tx, tenantId));
  const week = asked ?? dueWeek(now, zone);
  // Each part by itself: nobody's transaction waits for all of it.
  for (const part of await db.asTenant(tenantId, (tx) => partsToCount(tx, { tenantId, week, now }))) await db.asTenant(tenantId, (tx) => rollUpPart(tx, { tenantId, part }));
  return db.asTenant(tenantId, async (tx): Promise<Made | Failed> => {
    const made = await makeReport(tx, { tenantId, week, now, mail: false, isCounted: true });
    switch (made.outcome) {
      case 'made':
      case 'stands': return { report: made.report, shown: { ...made.report, tenantId, tenant: name, startsAt: iso(made.report.startsAt), endsAt: iso(made.report.endsAt), madeAt: iso(made.report.madeAt), mailedAt: made.mailedAt === null ? null : iso(made.mailedAt), units: Object.fromEntries(unitTitles) } };
      case 'not_begun': return failed(`That week has not begun for ${tenantId}.`, 'Give the running week or one before it.');
      case 'too_long_ago': return failed(`No report of that week was made for ${tenantId}, and it is too long ago to count it now.`, `Give the running week or one of the ${String(COUNTED_WEEKS)} before it.`);
    }
  });
}

function titlesOf({ units }: Shown): ReadonlyMap<string, string> {
  return new Map(Object.entries(units));
}

function iso(at: number): string {
  return new Date(at).toISOString();
}

function reportText(shown: Shown, language: ReportLanguage): string {
  const { headings, columns } = reportWords(language);
  const rowsText = (title: string, rows: readonly SaidRow[]): string => table([title, ...[columns.now, columns.beforeShort, columns.change].map((name) => name.toUpperCase())], rows.map(({ name, now, before, change }) => [name, now, before, change]));
  const said = sayReport({ ...shown, startsAt: Date.parse(shown.startsAt), endsAt: Date.parse(shown.endsAt), madeAt: Date.parse(shown.madeAt) }, titlesOf(shown), language);
  return [
    `${shown.tenant} (${shown.tenantId}): ${said.title}, ${said.period}${shown.mailedAt === null ? '' : '; as it was mailed'}`,
    said.headline.map(({ name, value: figure, detail }) => `${name}: ${figure}  ${detail}`).join('\n'),
    rowsText(headings.all, said.totals),
    ...(said.amounts.length === 0 ? [] : [rowsText(headings.amounts, said.amounts)]),
    ...said.loops.map(({ title, rows }) => rowsText(title, rows)),
    ...(said.referrers.length === 0 ? [] : [table([headings.referrers.toUpperCase(), ''], said.referrers.map(({ externalId, result }) => [externalId, result]))]),
    said.notes.join('\n'),
  ].join('\n\n');
}
