import { IANAZone } from 'luxon';
import { compileSendRules, planSend } from '../../src/domain/send-time/plan-send.ts';
import type { Layer } from '../../src/domain/send-time/plan-send.ts';

const spanOf = (start: string, end: string, days?: number[]): Layer => ({ windows: [{ start, end, days }] });

test.each<[what: string, now: string, zone: string, layer: Layer, sendAt: string, permittedUntil: string]>([
  ['a window inside the missing hour waits for the next day', '2026-03-08T05:00:00Z', 'America/New_York', spanOf('02:00', '03:00'), '2026-03-09T06:00:00.000Z', '2026-03-09T07:00:00.000Z'],
  ['a window that begins in the missing hour begins after it', '2026-03-08T05:00:00Z', 'America/New_York', spanOf('02:30', '04:00'), '2026-03-08T07:00:00.000Z', '2026-03-08T08:00:00.000Z'],
  ['quiet inside the missing hour does not exist', '2026-03-08T06:59:59.999Z', 'America/New_York', { quiet: [{ start: '02:00', end: '03:00' }] }, '2026-03-08T06:59:59.999Z', '2026-03-09T06:00:00.000Z'],
  ['a window over the repeated hour is open both times', '2026-11-01T04:30:00Z', 'America/New_York', spanOf('01:00', '02:00'), '2026-11-01T05:00:00.000Z', '2026-11-01T07:00:00.000Z'],
  ['a window inside the repeated hour closes between', '2026-11-01T05:30:00Z', 'America/New_York', spanOf('01:00', '01:30'), '2026-11-01T06:00:00.000Z', '2026-11-01T06:30:00.000Z'],
  ['a day that ends twice begins once', '2026-04-05T02:30:00Z', 'America/Santiago', spanOf('00:00', '24:00', [7]), '2026-04-05T04:00:00.000Z', '2026-04-06T04:00:00.000Z'],
  ['a Friday that the zone skipped is waited for a week longer', '2011-12-30T09:00:00Z', 'Pacific/Apia', spanOf('09:00', '17:00', [5]), '2012-01-05T19:00:00.000Z', '2012-01-06T03:00:00.000Z'],
  ['the tail of a skipped Friday begins with the first time that exists', '2011-12-30T09:00:00Z', 'Pacific/Apia', spanOf('20:00', '02:00', [5]), '2011-12-30T10:00:00.000Z', '2011-12-30T12:00:00.000Z'],
  ['24:00 and 00:00 as an end are the same', '2026-06-10T23:00:00Z', 'UTC', spanOf('22:00', '00:00'), '2026-06-10T23:00:00.000Z', '2026-06-11T00:00:00.000Z'],
  ['the season is that of the instant, not of the start of the window', '2026-06-30T23:59:59.999Z', 'UTC', { ...spanOf('20:00', '22:00'), months: [6] }, '2026-07-01T00:00:00.000Z', '2026-07-08T00:00:00.000Z'],
  ['a season begins in the middle of a tail', '2026-06-01T00:00:00Z', 'UTC', { ...spanOf('20:00', '02:00'), months: [6] }, '2026-06-01T00:00:00.000Z', '2026-06-01T02:00:00.000Z'],
  ['a season is that of the layer\'s own zone', '2026-06-30T20:00:00Z', 'UTC', { ...spanOf('09:00', '10:00'), months: [6], zone: 'Asia/Tokyo' }, '2026-06-30T20:00:00.000Z', '2026-07-07T20:00:00.000Z'],
  ['an empty season is no season', '2026-06-30T20:00:00Z', 'UTC', { windows: [], months: [] }, '2026-06-30T20:00:00.000Z', '2026-07-07T20:00:00.000Z'],
  ['quiet on no day never comes', '2026-06-30T20:00:00Z', 'UTC', { quiet: [{ start: '00:00', end: '24:00', days: [] }] }, '2026-06-30T20:00:00.000Z', '2026-07-07T20:00:00.000Z'],
  ['the week runs over new year', '2026-12-31T10:00:00Z', 'Asia/Kathmandu', spanOf('23:59', '00:01', [4]), '2026-12-31T18:14:00.000Z', '2026-12-31T18:16:00.000Z'],
  ['offsets with seconds, before standard time', '1883-11-18T16:00:00Z', 'America/New_York', spanOf('12:00', '12:01'), '1883-11-18T16:56:02.000Z', '1883-11-18T16:57:02.000Z'],
  ['years before the epoch', '1969-12-31T23:59:59.999Z', 'Europe/London', spanOf('01:00', '02:00', [4]), '1970-01-01T00:00:00.000Z', '1970-01-01T01:00:00.000Z'],
])('%s', (_what, now, zone, layer, sendAt, permittedUntil) => {
  const plan = planSend({ now: Date.parse(now), zone, rules: { layers: [layer] } });
  expect(plan).toMatchObject({ sendAt: Date.parse(sendAt), permittedUntil: Date.parse(permittedUntil) });
});

test('the first and the last year that can be planned are planned', () => {
  for (const now of ['0001-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z'].map(Date.parse)) {
    const plan = planSend({ now, zone: 'America/New_York', rules: { layers: [spanOf('12:00', '12:01')] } });
    expect(plan.outcome).toBe('deferred');
    expect(planSend({ now, zone: 'Pacific/Auckland', rules: { layers: [{ windows: [] }] } }).outcome).toBe('never');
  }
});

test('a time that comes once a year is found', () => {
  const layers = [{ windows: [], months: [1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12] }, spanOf('09:00', '10:00', [1])];
  const plan = planSend({ now: Date.parse('2026-03-01T00:00:00Z'), zone: 'UTC', rules: { layers } });
  expect(plan.sendAt).toBe(Date.parse('2027-02-01T09:00:00Z'));
});

test('the order of layers, zones and ranges does not matter', () => {
  const quiet = [{ start: '07:00', end: '10:15' }, { start: '22:00', end: '06:00' }];
  const layers = [spanOf('08:00', '21:00'), { quiet }, { ...spanOf('18:00', '24:00'), zone: 'Asia/Tokyo' }];
  const zones = ['Europe/London', 'Africa/Casablanca', 'Asia/Kathmandu'];
  const now = Date.parse('2026-02-15T01:59:00Z');
  const one = planSend({ now, zone: null, rules: { layers, zones } });
  const other = planSend({ now, zone: null, rules: { layers: layers.toReversed(), zones: zones.toReversed() } });
  expect(one).toMatchObject({ sendAt: Date.parse('2026-02-15T10:15:00Z'), permittedUntil: Date.parse('2026-02-15T15:00:00Z') });
  expect(other).toMatchObject({ sendAt: one.sendAt, permittedUntil: Date.parse('2026-02-15T15:00:00Z') });
});

test('offsets are looked up about once a day and zone, then never again', () => {
  const lookUp = jest.spyOn(IANAZone.prototype, 'offset');
  const now = Date.parse('2031-05-05T00:00:00Z');
  const planner = compileSendRules({ layers: [spanOf('08:00', '09:00')], zones: ['Europe/Rome', 'Pacific/Auckland'] });
  expect(planner.plan({ now, zone: null }).outcome).toBe('never');
  expect(lookUp.mock.calls.length).toBeLessThan(2 * 700);
  lookUp.mockClear();
  expect(planner.plan({ now, zone: null }).outcome).toBe('never');
  expect(lookUp).not.toHaveBeenCalled();
  lookUp.mockRestore();
});
