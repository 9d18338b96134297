import { getCountry } from 'countries-and-timezones';
import phoneZones from './phone-zones.json';

/** Where a recipient's zone was learnt from, best first. */
export const ZONE_SOURCE_ORDER = ['explicit', 'device', 'address', 'phone', 'tenant'] as const;
export type ZoneOrigin = (typeof ZONE_SOURCE_ORDER)[number];

/** What is known of where somebody is. A country is ISO 3166-1 alpha-2, a phone number E.164. */
export type ZoneHints = {
  explicit?: string | null | undefined;
  device?: string | null | undefined;
  country?: string | null | undefined;
  phone?: string | null | undefined;
};

/** The zones somebody may be in (sorted, never empty), and where that was learnt: all of them must permit a send. */
export type ZoneCandidates = { zones: readonly string[]; source: ZoneOrigin };

/**
 * The candidate zones by the best source there is: a zone the person or the app named, the device's, those of the
 * country of the address, those of the phone number's prefix, the tenant's own.
 */
export function zoneCandidates(hints: ZoneHints, tenantZone: string): ZoneCandidates {
  if (hints.explicit != null) return { zones: [hints.explicit], source: 'explicit' };
  if (hints.device != null) return { zones: [hints.device], source: 'device' };
  const byCountry = hints.country == null ? [] : zonesOfCountry(hints.country);
  if (byCountry.length > 0) return { zones: byCountry, source: 'address' };
  const byPhone = hints.phone == null ? [] : zonesOfPhone(hints.phone);
  if (byPhone.length > 0) return { zones: byPhone, source: 'phone' };
  return { zones: [tenantZone], source: 'tenant' };
}

/** All zones of a country (ISO 3166-1 alpha-2); empty for an unknown one. Source: the IANA zone table. */
export function zonesOfCountry(country: string): readonly string[] {
  const known = getCountry(country.toUpperCase());
  return known === null || known === undefined ? [] : known.timezones.toSorted();
}

const LONGEST_PREFIX = 8;
const zonesByPrefix = new Map<string, readonly string[]>(
  Object.entries(phoneZones.prefixesByZones).flatMap(([zones, prefixes]) =>
    prefixes.split(' ').map((prefix): [string, readonly string[]] => [prefix, zones.split(' ')])),
);

/**
 * The zones a number's prefix may stand for, by the longest prefix known; empty where nothing is. Within the North
 * American plan the whole area code counts, since numbers move: +1 270 is New York *and* Chicago.
 */
export function zonesOfPhone(phone: string): readonly string[] {
  const digits = phone.replace(/\D/g, '');
  for (let length = Math.min(LONGEST_PREFIX, digits.length); length > 0; length -= 1) {
    const zones = zonesByPrefix.get(digits.slice(0, length));
    if (zones !== undefined) return zones;
  }
  return [];
}

/** Is `candidate` at least as good a source as `known`? */
export function isBetterSource(candidate: ZoneOrigin, known: ZoneOrigin | null): boolean {
  return known === null || ZONE_SOURCE_ORDER.indexOf(candidate) <= ZONE_SOURCE_ORDER.indexOf(known);
}
