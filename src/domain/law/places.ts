/**
 * Where may somebody be, for the law's purposes? The answer is a set of candidates, and all their laws count.
 *
 * - A region (`US-FL`) is certain: it alone.
 * - A country is certain, its parts are not: `US` stands for any state. Where the zone was told by the person, the app or
 *   the device, the states that keep that zone's time are enough; a zone outside the country adds its own places.
 * - A phone number is evidence, not proof, since numbers move: the places of its area code (several statutes presume
 *   those) and the states in the zones it stands for. A zone told explicitly or by the device adds its places.
 * - Else the places of the zones: the states that keep the time of a zone of the United States or Canada, the countries
 *   of any other.
 * - Where all that is known is the tenant's own zone, nothing is known of the person: the whole countries of that zone,
 *   any state. So a tenant's own law always counts, and that of other countries needs a hint.
 * - No candidate (a zone like `UTC`, which lies nowhere) means unknown anywhere: every rule of the book counts.
 */
import { getTimezone } from 'countries-and-timezones';
import type { ZoneOrigin } from '../zone/zone-candidates.ts';
import { zonesOfCountry, zonesOfPhone } from '../zone/zone-candidates.ts';
import { countryOf, isPlaceWithin, KNOWN_PARTS, readPlace } from './known-places.ts';
import phonePlaces from './phone-places.json';
import zoneStates from './zone-states.json';

export type PlaceHints = {
  /** ISO 3166-2 (`US-FL`), or its second half beside a country (`FL`). */
  readonly region?: string | null | undefined;
  /** ISO 3166-1 alpha-2. */
  readonly country?: string | null | undefined;
  /** E.164. */
  readonly phone?: string | null | undefined;
  readonly zones: readonly string[];
  readonly zoneSource: ZoneOrigin;
};

/** The candidate places, sorted: ISO 3166-1 where only the country is known, else 3166-2. Empty: unknown anywhere. */
export function recipientPlaces(hints: PlaceHints): readonly string[] {
  const told = toldPlace(hints);
  const zoneIsTold = hints.zoneSource === 'explicit' || hints.zoneSource === 'device';
  if (told !== null && (told.includes('-') || !zoneIsTold)) return [told];
  const ofZones = placesOfZones(hints.zones);
  const ofPhone = hints.phone == null ? [] : placesOfPhone(hints.phone);
  if (told !== null) return sorted(withinCountry(told, ofZones, ofPhone));
  if (ofPhone.length > 0) return sorted([...ofPhone, ...(zoneIsTold ? ofZones : [])]);
  return hints.zoneSource === 'tenant' ? sorted(ofZones.map(countryOf)) : ofZones;
}

/** The zones (IANA, sorted) that a part of the United States or Canada keeps; empty for any other place. */
export function zonesOfRegion(region: string): readonly string[] {
  const place = readPlace(region);
  return place === null ? [] : [...statesOfZone].filter(([, states]) => states.includes(place)).map(([zone]) => zone).toSorted();
}

/** The zones that may be kept at a place: those of the part where it is known by name, else those of the whole country. */
export function zonesOfPlace(place: string): readonly string[] {
  const ofRegion = zonesOfRegion(place);
  return ofRegion.length > 0 ? ofRegion : zonesOfCountry(countryOf(place));
}

/** A region under its one name, else the country, else null. A region nobody knows leaves its country. */
function toldPlace({ region, country }: PlaceHints): string | null {
  const ofCountry = country == null ? null : readPlace(country);
  if (region == null || (ofCountry === null && !region.includes('-'))) return ofCountry;
  const whole = region.includes('-') || ofCountry === null ? region : `${countryOf(ofCountry)}-${region}`;
  return readPlace(whole) ?? ofCountry ?? readPlace(whole.slice(0, 2));
}

/** The parts of a country in which the told zone and the number may lie; the whole of it where neither says. */
function withinCountry(country: string, ofZones: readonly string[], ofPhone: readonly string[]): readonly string[] {
  const near = ofZones.filter((place) => isPlaceWithin(place, country));
  if (near.length === 0) return [country, ...ofZones];
  return [...near, ...ofPhone.filter((place) => KNOWN_PARTS.has(place) && isPlaceWithin(place, country))];
}

const statesOfZone: ReadonlyMap<string, readonly string[]> = new Map(Object.entries(zoneStates.zones).map(([zone, states]) => [zone, states.split(' ')]));
const placesByCallingCode: ReadonlyMap<string, readonly string[]> = new Map(Object.entries(phonePlaces.callingCodes).map(([code, places]) => [code, places.split(' ')]));
const placesByAreaCode = byAreaCode();

function byAreaCode(): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const [place, codes] of Object.entries(phonePlaces.areaCodes)) {
    for (const code of codes.split(' ')) found.set(code, [...(found.get(code) ?? []), place]);
  }
  return found;
}

function placesOfZones(zones: readonly string[]): readonly string[] {
  return sorted(zones.flatMap(placesOfZone));
}

/** An old name of a zone (`US/Eastern`) is that zone, as far as its countries are the same. */
function placesOfZone(name: string): readonly string[] {
  const own = statesOfZone.get(name);
  if (own !== undefined) return own;
  // The package looks names up in an object: one that every object has (`valueOf`) would be found.
  const zone = name in Object.prototype ? null : getTimezone(name);
  if (zone === null || zone === undefined) return [];
  const states = statesOfZone.get(zone.aliasOf ?? '') ?? [];
  return zone.countries.flatMap((code) => {
    const country = readPlace(code);
    if (country === null) return [];
    const within = states.filter((state) => isPlaceWithin(state, country));
    return within.length > 0 ? within : [country];
  });
}

const LONGEST_CALLING_CODE = 3;
/** Of toll-free and other numbers that lie nowhere in the North American plan. */
const NORTH_AMERICA = ['CA', 'US'];

function placesOfPhone(phone: string): readonly string[] {
  const digits = phone.replace(/\D/g, '');
  if (digits.startsWith('1')) {
    const places = placesByAreaCode.get(digits.slice(1, 4)) ?? NORTH_AMERICA;
    const moved = places.some((place) => place.includes('-')) ? placesOfZones(zonesOfPhone(phone)).filter((place) => places.some((own) => countryOf(own) === countryOf(place))) : [];
    return sorted([...places, ...moved]);
  }
  for (let length = LONGEST_CALLING_CODE; length > 0; length -= 1) {
    const places = placesByCallingCode.get(digits.slice(0, length));
    if (places !== undefined) return sorted(places.flatMap((place) => readPlace(place) ?? []));
  }
  return [];
}

function sorted(places: readonly string[]): readonly string[] {
  return [...new Set(places)].toSorted();
}
