import { compileSendRules } from './compile-send-rules.ts';
import { localTimeText, weekdaysText } from './local-time-text.ts';
import { MINUTE_MS } from './parse-time.ts';
import { readRanges } from './read-ranges.ts';
import { lastSendAt, readRules } from './read-rules.ts';
import { recipientZones } from './recipient-zones.ts';
import type { Layer, Range, SendPlan, SendTimeRules } from './send-time-rules.ts';
import { UTC } from './zone-offsets.ts';

/** Times at which a message does best. A wish, not a rule: it moves a message inside what is permitted, and only later. */
export type PeakPreference = {
  /** On the recipient's wall clock; one of them is enough. */
  readonly windows: readonly Range[];
  /** Months 1 to 12 of that clock in which the windows exist; left out: all year. */
  readonly months?: readonly number[] | undefined;
  /** How long a message may wait for one, from the first instant at which it is permitted. */
  readonly waitHours: number;
};

/** A moved message keeps this much room before it expires (and, where late means dropped, before its window closes), for a sender that is late. */
export const PEAK_ROOM_MINUTES = 60;
const HOUR_MS = 3_600_000;
const MONTHS = Array.from({ length: 12 }, (_, index) => index + 1);

type Asked = { readonly now: number; readonly zone: string | null; readonly rules: SendTimeRules };
/** `movedFrom`: the first permitted instant, where the message was moved from it to a peak. */
export type PeakPlan = SendPlan & { readonly movedFrom?: number };

type Planned = Extract<SendPlan, { sendAt: number }>;

/**
 * Plans like `planSend`, and then moves the message to the first permitted instant inside a preferred window, if one comes
 * at most `waitHours` after the first permitted instant. Else, and always for transactional messages, that first instant
 * stands. Epoch milliseconds.
 *
 * What it never does: permit what the rules forbid; go past expiry or `maxDelayMinutes`; leave less than an hour before
 * the expiry to a message that could have gone earlier; and under the policy `drop`, wait across a closed time, because a
 * plan made anew in it would drop the message. `permittedUntil` is that of the rules at the chosen instant: the end of a
 * preferred window makes no message late. A recipient with several candidate zones needs a moment that is preferred in all.
 * As everywhere, a window that starts on a blackout date does not take place. Windows that cannot be read prefer nothing.
 */
export function planAtPeak({ peak, ...asked }: Asked & { readonly peak: PeakPreference | null }): PeakPlan {
  const planner = compileSendRules(asked.rules);
  const first = planner.plan(asked);
  if (peak === null || first.sendAt === null || asked.rules.class === 'transactional') return first;

  const told = tellingOf(asked, peak);
  const preferred = peakLayers(peak);
  if (compileSendRules({ ...clockOf(asked.rules), layers: preferred }).isPermittedAt({ at: first.sendAt, zone: asked.zone })) {
    return { ...first, why: `${first.why} That is inside the peak ${told.windowAt(first.sendAt)}.` };
  }
  const { policy: _policy, notBefore: _notBefore, maxDelayMinutes: _maxDelay, minRemainingMinutes: _remaining, ...binding } = asked.rules;
  const lastAt = lastMoveAt(asked, first, peak.waitHours);
  const found = lastAt <= first.sendAt ? null : compileSendRules({
    ...binding,
    layers: [...(asked.rules.layers ?? []), ...preferred],
    expiresAt: new Date(lastAt + 1).toISOString(),
  }).plan({ now: first.sendAt, zone: asked.zone });
  const moved = found === null || found.sendAt === null ? null : planner.plan({ now: found.sendAt, zone: asked.zone });
  if (moved === null || moved.sendAt === null) return { ...first, why: `${first.why} No peak time can be kept within ${hoursText(peak.waitHours)} of it.` };
  return { ...moved, outcome: 'deferred', movedFrom: first.sendAt, why: `${told.beginning(first)}; moved to the peak ${told.windowAt(moved.sendAt)}: ${told.time(moved.sendAt)}.` };
}

/** The last instant to which a message may be moved. */
function lastMoveAt({ now, rules }: Asked, first: Planned, waitHours: number): number {
  const roomMs = PEAK_ROOM_MINUTES * MINUTE_MS;
  const read = readRules(rules);
  return Math.floor(Math.min(
    first.sendAt + waitHours * HOUR_MS,
    lastSendAt(read) - roomMs,
    ...(read.maxDelayMinutes === null ? [] : [now + read.maxDelayMinutes * MINUTE_MS]),
    ...(read.policy === 'drop' ? [first.permittedUntil - roomMs] : []),
  ));
}

/** As layers of the recipient's clock: closed outside the windows, and all day outside the months. */
export function peakLayers({ windows, months }: PeakPreference): readonly Layer[] {
  const rest = months === undefined ? [] : MONTHS.filter((month) => !months.includes(month));
  return [{ windows }, ...(rest.length === 0 ? [] : [{ months: rest, quiet: [{ start: '00:00', end: '24:00' }] }])];
}

/** On whose clocks, and on which dates no window begins. */
function clockOf({ zones, fallbackZone, blackoutDates }: SendTimeRules): SendTimeRules {
  return { zones, fallbackZone, blackoutDates };
}

/** Words for a move, on the clock of the recipient's first candidate zone. */
function tellingOf({ now, zone, rules }: Asked, { windows }: PeakPreference) {
  const zones = recipientZones(readRules(rules), zone).zones;
  const clock = zones[0] ?? UTC;
  const among = zones.length > 1 ? `, as in all ${String(zones.length)} possible zones` : '';
  const time = (at: number): string => `${localTimeText(at, clock, now)} in ${clock.name}`;
  return {
    time: (at: number): string => `${time(at)}${among}`,
    beginning: (first: Planned): string => (first.outcome === 'send_now' ? `Every rule permits ${time(now)}` : first.why.replace(/\.$/, '')),
    windowAt(at: number): string {
      const window = windows.find((one) => compileSendRules({ layers: [{ windows: [one] }] }).isPermittedAt({ at, zone: clock.name })) ?? windows[0];
      const [range] = readRanges(window === undefined ? [] : [window], 'windows', []);
      if (range === undefined) return 'time';
      return range.days === null ? range.text : `${weekdaysText(range.days)} ${range.text}`;
    },
  };
}

function hoursText(hours: number): string {
  return hours === 1 ? 'an hour' : hours % 24 === 0 && hours > 24 ? `${String(hours / 24)} days` : `${String(hours)} hours`;
}
