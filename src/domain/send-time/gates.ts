import type { DayCalendar, Objection } from './day-calendar.ts';
import { pieceEndingAfter } from './day-pieces.ts';
import type { Piece } from './day-pieces.ts';
import { DAY_MS, MINUTE_MS } from './parse-time.ts';
import type { HardStop } from './read-rules.ts';
import type { ZoneOffsets } from './zone-offsets.ts';

/** Something that stops a message at one instant, for the explanation. */
export type Obstacle =
  | { readonly kind: 'hard_stop'; readonly stop: HardStop }
  | { readonly kind: 'rule'; readonly objection: Objection; readonly zone: ZoneOffsets };

/** One condition on the instant of a send. A message may leave when all gates are open. */
export type Gate = {
  /** The earliest open instant from `at` to `limit`, both included, or null. */
  nextOpenAt(at: number, limit: number): number | null;
  /** The first instant after the open instant `at` at which the gate is closed, at most `limit`. */
  nextClosedAt(at: number, limit: number): number;
  obstaclesAt(at: number): readonly Obstacle[];
};

/**
 * A calendar on the clock of one zone. It walks from edge to edge of the permitted pieces; a change of the zone's offset
 * is an edge too, so missing and repeated local times follow what the wall clock shows.
 */
export function zoneGate(calendar: DayCalendar, zone: ZoneOffsets): Gate {
  /** The piece that is open or comes next today, and the first instant at which this view no longer holds. */
  const lookAt = (at: number) => {
    const { offsetMs, until } = zone.spanAt(at);
    const epochDay = Math.floor((at + offsetMs) / DAY_MS);
    const midnightAt = epochDay * DAY_MS - offsetMs;
    const minute = (at - midnightAt) / MINUTE_MS;
    const piece = pieceEndingAfter(calendar.piecesOn(epochDay), minute);
    const open = piece !== undefined && piece.start <= minute;
    return { open, edgeAt: Math.min(edgeAfter(piece, open, midnightAt), until), epochDay, minute };
  };

  return {
    nextOpenAt: (from, limit) => {
      for (let at = from; at <= limit; ) {
        const view = lookAt(at);
        if (view.open) return at;
        at = view.edgeAt;
      }
      return null;
    },
    nextClosedAt: (from, limit) => {
      for (let at = from; at < limit; ) {
        const view = lookAt(at);
        if (!view.open) return at;
        at = view.edgeAt;
      }
      return limit;
    },
    obstaclesAt: (at) => {
      const { epochDay, minute } = lookAt(at);
      return calendar.objectionsAt(epochDay, Math.floor(minute)).map((objection) => ({ kind: 'rule', objection, zone }));
    },
  };
}

function edgeAfter(piece: Piece | undefined, open: boolean, midnightAt: number): number {
  if (piece === undefined) return midnightAt + DAY_MS;
  return midnightAt + (open ? piece.end : piece.start) * MINUTE_MS;
}

/** The hard stops of a rule set: closed from each `fromAt`, included, to its `toAt`, not included. */
export function hardStopGate(stops: readonly HardStop[]): Gate {
  const inOrder = [...stops].sort((one, other) => one.fromAt - other.fromAt);
  return {
    nextOpenAt: (from, limit) => {
      let at = from;
      for (const stop of inOrder) if (stop.fromAt <= at && at < stop.toAt) at = stop.toAt;
      return at <= limit ? at : null;
    },
    nextClosedAt: (from, limit) => {
      const next = inOrder.find((stop) => stop.fromAt > from);
      return next === undefined ? limit : Math.min(next.fromAt, limit);
    },
    obstaclesAt: (at) =>
      inOrder.filter((stop) => stop.fromAt <= at && at < stop.toAt).map((stop) => ({ kind: 'hard_stop', stop })),
  };
}

/** The earliest instant from `from` to `limit`, both included, at which all gates are open, or null. */
export function earliestOpenAt(gates: readonly Gate[], from: number, limit: number): number | null {
  let at = from;
  let settled = false;
  while (!settled) {
    settled = true;
    for (const gate of gates) {
      const openAt = gate.nextOpenAt(at, limit);
      if (openAt === null) return null;
      settled &&= openAt === at;
      at = openAt;
    }
  }
  return at;
}

/** The first instant after the open instant `at` at which some gate is closed, at most `limit`. */
export function firstClosedAt(gates: readonly Gate[], at: number, limit: number): number {
  return gates.reduce((earliest, gate) => gate.nextClosedAt(at, earliest), limit);
}
