import fc from 'fast-check';
import { readPlace } from '../../src/domain/law/known-places.ts';
import { recipientPlaces, zonesOfPlace, zonesOfRegion } from '../../src/domain/law/places.ts';
import type { PlaceHints } from '../../src/domain/law/places.ts';
import { ZONE_SOURCE_ORDER, zonesOfCountry } from '../../src/domain/zone/zone-candidates.ts';

const places = (hints: Partial<PlaceHints>) => recipientPlaces({ zones: [], zoneSource: 'tenant', ...hints });

test.each<[string, Partial<PlaceHints>, readonly string[]]>([
  ['a region is certain', { region: 'US-FL', country: 'FR', phone: '+33612345678', zones: ['Europe/Paris'], zoneSource: 'explicit' }, ['US-FL']],
  ['in small letters too', { region: 'us-fl' }, ['US-FL']],
  ['half a region beside its country', { region: 'FL', country: 'US' }, ['US-FL']],
  ['half a region alone says nothing', { region: 'CA', phone: '+33612345678', zoneSource: 'phone' }, ['FR']],
  ['a region nobody knows leaves its country', { region: 'US-ZZ' }, ['US']],
  ['a part of a country without known parts is taken as it is', { region: 'DE-BY' }, ['DE-BY']],
  ['a territory has one name', { country: 'PR' }, ['US-PR']],
  ['an overseas department too', { region: 'FR-974' }, ['RE']],
  ['a country stands for all its parts', { country: 'US', zones: zonesOfCountry('US'), zoneSource: 'address' }, ['US']],
  ['a country nobody knows is no hint', { country: 'XX', phone: '+33612345678', zoneSource: 'phone' }, ['FR']],
  ['a told zone narrows the country down', { country: 'US', zones: ['America/Phoenix'], zoneSource: 'explicit' }, ['US-AZ']],
  ['the number keeps its state beside it', { country: 'US', phone: '+13055551234', zones: ['America/Phoenix'], zoneSource: 'device' }, expect.arrayContaining(['US-AZ', 'US-FL'])],
  ['a told zone abroad adds its places', { country: 'US', zones: ['Europe/Rome'], zoneSource: 'device' }, ['IT', 'SM', 'US', 'VA']],
  ['a number abroad', { phone: '+33612345678', zoneSource: 'phone' }, ['FR']],
  ['a calling code of several places', { phone: '+262262123456', zoneSource: 'phone' }, ['RE', 'YT']],
  ['an area code of one state and its zone', { phone: '+18085551234', zoneSource: 'phone' }, ['US-HI']],
  ['an area code of Canada', { phone: '+16135551234', zoneSource: 'phone' }, ['CA-NU', 'CA-ON', 'CA-QC']],
  ['an area code of an island state of the same plan', { phone: '+12425551234', zoneSource: 'phone' }, ['BS']],
  ['a toll-free number lies nowhere', { phone: '+18005551234', zoneSource: 'phone' }, ['CA', 'US']],
  ['a told zone beside a number: both count', { phone: '+33612345678', zones: ['Pacific/Honolulu'], zoneSource: 'explicit' }, ['FR', 'US-HI']],
  ['the states of a zone', { zones: ['America/Los_Angeles'], zoneSource: 'device' }, ['US-CA', 'US-ID', 'US-NV', 'US-OR', 'US-WA']],
  ['an old name of a zone', { zones: ['US/Pacific'], zoneSource: 'device' }, ['US-CA', 'US-ID', 'US-NV', 'US-OR', 'US-WA']],
  ['the countries of a zone', { zones: ['Europe/Paris'], zoneSource: 'explicit' }, ['FR', 'MC']],
  ['a zone that was merged into another keeps its own country', { zones: ['America/Guadeloupe'], zoneSource: 'explicit' }, ['GP']],
  ['several zones', { zones: ['Pacific/Honolulu', 'Europe/Lisbon'], zoneSource: 'explicit' }, ['PT', 'US-HI']],
  ['nothing but the tenant\'s zone: its whole country', { zones: ['America/Los_Angeles'], zoneSource: 'tenant' }, ['US']],
  ['a zone that lies nowhere: unknown anywhere', { zones: ['UTC'], zoneSource: 'tenant' }, []],
  ['a zone that is none', { zones: ['Mars/Olympus'], zoneSource: 'explicit' }, []],
])('%s', (_what, hints, expected) => {
  expect(places(hints)).toEqual(expected);
});

test('an area code of Florida: its state first of all, and every state that shares its clock, since numbers move', () => {
  expect(places({ phone: '+13055551234', zoneSource: 'phone' })).toEqual(expect.arrayContaining(['US-FL', 'US-GA', 'US-NY', 'US-RI']));
});

test('every zone of the United States and Canada names its states, so that none falls back on the whole country unseen', () => {
  const borrowed = ['America/Panama', 'America/Phoenix', 'America/Puerto_Rico'];
  for (const country of ['US', 'CA']) {
    for (const zone of zonesOfCountry(country).filter((name) => !borrowed.includes(name))) {
      const found = places({ zones: [zone], zoneSource: 'explicit' });
      expect([zone, found.length > 0 && found.every((place) => /^(?:US|CA)-[A-Z]{2}$/.test(place))]).toEqual([zone, true]);
    }
  }
});

test('the zones of a region are those in which it is found again', () => {
  expect(zonesOfRegion('US-FL')).toEqual(['America/Chicago', 'America/New_York']);
  expect(zonesOfRegion('us-hi')).toEqual(['Pacific/Honolulu']);
  expect(zonesOfRegion('FR')).toEqual([]);
  for (const zone of zonesOfRegion('US-ID')) expect(places({ zones: [zone], zoneSource: 'explicit' })).toContain('US-ID');
});

const hint = fc.record({
  region: fc.option(fc.oneof(fc.constantFrom('US-FL', 'us-ri', 'FL', 'CA-QC', 'FR-75', 'US-ZZ', ''), fc.string()), { nil: null }),
  country: fc.option(fc.oneof(fc.constantFrom('US', 'fr', 'CA', 'PR', 'XX'), fc.string()), { nil: null }),
  phone: fc.option(fc.oneof(fc.constantFrom('+13055551234', '+33612345678', '+18005551234', '+1'), fc.string()), { nil: null }),
  zones: fc.array(fc.oneof(fc.constantFrom('America/New_York', 'Europe/Paris', 'UTC', 'US/Central'), fc.string()), { maxLength: 3 }),
  zoneSource: fc.constantFrom(...ZONE_SOURCE_ORDER),
});

test.each(['valueOf', 'constructor', '__proto__', 'toString'])('a zone named %s is no zone', (name) => {
  expect(recipientPlaces({ zones: [name], zoneSource: 'explicit' })).toEqual([]);
});

test('whatever the hints, the answer is sorted, without repeats, and made of known places', () => {
  fc.assert(fc.property(hint, (hints) => {
    const found = recipientPlaces(hints);
    expect(found).toEqual([...new Set(found)].toSorted());
    for (const place of found) expect(readPlace(place)).toBe(place);
  }));
});

test.each([
  ['US-HI', ['Pacific/Honolulu']], ['FR', ['Europe/Paris']], ['FR-75', ['Europe/Paris']], ['US-PR', ['America/Puerto_Rico']],
])('the clocks of %s are %j', (place, zones) => {
  expect(zonesOfPlace(place)).toEqual(zones);
});
