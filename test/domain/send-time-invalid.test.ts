import { isPermittedAt, planSend, sendRulesProblems } from '../../src/domain/send-time/plan-send.ts';
import type { SendTimeRules } from '../../src/domain/send-time/plan-send.ts';

const now = Date.parse('2026-06-10T12:00:00Z');
const zone = 'America/New_York';

/** Stored rules are JSON: whatever their types say, anything may be in them. */
function isStored(_json: unknown): _json is SendTimeRules {
  return true;
}

const window = (range: object) => ({ layers: [{ windows: [range] }] });
const nine = { start: '09:00', end: '17:00' };

const UNUSABLE: readonly (readonly [what: string, rules: unknown, problem: string])[] = [
  ['a range without length', window({ start: '09:00', end: '09:00' }), 'layers[0].windows[0]: start equals end'],
  ['midnight to midnight', window({ start: '00:00', end: '00:00' }), 'layers[0].windows[0]: start equals end'],
  ['24:00 as a start', window({ start: '24:00', end: '08:00' }), 'layers[0].windows[0].start: "24:00" is not a time from 00:00 to 23:59, written HH:MM'],
  ['one digit for the hour', window({ start: '8:00', end: '21:00' }), 'layers[0].windows[0].start: "8:00" is not a time from 00:00 to 23:59, written HH:MM'],
  ['minute 60', window({ start: '08:00', end: '20:60' }), 'layers[0].windows[0].end: "20:60" is not a time from 00:00 to 24:00, written HH:MM'],
  ['hour 25', window({ start: '08:00', end: '25:00' }), 'layers[0].windows[0].end: "25:00" is not a time from 00:00 to 24:00, written HH:MM'],
  ['24:01', window({ start: '08:00', end: '24:01' }), 'layers[0].windows[0].end: "24:01" is not a time from 00:00 to 24:00, written HH:MM'],
  ['a time with seconds', window({ start: '08:00:00', end: '21:00' }), 'layers[0].windows[0].start: "08:00:00" is not a time from 00:00 to 23:59, written HH:MM'],
  ['a line end after a time', window({ start: '08:00\n', end: '21:00' }), 'layers[0].windows[0].start: "08:00\n" is not a time from 00:00 to 23:59, written HH:MM'],
  ['a range without an end', window({ start: '08:00' }), 'layers[0].windows[0].end: nothing is not a time from 00:00 to 24:00, written HH:MM'],
  ['a range that is none', { layers: [{ quiet: ['08:00-09:00'] }] }, 'layers[0].quiet[0]: "08:00-09:00" is not a range with start and end'],
  ['weekday 0', window({ ...nine, days: [0] }), 'layers[0].windows[0].days[0]: 0 is not a weekday from 1 (Monday) to 7 (Sunday)'],
  ['weekday 8', window({ ...nine, days: [1, 8] }), 'layers[0].windows[0].days[1]: 8 is not a weekday from 1 (Monday) to 7 (Sunday)'],
  ['half a weekday', window({ ...nine, days: [1.5] }), 'layers[0].windows[0].days[0]: 1.5 is not a weekday from 1 (Monday) to 7 (Sunday)'],
  ['a weekday as text', window({ ...nine, days: ['1'] }), 'layers[0].windows[0].days[0]: "1" is not a weekday from 1 (Monday) to 7 (Sunday)'],
  ['month 13', { layers: [{ months: [12, 13] }] }, 'layers[0].months[1]: 13 is not a month from 1 (January) to 12 (December)'],
  ['windows null', { layers: [{ windows: null }] }, 'layers[0].windows: null is not a list'],
  ['layers that are no list', { layers: {} }, 'layers: this object is not a list'],
  ['a layer that is none', { layers: [null] }, 'layers[0]: null is not a layer'],
  ['a label that is no text', { layers: [{ label: 7 }] }, 'layers[0].label: 7 is not a text'],
  ['an unknown layer zone', { layers: [{ zone: 'Mars/Phobos' }] }, 'layers[0].zone: "Mars/Phobos" is not an IANA time zone such as America/New_York'],
  ['an offset as a layer zone', { layers: [{ zone: '+05:00' }] }, 'layers[0].zone: "+05:00" is not an IANA time zone such as America/New_York'],
  ['an unparsable expiry', { expiresAt: 'tomorrow' }, 'expiresAt: "tomorrow" is not an instant such as 2026-06-10T12:00:00Z'],
  ['an expiry without offset', { expiresAt: '2026-06-11T12:00:00' }, 'expiresAt: "2026-06-11T12:00:00" is not an instant such as 2026-06-10T12:00:00Z'],
  ['30 February as an instant', { notBefore: '2026-02-30T12:00:00Z' }, 'notBefore: "2026-02-30T12:00:00Z" is not an instant such as 2026-06-10T12:00:00Z'],
  ['a hard stop that ends first', { hardStops: [{ from: '2026-06-11T00:00:00Z', to: '2026-06-10T00:00:00Z' }] }, 'hardStops[0]: from is not before to'],
  ['a hard stop without length', { hardStops: [{ from: '2026-06-11T00:00:00Z', to: '2026-06-11T02:00:00+02:00' }] }, 'hardStops[0]: from is not before to'],
  ['a hard stop without an end', { hardStops: [{ from: '2026-06-11T00:00:00Z' }] }, 'hardStops[0].to: nothing is not an instant such as 2026-06-10T12:00:00Z'],
  ['30 February as a blackout date', { blackoutDates: ['2026-02-30'] }, 'blackoutDates[0]: "2026-02-30" is not a date that exists, written YYYY-MM-DD'],
  ['29 February in a common year', { blackoutDates: ['2028-02-29', '2026-02-29'] }, 'blackoutDates[1]: "2026-02-29" is not a date that exists, written YYYY-MM-DD'],
  ['a blackout date with a time', { blackoutDates: ['2026-06-10T00:00:00Z'] }, 'blackoutDates[0]: "2026-06-10T00:00:00Z" is not a date that exists, written YYYY-MM-DD'],
  ['negative minimum life', { minRemainingMinutes: -1 }, 'minRemainingMinutes: -1 is not a number of minutes, zero or more'],
  ['NaN as minimum life', { minRemainingMinutes: Number.NaN }, 'minRemainingMinutes: NaN is not a number of minutes, zero or more'],
  ['a negative longest wait', { maxDelayMinutes: -0.5 }, 'maxDelayMinutes: -0.5 is not a number of minutes, zero or more'],
  ['an endless longest wait', { maxDelayMinutes: Number.POSITIVE_INFINITY }, 'maxDelayMinutes: Infinity is not a number of minutes, zero or more'],
  ['an unknown class', { class: 'urgent' }, 'class: "urgent" is neither "marketing" nor "transactional"'],
  ['an unknown policy', { policy: 'wait' }, 'policy: "wait" is neither "hold" nor "drop"'],
  ['rules that are none', null, 'rules: null is not an object of send rules'],
];

