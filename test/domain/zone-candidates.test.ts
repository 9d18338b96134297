import { isBetterSource, zoneCandidates, zonesOfCountry, zonesOfPhone } from '../../src/domain/zone/zone-candidates.ts';

test('the best source counts: explicit, device, address, phone, tenant', () => {
  const all = { explicit: 'Asia/Tokyo', device: 'Europe/Paris', country: 'US', phone: '+447911123456' };
  expect(zoneCandidates(all, 'UTC')).toEqual({ zones: ['Asia/Tokyo'], source: 'explicit' });
  expect(zoneCandidates({ ...all, explicit: null }, 'UTC')).toEqual({ zones: ['Europe/Paris'], source: 'device' });
  expect(zoneCandidates({ country: 'FR', phone: '+447911123456' }, 'UTC')).toEqual({ zones: ['Europe/Paris'], source: 'address' });
  expect(zoneCandidates({ phone: '+49301234567' }, 'UTC')).toEqual({ zones: ['Europe/Berlin'], source: 'phone' });
  expect(zoneCandidates({}, 'Europe/Lisbon')).toEqual({ zones: ['Europe/Lisbon'], source: 'tenant' });
});

test('an area code that spans two zones gives both: all must permit', () => {
  expect(zonesOfPhone('+12702475555').toSorted()).toEqual(['America/Chicago', 'America/New_York']);
  expect(zonesOfPhone('+12705550100').toSorted()).toEqual(['America/Chicago', 'America/New_York']);
});

test('a number without a place stands for its whole country', () => {
  expect(zonesOfPhone('+18005550100').length).toBeGreaterThan(20);
  expect(zonesOfPhone('+0')).toEqual([]);
});

test('a country with several zones gives them all, an unknown one none', () => {
  expect(zonesOfCountry('pt')).toEqual(['Atlantic/Azores', 'Atlantic/Madeira', 'Europe/Lisbon']);
  expect(zonesOfCountry('QQ')).toEqual([]);
});

test.each([['explicit', 'phone', true], ['phone', 'explicit', false], ['tenant', null, true], ['device', 'device', true]] as const)(
  '%s against %s: better %s', (candidate, known, better) => { expect(isBetterSource(candidate, known)).toBe(better); });
