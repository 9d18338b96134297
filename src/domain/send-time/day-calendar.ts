import { complementOf, intersectionOf, unionOf, WHOLE_DAY } from './day-pieces.ts';
import type { Piece } from './day-pieces.ts';
import { localDay, monthOf, weekdayOf } from './local-day.ts';
import type { LocalDay } from './local-day.ts';
import { DAY_MINUTES } from './parse-time.ts';
import type { ReadRange } from './read-ranges.ts';
import type { ReadLayer } from './read-rules.ts';

/** Why a layer forbids a minute. `blackout_start`: a window would be open had it not started on a blackout date. */
export type Objection =
  | { readonly kind: 'blackout_date'; readonly epochDay: number }
  | { readonly kind: 'blackout_start'; readonly layer: ReadLayer; readonly epochDay: number }
  | { readonly kind: 'windows'; readonly layer: ReadLayer }
  | { readonly kind: 'quiet'; readonly layer: ReadLayer; readonly range: ReadRange };

/** Layers judged on one wall clock, whichever clock that is: what they permit depends on the local date alone. */
export type DayCalendar = {
  /** The permitted pieces of a local date, in order, never touching each other. */
  piecesOn(epochDay: number): readonly Piece[];
  /** What forbids a minute of a local date; empty when it is permitted. */
  objectionsAt(epochDay: number, minute: number): readonly Objection[];
};

/**
 * Builds a calendar. `closedOnBlackouts`: the whole blackout date is closed (a recipient's own clock); otherwise only
 * windows that start on it are, their tail after midnight included (a layer with a clock of its own).
 */
export function dayCalendar(
  layers: readonly ReadLayer[],
  blackoutDays: ReadonlySet<number>,
  closedOnBlackouts: boolean,
): DayCalendar {
  const kept = new Map<number, readonly Piece[]>();
  let latest: { readonly epochDay: number; readonly pieces: readonly Piece[] } | undefined;
  return {
    piecesOn: (epochDay) => {
      if (latest?.epochDay === epochDay) return latest.pieces;
      // Days that look alike to every rule share their pieces: there are at most 336 kinds.
      const blackouts = Number(blackoutDays.has(epochDay)) * 2 + Number(blackoutDays.has(epochDay - 1));
      const kind = (monthOf(epochDay) * 8 + weekdayOf(epochDay)) * 4 + blackouts;
      let pieces = kept.get(kind);
      if (pieces === undefined) {
        const day = localDay(epochDay, blackoutDays);
        pieces = day.blackedOut && closedOnBlackouts ? [] : permittedPieces(layers, day);
        kept.set(kind, pieces);
      }
      latest = { epochDay, pieces };
      return pieces;
    },
    objectionsAt: (epochDay, minute) => {
      const day = localDay(epochDay, blackoutDays);
      const ofDate: readonly Objection[] = day.blackedOut && closedOnBlackouts ? [{ kind: 'blackout_date', epochDay }] : [];
      return [...ofDate, ...layers.flatMap((layer) => objectionsOf(layer, day, epochDay, minute))];
    },
  };
}

/**
 * The minutes of a local date that belong to a range: those of the run that starts on it, and the tail of the one that
 * started the day before. With `obeyBlackouts` a run that starts on a blackout date does not take place.
 */
function piecesOf(range: ReadRange, day: LocalDay, obeyBlackouts: boolean): readonly Piece[] {
  const pieces: Piece[] = [];
  const crossesMidnight = range.endMinute < range.startMinute;
  const runsOn = (weekday: number) => range.days === null || range.days.has(weekday);
  if (crossesMidnight && range.endMinute > 0 && runsOn(day.weekdayBefore) && !(obeyBlackouts && day.blackedOutBefore)) {
    pieces.push({ start: 0, end: range.endMinute });
  }
  if (runsOn(day.weekday) && !(obeyBlackouts && day.blackedOut)) {
    pieces.push({ start: range.startMinute, end: crossesMidnight ? DAY_MINUTES : range.endMinute });
  }
  return pieces;
}

function permittedPieces(layers: readonly ReadLayer[], day: LocalDay): readonly Piece[] {
  let open = WHOLE_DAY;
  for (const layer of layers) {
    if (!appliesIn(layer, day.month)) continue;
    const quiet = unionOf(layer.quiet.flatMap((range) => piecesOf(range, day, false)));
    open = intersectionOf(open, complementOf(quiet));
    if (layer.windows === null) continue;
    open = intersectionOf(open, unionOf(layer.windows.flatMap((range) => piecesOf(range, day, true))));
  }
  return open;
}

function appliesIn(layer: ReadLayer, month: number): boolean {
  return layer.months === null || layer.months.has(month);
}

function objectionsOf(layer: ReadLayer, day: LocalDay, epochDay: number, minute: number): readonly Objection[] {
  if (!appliesIn(layer, day.month)) return [];
  const covers = (range: ReadRange, obeyBlackouts: boolean) =>
    piecesOf(range, day, obeyBlackouts).some((piece) => piece.start <= minute && minute < piece.end);
  const objections: Objection[] = layer.quiet
    .filter((range) => covers(range, false))
    .map((range) => ({ kind: 'quiet', layer, range }));
  if (layer.windows === null || layer.windows.some((range) => covers(range, true))) return objections;
  const barred = layer.windows.find((range) => covers(range, false));
  if (barred === undefined) return [...objections, { kind: 'windows', layer }];
  const startedOn = minute < barred.startMinute ? epochDay - 1 : epochDay;
  return [...objections, { kind: 'blackout_start', layer, epochDay: startedOn }];
}
