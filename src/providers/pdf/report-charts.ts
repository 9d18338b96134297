import type { DayFigures, Counted } from '../../domain/report/report.ts';
import { drawLine, type Paper } from './draw-line.ts';

export type Box = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };

/** Told apart by lightness too, for who prints in grey or sees colours otherwise; 3 to 1 against white at least (WCAG 2.2, 1.4.11). */
export const COLOURS = { ink: '#111827', quiet: '#4b5563', rule: '#d1d5db', now: '#1d4ed8', before: '#8b95a5', second: '#b45309' } as const;

const LABEL_HEIGHT = 14;

/** A number as the reader's language writes it. */
type Say = (value: number) => string;

/** The least "round" number that is not below the highest: 1, 2 or 5 times a power of ten. */
export function axisTop(highest: number): number {
  if (highest <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(highest));
  const factor = [1, 2, 5, 10].find((each) => each * power >= highest) ?? 10;
  return factor * power;
}

/** Where bars begin: names of all languages fit before it. */
export const NAME_WIDTH = 130;

/** Two bars for each name: this week and the week before, with their numbers. `sameScale` false: each pair has its own, where invites would hide the rest. */
export function pairedBars(paper: Paper, box: Box, pairs: readonly { readonly name: string; readonly now: number; readonly before: number | null }[], { sameScale, say }: { sameScale: boolean; say: Say }): void {
  const highest = Math.max(1, ...pairs.flatMap(({ now, before }) => [now, before ?? 0]));
  const rowHeight = box.height / Math.max(1, pairs.length);
  const [nameWidth, numberWidth] = [NAME_WIDTH, 70];
  const room = box.width - nameWidth - numberWidth;
  pairs.forEach(({ name, now, before }, place) => {
    const top = box.y + place * rowHeight;
    const most = sameScale ? highest : Math.max(1, now, before ?? 0);
    drawLine(paper, name, { x: box.x, y: top + rowHeight / 2 - 6, width: nameWidth - 8, size: 9, colour: COLOURS.ink });
    const bar = (value: number, y: number, colour: string, size: number): void => {
      const width = Math.max(value > 0 ? 1 : 0, (value / most) * room);
      paper.rect(box.x + nameWidth, y, width, size).fill(colour);
      drawLine(paper, say(value), { x: box.x + nameWidth + width + 4, y: y + size / 2 - 5, width: numberWidth, size: 8, colour: COLOURS.quiet });
    };
    bar(now, top + rowHeight * 0.14, COLOURS.now, rowHeight * 0.34);
    if (before !== null) bar(before, top + rowHeight * 0.52, COLOURS.before, rowHeight * 0.34);
  });
}

/** Lines over the seven days, with a scale of whole people; the lines differ by colour and dash, and are named. */
export function dayLines(paper: Paper, box: Box, days: readonly DayFigures[], lines: readonly { readonly figure: Counted; readonly name: string; readonly colour: string; readonly dashed: boolean }[], { say, weekday }: { say: Say; /** Of a day (`YYYY-MM-DD`), short. */ weekday: (day: string) => string }): void {
  const top = axisTop(Math.max(0, ...days.flatMap((day) => lines.map(({ figure }) => day[figure]))));
  const [left, bottom] = [box.x + 34, box.y + box.height - LABEL_HEIGHT];
  const [width, height] = [box.width - 34, box.height - LABEL_HEIGHT - LABEL_HEIGHT];
  const xOf = (place: number): number => left + (place + 0.5) * (width / Math.max(1, days.length));
  const yOf = (value: number): number => bottom - (value / top) * height;
  for (const value of top === 1 ? [0, 1] : [0, top / 2, top]) {
    paper.moveTo(left, yOf(value)).lineTo(left + width, yOf(value)).lineWidth(0.5).strokeColor(COLOURS.rule).stroke();
    drawLine(paper, say(value), { x: box.x, y: yOf(value) - 5, width: 28, size: 8, colour: COLOURS.quiet, align: 'right' });
  }
  days.forEach(({ day }, place) => {
    drawLine(paper, weekday(day), { x: xOf(place) - 15, y: bottom + 4, width: 30, size: 8, colour: COLOURS.quiet, align: 'center' });
  });
  lines.forEach(({ figure, name, colour, dashed }, nth) => {
    paper.lineWidth(1.8).strokeColor(colour);
    if (dashed) paper.dash(4, { space: 3 });
    days.forEach((day, place) => { if (place === 0) paper.moveTo(xOf(0), yOf(day[figure])); else paper.lineTo(xOf(place), yOf(day[figure])); });
    paper.stroke().undash();
    days.forEach((day, place) => { paper.circle(xOf(place), yOf(day[figure]), 2.2).fill(colour); });
    const legend = left + nth * 150;
    paper.lineWidth(1.8).strokeColor(colour);
    if (dashed) paper.dash(4, { space: 3 });
    paper.moveTo(legend, box.y + 4).lineTo(legend + 18, box.y + 4).stroke().undash();
    drawLine(paper, name, { x: legend + 22, y: box.y - 1, width: 124, size: 8, colour: COLOURS.ink });
  });
}
