import { piecesOf, type Weight } from './fonts.ts';

/** A page that takes lines, bars and words. */
export type Paper = PDFKit.PDFDocument;
export type LineLook = { readonly x: number; readonly y: number; readonly width: number; readonly size: number; readonly colour: string; readonly weight?: Weight; readonly align?: 'left' | 'center' | 'right' };

/** Nothing longer fits into any line. */
const LONGEST = 200;

/** One line at a place, each alphabet in its own font; what does not fit into its width is cut and ends in an ellipsis. */
export function drawLine(paper: Paper, text: string, { x, y, width, size, colour, weight = 'regular', align = 'left' }: LineLook): void {
  paper.fontSize(size).fillColor(colour);
  const { shown, room } = fitted(paper, text.slice(0, LONGEST), width, weight);
  let at = x + (align === 'left' ? 0 : align === 'right' ? room : room / 2);
  for (const piece of piecesOf(shown)) {
    paper.font(`${piece.alphabet} ${weight}`).text(piece.text, at, y, { lineBreak: false });
    at += paper.widthOfString(piece.text);
  }
  paper.font('latin regular');
}

/** Cut in proportion first: measuring is what costs. */
function fitted(paper: Paper, text: string, width: number, weight: Weight): { readonly shown: string; readonly room: number } {
  const whole = widthOf(paper, text, weight);
  if (whole <= width) return { shown: text, room: width - whole };
  for (let length = Math.floor((text.length * width) / whole); length > 0; length -= 1) {
    const shown = `${text.slice(0, length).trimEnd()}…`;
    const room = width - widthOf(paper, shown, weight);
    if (room >= 0) return { shown, room };
  }
  return { shown: '', room: width };
}

function widthOf(paper: Paper, text: string, weight: Weight): number {
  let width = 0;
  for (const { alphabet, text: piece } of piecesOf(text)) width += paper.font(`${alphabet} ${weight}`).widthOfString(piece);
  return width;
}
