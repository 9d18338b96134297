import PDFDocument from 'pdfkit';
import type { Counted, WeeklyReport } from '../../domain/report/report.ts';
import { loopTitle, sayingOf, sayReport, type SaidRow } from '../../domain/report/say-report.ts';
import { reportWords, type ReportLanguage } from '../../domain/report/words/report-language.ts';
import type { ReportWords } from '../../domain/report/words/report-words.ts';
import { drawLine, type Paper } from './draw-line.ts';
import { ALPHABETS, fontFile, piecesOf, type Weight } from './fonts.ts';
import { COLOURS, dayLines, NAME_WIDTH, pairedBars, type Box } from './report-charts.ts';

/** Who the report is about, what its own units are called, and in which language it is read. */
export type PdfOptions = { readonly language: ReportLanguage; readonly tenantName: string; readonly unitTitles: ReadonlyMap<string, string> };

const MARGIN = 42;
const A4 = { width: 595.28, height: 841.89 };
const WIDTH = A4.width - 2 * MARGIN;
/** The rest stands in the tables alone. */
const LOOPS_DRAWN = 12;

/** A report as a PDF on A4, with charts drawn as lines and embedded fonts. The same report gives the same bytes: its date is the report's. */
export async function writeReportPdf(report: WeeklyReport, { language, tenantName, unitTitles }: PdfOptions): Promise<Buffer> {
  const words = reportWords(language);
  const said = sayReport(report, unitTitles, language);
  const made = new Date(report.madeAt);
  const paper = new PDFDocument({
    size: 'A4', margin: MARGIN, lang: language, displayTitle: true,
    info: { Title: `${tenantName}: ${said.title}`, Creator: 'Flywheel', Producer: 'Flywheel', CreationDate: made, ModDate: made },
  });
  const pieces: Buffer[] = [];
  paper.on('data', (piece: Buffer) => { pieces.push(piece); });
  const ended = new Promise<void>((resolve, reject) => { paper.on('end', resolve); paper.on('error', reject); });
  for (const alphabet of ALPHABETS) for (const weight of ['regular', 'bold'] as const) paper.registerFont(`${alphabet} ${weight}`, fontFile(alphabet, weight));

  write(paper, tenantName, { size: 11, colour: COLOURS.quiet });
  write(paper, said.title, { size: 22, weight: 'bold' });
  write(paper, said.period, { size: 11, colour: COLOURS.quiet });
  paper.moveDown(0.8);
  headlines(paper, said.headline);
  drawCharts(paper, report, language);
  const { headings } = words;
  rowsOf(paper, headings.all, said.totals, words);
  rowsOf(paper, headings.amounts, said.amounts, words);
  for (const { title, rows } of said.loops) rowsOf(paper, title, rows, words);
  if (said.referrers.length > 0) {
    heading(paper, headings.referrers, 30);
    said.referrers.forEach(({ externalId, result }, place) => { write(paper, `${String(place + 1)}. ${externalId.slice(0, 60)}: ${result}`, { size: 9 }); });
  }
  heading(paper, headings.read, 60);
  for (const note of said.notes) write(paper, note, { size: 8, colour: COLOURS.quiet });
  paper.end();
  await ended;
  return Buffer.concat(pieces);
}

function drawCharts(paper: Paper, report: WeeklyReport, language: ReportLanguage): void {
  const { counted, activeMembers, headings, columns, locale } = reportWords(language);
  const say = sayingOf(language).count;
  const weekdays = new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: 'UTC' });
  const axes = { say, weekday: (day: string) => weekdays.format(new Date(`${day}T00:00:00Z`)) };
  section(paper, headings.pairs, 190, (box) => {
    legend(paper, box, [columns.now, columns.before]);
    pairedBars(paper, { ...box, y: box.y + 14, height: box.height - 14 }, [
      ...(['invites', 'clicks', 'signUps', 'firstValues', 'conversions'] as const).map((name) => ({ name: counted[name], ...report.totals[name] })),
      { name: activeMembers, ...report.activeMembers },
    ], { sameScale: false, say });
  });
  const lines = (title: string, first: Counted, second: Counted): void => {
    section(paper, title, 150, (box) => {
      dayLines(paper, box, report.days, [
        { figure: first, name: counted[first], colour: COLOURS.now, dashed: false },
        { figure: second, name: counted[second], colour: COLOURS.second, dashed: true },
      ], axes);
    });
  };
  lines(headings.people, 'signUps', 'firstValues');
  lines(headings.traffic, 'invites', 'clicks');
  const loops = report.loops.toSorted((a, b) => b.firstValues.now - a.firstValues.now).slice(0, LOOPS_DRAWN);
  if (loops.length === 0) return;
  section(paper, headings.perLoop, 22 + 24 * loops.length, (box) => {
    pairedBars(paper, box, loops.map(({ loop, firstValues }) => ({ name: loopTitle(loop, language), ...firstValues })), { sameScale: true, say });
  });
}

