import { zoneOffsets, type ZoneOffsets } from '../send-time/zone-offsets.ts';
import { dayAt } from './local-calendar.ts';

/** Somebody practised. The date (days since 1970-01-01) was fixed when it happened, in the zone that goes with it. */
export type Practice = { readonly at: number; readonly zone: ZoneOffsets; readonly day: number };

/** A practice at an instant (epoch ms), its date read from the zone's clock. */
export function practiceAt(at: number, zone: ZoneOffsets): Practice {
  return { at, zone, day: dayAt(zone, at) };
}

/** By time; of one instant by date and zone, so that the order in which facts arrive decides nothing. */
export function inOrder(practices: readonly Practice[]): Practice[] {
  return practices.toSorted((one, other) => one.at - other.at || one.day - other.day || (one.zone.name < other.zone.name ? -1 : Number(one.zone.name > other.zone.name)));
}

/** The zone by its IANA name; throws where it is none: for what was stored, and judged before that. */
export function knownZone(name: string): ZoneOffsets {
  const zone = zoneOffsets(name);
  if (zone === null) throw new RangeError(`${name} is no IANA zone`);
  return zone;
}
