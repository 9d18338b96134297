import { DAY_MINUTES } from './parse-time.ts';

/** Minutes of one local day, `start` included, `end` not. */
export type Piece = { readonly start: number; readonly end: number };

export const WHOLE_DAY: readonly Piece[] = [{ start: 0, end: DAY_MINUTES }];

/** The minutes in any of the pieces, as ordered pieces that do not touch. Takes them in any order. */
export function unionOf(pieces: readonly Piece[]): readonly Piece[] {
  if (pieces.length < 2) return pieces;
  const joined: Piece[] = [];
  let start = Number.POSITIVE_INFINITY;
  let end = Number.NEGATIVE_INFINITY;
  for (const piece of [...pieces].sort((one, other) => one.start - other.start)) {
    if (piece.start > end && start < end) joined.push({ start, end });
    if (piece.start > end) start = piece.start;
    end = Math.max(end, piece.end);
  }
  joined.push({ start, end });
  return joined;
}

/** The minutes in both of two ordered lists of pieces. */
export function intersectionOf(some: readonly Piece[], others: readonly Piece[]): readonly Piece[] {
  const common: Piece[] = [];
  let next = 0;
  for (const piece of some) {
    while ((others[next]?.end ?? Number.POSITIVE_INFINITY) <= piece.start) next += 1;
    for (let index = next; ; index += 1) {
      const other = others[index];
      if (other === undefined || other.start >= piece.end) break;
      common.push({ start: Math.max(piece.start, other.start), end: Math.min(piece.end, other.end) });
    }
  }
  return common;
}

/** The minutes of the day outside an ordered list of pieces. */
export function complementOf(pieces: readonly Piece[]): readonly Piece[] {
  const gaps: Piece[] = [];
  let start = 0;
  for (const piece of pieces) {
    if (piece.start > start) gaps.push({ start, end: piece.start });
    start = piece.end;
  }
  if (start < DAY_MINUTES) gaps.push({ start, end: DAY_MINUTES });
  return gaps;
}

/** The first of an ordered list of pieces that ends after `minute`: the one that holds it, or the next. */
export function pieceEndingAfter(pieces: readonly Piece[], minute: number): Piece | undefined {
  let low = 0;
  let high = pieces.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((pieces[middle]?.end ?? 0) > minute) high = middle;
    else low = middle + 1;
  }
  return pieces[low];
}
