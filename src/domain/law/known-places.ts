import { getCountry } from 'countries-and-timezones';
import { describeValue } from '../send-time/describe-value.ts';
import phonePlaces from './phone-places.json';
import zoneStates from './zone-states.json';

const PLACE = /^[A-Z]{2}(?:-[A-Z0-9]{1,3})?$/;

/** Parts of a country that have a country code of their own: they are known under one name only. */
const ONE_NAME: Readonly<Record<string, string>> = {
  AS: 'US-AS', GU: 'US-GU', MP: 'US-MP', PR: 'US-PR', UM: 'US-UM', VI: 'US-VI',
  'FR-971': 'GP', 'FR-972': 'MQ', 'FR-973': 'GF', 'FR-974': 'RE', 'FR-976': 'YT',
  'FR-BL': 'BL', 'FR-GF': 'GF', 'FR-GP': 'GP', 'FR-MF': 'MF', 'FR-MQ': 'MQ', 'FR-NC': 'NC', 'FR-PF': 'PF', 'FR-PM': 'PM', 'FR-RE': 'RE', 'FR-TF': 'TF', 'FR-WF': 'WF', 'FR-YT': 'YT',
};

/** All states, provinces and territories of the countries whose parts we know by name: the United States and Canada. */
export const KNOWN_PARTS: ReadonlySet<string> = new Set(
  [...Object.values(zoneStates.zones).flatMap((states) => states.split(' ')), ...Object.keys(phonePlaces.areaCodes).filter((place) => place.includes('-'))].toSorted(),
);
const COUNTRIES_WITH_PARTS = new Set([...KNOWN_PARTS].map(countryOf));

export function countryOf(place: string): string {
  return place.slice(0, 2);
}

/** Is a place the other one or a part of it? `US-FL` lies within `US`. */
export function isPlaceWithin(place: string, other: string): boolean {
  return place === other || place.startsWith(`${other}-`);
}

/** Why a text is no place a rule may name, or null where it is one. */
export function placeProblem(value: unknown): string | null {
  if (typeof value !== 'string' || !PLACE.test(value)) return `${describeValue(value)} is neither a country such as FR nor a part of one such as US-FL (ISO 3166)`;
  const known = readPlace(value);
  if (known === null) return `${describeValue(value)} is a place nobody knows`;
  return known === value ? null : `${describeValue(value)} is called ${known} here`;
}

/**
 * A place under the one name it has here, or null where nobody knows it: a country (any case), or a part of one. The
 * parts of the United States and Canada are known by name; others are taken as they are where the country is known.
 */
export function readPlace(text: string): string | null {
  const upper = text.trim().toUpperCase();
  if (!PLACE.test(upper)) return null;
  const place = ONE_NAME[upper] ?? upper;
  if (KNOWN_PARTS.has(place)) return place;
  if (place.includes('-') && COUNTRIES_WITH_PARTS.has(countryOf(place))) return null;
  return isCountry(countryOf(place)) ? place : null;
}

function isCountry(code: string): boolean {
  const country = getCountry(code);
  return country !== null && country !== undefined;
}