test.each(UNUSABLE)('%s: refused when planned, when saved, and nothing is permitted', (_what, json, problem) => {
  const rules = isStored(json) ? json : {};
  expect(planSend({ now, zone, rules })).toEqual({
    outcome: 'invalid',
    sendAt: null,
    why: `These send rules cannot be used: ${problem}.`,
    problems: [problem],
  });
  expect(sendRulesProblems(rules)).toEqual([problem]);
  expect(isPermittedAt({ at: now, zone, rules })).toBe(false);
});

test('a transactional message does not excuse unusable rules', () => {
  const rules: SendTimeRules = { class: 'transactional', layers: [{ windows: [{ start: '9:00', end: '10:00' }] }] };
  expect(planSend({ now, zone: null, rules }).outcome).toBe('invalid');
});

test('all problems are named, each with its path', () => {
  const rules: SendTimeRules = { layers: [{ months: [0] }, { quiet: [{ start: '1:00', end: '2:00' }] }], expiresAt: '' };
  const plan = planSend({ now: Number.NaN, zone: 'Mars/Phobos', rules });
  expect('problems' in plan ? plan.problems.map((problem) => problem.split(':')[0]) : []).toEqual([
    'layers[0].months[0]', 'layers[1].quiet[0].start', 'layers[1].quiet[0].end', 'expiresAt', 'now', 'zone',
  ]);
  expect(plan.why).toContain('; 3 more.');
});

