import type { AnswerSlot } from './answer-rates.ts';
import { weekdayOf } from './local-day.ts';
import { DAY_MS } from './parse-time.ts';
import { zoneOffsets } from './zone-offsets.ts';

/** Messages of one request that were handed off about the same time (within a quarter of an hour) to recipients of one place. */
export type AnswerCount<Scope extends string = string> = {
  /** A program. */
  readonly scope: Scope;
  readonly batch: string;
  /** Candidate zones of the recipients. */
  readonly zones: readonly string[];
  /** Epoch ms; offsets of zones are whole quarters of an hour, so a quarter is enough. */
  readonly sentAt: number;
  readonly sent: number;
  readonly answered: number;
};

/** Collects counts page by page, by the hour of the recipients' week. */
export type SlotCounter<Scope extends string> = {
  /** All counts of one request must come in one call: requests are counted, too. */
  add(counts: readonly AnswerCount<Scope>[]): void;
  /** Of one scope, or of all together; in the order of the week, hours without a message left out. */
  slots(scope?: Scope): readonly AnswerSlot[];
  scopes(): readonly Scope[];
};

const HOUR_MS = 3_600_000;
type Held = { sent: number; answered: number; batches: number };

/** `fallbackZone`: for recipients without a known zone. What may have been one hour or another (candidate zones that differ) is not counted. */
export function slotCounter<Scope extends string>(fallbackZone: string): SlotCounter<Scope> {
  const byScope = new Map<Scope, Map<number, Held>>();
  return {
    add(counts) {
      const seen = new Set<string>();
      for (const { scope, batch, zones, sentAt, sent, answered } of counts) {
        const hour = hourOfWeek(sentAt, zones.length === 0 ? [fallbackZone] : zones);
        if (hour === null) continue;
        const hours = byScope.get(scope) ?? new Map<number, Held>();
        byScope.set(scope, hours);
        const held = hours.get(hour) ?? { sent: 0, answered: 0, batches: 0 };
        hours.set(hour, held);
        held.sent += sent;
        held.answered += answered;
        const key = `${batch} ${String(hour)}`;
        if (!seen.has(key)) held.batches += 1;
        seen.add(key);
      }
    },
    slots(scope) {
      const sums = new Map<number, Held>();
      for (const hours of scope === undefined ? byScope.values() : [byScope.get(scope) ?? new Map<number, Held>()]) {
        for (const [hour, { sent, answered, batches }] of hours) {
          const sum = sums.get(hour) ?? { sent: 0, answered: 0, batches: 0 };
          sums.set(hour, { sent: sum.sent + sent, answered: sum.answered + answered, batches: sum.batches + batches });
        }
      }
      return [...sums].toSorted(([one], [other]) => one - other).map(([hour, held]) => ({ weekday: Math.floor(hour / 24) + 1, hour: hour % 24, ...held }));
    },
    scopes: () => [...byScope.keys()].toSorted(),
  };
}

/** 0 (Monday 00:00) to 167 on all these zones' clocks; null where they differ, or one is none. */
function hourOfWeek(at: number, zones: readonly string[]): number | null {
  const hours = new Set(zones.map((name) => {
    const zone = zoneOffsets(name);
    if (zone === null) return null;
    const local = at + zone.spanAt(at).offsetMs;
    const epochDay = Math.floor(local / DAY_MS);
    return (weekdayOf(epochDay) - 1) * 24 + Math.floor((local - epochDay * DAY_MS) / HOUR_MS);
  }));
  const [hour = null] = hours;
  return hours.size === 1 ? hour : null;
}
