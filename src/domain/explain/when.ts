import { localTimeText } from '../send-time/local-time-text.ts';
import { UTC, zoneOffsets } from '../send-time/zone-offsets.ts';
import type { ZoneOffsets } from '../send-time/zone-offsets.ts';

/** By which clocks a story tells time: the recipient's candidate zones, none when unknown. */
export type StoryClock = { readonly now: number; readonly zones: readonly ZoneOffsets[] };

/** Names that are no zone are left out. */
export function clockFor(zones: readonly string[], now: number): StoryClock {
  return { now, zones: zones.flatMap((name) => zoneOffsets(name) ?? []) };
}

/** An instant (epoch ms) as a story says it: `Thu 11 June 08:00 in Asia/Tokyo (Wed 23:00 UTC)`. */
export function whenText(at: number, clock: StoryClock): string {
  const [first, ...others] = clock.zones;
  const utc = localTimeText(at, UTC, clock.now);
  if (first === undefined || (others.length === 0 && isUtc(first))) return `${utc} UTC`;
  if (others.every((zone) => offsetAt(zone, at) === offsetAt(first, at))) {
    const more = others.length === 0 ? '' : ` and ${String(others.length)} more candidate ${others.length === 1 ? 'zone' : 'zones'}`;
    return `${localTimeText(at, first, clock.now)} in ${first.name}${more} (${shortUtc(utc)} UTC)`;
  }
  return `${utc} UTC (${shortRange(at, clock)} on the clocks of ${String(clock.zones.length)} candidate zones)`;
}

/** The recipient's wall clock alone: `Thu 11 June 08:00`, from the earliest to the latest where several are possible; null when no zone is known. */
export function localText(at: number, clock: StoryClock): string | null {
  const byOffset = clock.zones.toSorted((a, b) => offsetAt(a, at) - offsetAt(b, at));
  const [first, last] = [byOffset[0], byOffset.at(-1)];
  if (first === undefined || last === undefined) return null;
  if (offsetAt(first, at) === offsetAt(last, at)) return localTimeText(at, first, clock.now);
  const [from, to] = [localTimeText(at, first, clock.now), localTimeText(at, last, clock.now)];
  return sameDay(from, to) ? `${from}–${timeOf(to)}` : `${from} – ${to}`;
}

/** `Wed 10 June 23:00`, on the clock of UTC. */
export function utcText(at: number, now: number): string {
  return localTimeText(at, UTC, now);
}

/** The zones by name, for people: `Asia/Tokyo`, `America/Adak and 28 more`. */
export function zonesText(zones: readonly string[]): string {
  const [first, ...others] = zones;
  if (first === undefined) return 'no zone';
  return others.length === 0 ? first : `${first} and ${String(others.length)} more`;
}

/** Weekdays and times of the earliest and the latest clock. */
function shortRange(at: number, clock: StoryClock): string {
  return (localText(at, clock) ?? '').split(' – ').map((text) => `${text.slice(0, 3)} ${timeOf(text)}`).join(' – ');
}

function offsetAt(zone: ZoneOffsets, at: number): number {
  return zone.spanAt(at).offsetMs;
}

function isUtc(zone: ZoneOffsets): boolean {
  return zone.name === 'UTC' || zone.name === 'Etc/UTC';
}

/** Weekday and time on the clock of UTC, to stand beside a local date: it is that date, or its neighbour. */
export function shortUtcText(at: number, now: number): string {
  return shortUtc(utcText(at, now));
}

function shortUtc(full: string): string {
  return `${full.slice(0, 3)} ${timeOf(full)}`;
}

function timeOf(full: string): string {
  return full.slice(full.lastIndexOf(' ') + 1);
}

function sameDay(from: string, to: string): boolean {
  return from.slice(0, from.lastIndexOf(' ')) === to.slice(0, to.lastIndexOf(' '));
}