type Look = { readonly size: number; readonly weight?: Weight; readonly colour?: string };

/** A paragraph at the margin, each alphabet in its font. */
function write(paper: Paper, text: string, { size, weight = 'regular', colour = COLOURS.ink }: Look): void {
  const pieces = piecesOf(text);
  paper.fillColor(colour).fontSize(size);
  paper.x = MARGIN;
  pieces.forEach(({ alphabet, text: piece }, place) => {
    paper.font(`${alphabet} ${weight}`).text(piece, { width: WIDTH, continued: place < pieces.length - 1 });
  });
  paper.font('latin regular');
}

function headlines(paper: Paper, all: readonly { readonly name: string; readonly value: string; readonly detail: string }[]): void {
  const [top, width] = [paper.y, WIDTH / Math.max(1, all.length)];
  let lowest = top;
  all.forEach(({ name, value, detail }, place) => {
    const x = MARGIN + place * width;
    paper.font('latin bold').fillColor(COLOURS.quiet).fontSize(9).text(name, x, top, { width: width - 12 });
    paper.font('latin bold').fillColor(COLOURS.ink).fontSize(26).text(value, x, paper.y, { width: width - 12 });
    paper.font('latin regular').fillColor(COLOURS.quiet).fontSize(8.5).text(detail, x, paper.y, { width: width - 12 });
    lowest = Math.max(lowest, paper.y);
  });
  paper.y = lowest;
}

/** On a page of its own where this one has no room for it. */
function section(paper: Paper, title: string, height: number, draw: (box: Box) => void): void {
  heading(paper, title, height);
  const box = { x: MARGIN, y: paper.y + 4, width: WIDTH, height };
  draw(box);
  paper.x = MARGIN;
  paper.y = box.y + height;
}

function heading(paper: Paper, title: string, room: number): void {
  if (paper.y + 34 + room > A4.height - MARGIN) paper.addPage();
  else paper.moveDown(1);
  write(paper, title, { size: 12, weight: 'bold' });
}

function legend(paper: Paper, { x, y }: Box, names: readonly [now: string, before: string]): void {
  names.forEach((name, place) => {
    const left = x + NAME_WIDTH + place * 110;
    paper.rect(left, y, 8, 8).fill(place === 0 ? COLOURS.now : COLOURS.before);
    drawLine(paper, name, { x: left + 12, y: y - 1, width: 92, size: 8, colour: COLOURS.ink });
  });
}

const COLUMNS = [0.46, 0.18, 0.18, 0.18] as const;

function rowsOf(paper: Paper, title: string, rows: readonly SaidRow[], { columns }: ReportWords): void {
  if (rows.length === 0) return;
  heading(paper, title, 14 * Math.min(rows.length + 1, 12));
  tableRow(paper, ['', columns.now, columns.before, columns.change], COLOURS.quiet);
  for (const { name, now, before, change } of rows) tableRow(paper, [name, now, before, change], COLOURS.ink);
}

function tableRow(paper: Paper, cells: readonly [string, string, string, string], colour: string): void {
  if (paper.y + 14 > A4.height - MARGIN) paper.addPage();
  const top = paper.y;
  let x = MARGIN;
  cells.forEach((cell, place) => {
    const width = WIDTH * (COLUMNS[place] ?? 0);
    drawLine(paper, cell, { x, y: top, width: width - 4, size: 9, colour, align: place === 0 ? 'left' : 'right' });
    x += width;
  });
  paper.moveTo(MARGIN, top + 12.5).lineTo(MARGIN + WIDTH, top + 12.5).lineWidth(0.4).strokeColor(COLOURS.rule).stroke();
  paper.x = MARGIN;
  paper.y = top + 14;
}