test.each([
  [null, {}, 'zone: not given, and there is no fallbackZone'],
  ['Mars/Phobos', {}, 'zone: "Mars/Phobos" is not an IANA time zone such as America/New_York, and there is no fallbackZone'],
  ['', { fallbackZone: 'BST' }, 'zone: "" is not an IANA time zone such as America/New_York, and fallbackZone "BST" is not an IANA time zone such as America/New_York'],
  [zone, { zones: ['Mars/Phobos'] }, 'zones[0]: "Mars/Phobos" is not an IANA time zone such as America/New_York, and there is no fallbackZone'],
])('without a usable zone (%j, %j) marketing is not planned', (given, rules: SendTimeRules, problem) => {
  expect(planSend({ now, zone: given, rules })).toMatchObject({ outcome: 'invalid', problems: [problem] });
});

test.each([
  'local', 'system', 'default', '+05:00', '-0330', 'UTC+3', 'UTC+03:00', 'GMT+3', 'Z', 'BST', 'ist', 'SystemV/EST5EDT', 'Etc/GMT+15', 'Etc/Unknown',
  ' UTC', 'UTC ', 'America/New York', '../UTC', 'x'.repeat(5_000),
])('%.20j is no zone', (name) => {
  expect(planSend({ now, zone: name, rules: {} }).outcome).toBe('invalid');
});

test.each(['UTC', 'Etc/GMT+5', 'Etc/GMT-14', 'GMT', 'EST', 'Europe/Kyiv', 'America/Argentina/Buenos_Aires', 'Asia/Kolkata'])(
  '%s is a zone',
  (name) => {
    expect(planSend({ now, zone: name, rules: {} }).outcome).toBe('send_now');
  },
);

test.each([Number.NaN, Number.POSITIVE_INFINITY, 1.5, 8.64e15, -8.64e15])('now = %d is refused, not planned with', (bad) => {
  expect(planSend({ now: bad, zone, rules: {} }).outcome).toBe('invalid');
  expect(isPermittedAt({ at: bad, zone, rules: {} })).toBe(false);
});

const SAVED: readonly (readonly [SendTimeRules, string[]])[] = [
  [{ layers: [{ windows: [] }] }, ['layers[0].windows: is empty, so this layer never opens']],
  [{ layers: [{ windows: [nine, { ...nine, days: [] }] }] }, ['layers[0].windows[1].days: is empty, so this window never opens']],
  [{ layers: [{ quiet: [{ start: '00:00', end: '24:00' }] }] }, ['layers[0]: its windows and quiet ranges leave no time in the whole year']],
  [{ layers: [{ windows: [nine] }, { windows: [{ start: '18:00', end: '20:00' }] }] }, ['layers: no time suits all layers without a zone of their own']],
  [
    { layers: [{ zone: 'Asia/Tokyo', windows: [nine] }, { zone: 'America/Chicago', windows: [nine] }] },
    ['layers: no time suits all layers with a zone of their own'],
  ],
  [{ fallbackZone: 'UTC+3' }, ['fallbackZone: "UTC+3" is not an IANA time zone such as America/New_York']],
  [{ layers: [{ zone: 'Asia/Tokyo', windows: [nine] }, { windows: [{ start: '20:00', end: '21:00' }] }] }, []],
  [{ class: 'transactional', layers: [{ windows: [] }] }, []],
  [{}, []],
];

test.each(SAVED)('saving %j says what can never work', (rules, problems) => {
  expect(sendRulesProblems(rules)).toEqual(problems);
});
