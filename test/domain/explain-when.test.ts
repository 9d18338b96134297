import { clockFor, localText, shortUtcText, whenText } from '../../src/domain/explain/when.ts';
import { at } from './explain-sample.ts';

const now = at('2026-06-10T12:00:00Z');

test.each([
  ['2026-06-10T23:00:00Z', ['Asia/Tokyo'], 'Thu 11 June 08:00 in Asia/Tokyo (Wed 23:00 UTC)'],
  ['2026-06-10T23:00:07Z', ['Asia/Tokyo'], 'Thu 11 June 08:00:07 in Asia/Tokyo (Wed 23:00:07 UTC)'],
  ['2027-01-01T00:30:00Z', ['Europe/Paris'], 'Fri 1 January 2027 01:30 in Europe/Paris (Fri 00:30 UTC)'],
  ['2026-06-10T23:00:00Z', [], 'Wed 10 June 23:00 UTC'],
  ['2026-06-10T23:00:00Z', ['UTC'], 'Wed 10 June 23:00 UTC'],
  ['2026-06-10T23:00:00Z', ['no zone'], 'Wed 10 June 23:00 UTC'],
  ['2026-06-10T10:00:00Z', ['Europe/Berlin', 'Europe/Busingen'], 'Wed 10 June 12:00 in Europe/Berlin and 1 more candidate zone (Wed 10:00 UTC)'],
  ['2026-06-10T13:00:00Z', ['America/Chicago', 'America/Adak', 'America/New_York'], 'Wed 10 June 13:00 UTC (Wed 04:00–09:00 on the clocks of 3 candidate zones)'],
  ['2026-06-10T07:00:00Z', ['America/Adak', 'America/New_York'], 'Wed 10 June 07:00 UTC (Tue 22:00 – Wed 03:00 on the clocks of 2 candidate zones)'],
])('%s for somebody in %j is told as %s', (instant, zones, text) => {
  expect(whenText(at(instant), clockFor(zones, now))).toBe(text);
});

test('a wall clock alone runs from the earliest to the latest of the candidate zones', () => {
  expect(localText(now, clockFor([], now))).toBeNull();
  expect(localText(now, clockFor(['Asia/Kathmandu'], now))).toBe('Wed 10 June 17:45');
  expect(localText(at('2026-06-10T07:00:00Z'), clockFor(['America/New_York', 'America/Adak'], now))).toBe('Tue 9 June 22:00 – Wed 10 June 03:00');
  expect(shortUtcText(now, now)).toBe('Wed 12:00');
});
