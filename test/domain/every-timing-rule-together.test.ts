import { planFor, type PlanRecipient, type RulesOfToday } from '../../db/write/plan-for.ts';

/** Quiet nights for the whole tenant; the program keeps Saturday 9 to 18 free, opens 10 to 20 in high summer, and likes Tuesday 14:00. */
const today: RulesOfToday = {
  tenantRules: { layers: [{ label: 'night', quiet: [{ start: '22:00', end: '08:00' }] }] },
  tenantZone: 'Europe/Berlin',
  terms: {
    sendRules: {
      layers: [
        { label: 'Saturday', quiet: [{ days: [6], start: '09:00', end: '18:00' }] },
        { label: 'high summer', months: [7, 8], windows: [{ start: '10:00', end: '20:00' }] },
      ],
    },
    eventBufferDays: 3,
  },
  law: { edition: 'none', rules: [] },
  lawScope: 'as_written',
  peak: { windows: [{ days: [2], start: '14:00', end: '16:00' }], waitHours: 48, source: 'terms' },
};
const MONDAY = '2026-06-15T08:00:00Z';

type More = { zones?: readonly string[]; events?: readonly string[]; quiet?: PlanRecipient['memberQuiet']; expiresAt?: string };

test.each<[string, string, More, string]>([
  ['Monday 10:00 in Berlin', MONDAY, {}, '2026-06-16T12:00:00Z'],
  ['the same instant in New York, at night', MONDAY, { zones: ['America/New_York'] }, '2026-06-16T18:00:00Z'],
  ['the same instant in Auckland, in the evening', MONDAY, { zones: ['Pacific/Auckland'] }, '2026-06-16T02:00:00Z'],
  ['the same instant in Kolkata', MONDAY, { zones: ['Asia/Kolkata'] }, '2026-06-16T08:30:00Z'],
  ['the same instant in Kathmandu', MONDAY, { zones: ['Asia/Kathmandu'] }, '2026-06-16T08:15:00Z'],
  ['inside the peak', '2026-06-16T13:59:59Z', {}, '2026-06-16T13:59:59Z'],
  ['when the peak has just ended', '2026-06-16T14:00:00Z', {}, '2026-06-16T14:00:00Z'],
  ['Saturday before 9', '2026-06-13T06:30:00Z', {}, '2026-06-13T06:30:00Z'],
  ['Saturday at 10: the evening, for Tuesday is too far', '2026-06-13T08:00:00Z', {}, '2026-06-13T16:00:00Z'],
  ['Saturday at 10 in Auckland is Friday night elsewhere', '2026-06-12T22:00:00Z', { zones: ['Pacific/Auckland'] }, '2026-06-13T06:00:00Z'],
  ['Saturday night: Sunday morning, for Tuesday is too far', '2026-06-13T21:00:00Z', {}, '2026-06-14T06:00:00Z'],
  ['Sunday 14:00, two days before', '2026-06-14T12:00:00Z', {}, '2026-06-16T12:00:00Z'],
  ['an event on the Tuesday: three days kept free on either side', MONDAY, { events: ['2026-06-16'] }, '2026-06-20T06:00:00Z'],
  ['an event whose days end on Monday', '2026-06-12T08:00:00Z', { events: ['2026-06-12'] }, '2026-06-16T12:00:00Z'],
  ['an event whose days end on Monday, for somebody in New York', '2026-06-12T08:00:00Z', { events: ['2026-06-12'], zones: ['America/New_York'] }, '2026-06-16T18:00:00Z'],
  ['either Berlin or London: preferred in both', MONDAY, { zones: ['Europe/Berlin', 'Europe/London'] }, '2026-06-16T13:00:00Z'],
  ['either New York or Los Angeles: no common peak, a common permitted hour', '2026-06-15T12:30:00Z', { zones: ['America/New_York', 'America/Los_Angeles'] }, '2026-06-15T15:00:00Z'],
  ['high summer opens at 10, and the peak is a day later', '2026-07-06T07:00:00Z', {}, '2026-07-07T12:00:00Z'],
  ['a Friday evening of high summer: Saturday is free from 9 to 18', '2026-07-03T18:30:00Z', {}, '2026-07-04T16:00:00Z'],
  ['the last night before high summer', '2026-06-30T20:30:00Z', {}, '2026-07-01T08:00:00Z'],
  ['the day the clocks go back', '2026-10-25T13:00:00Z', {}, '2026-10-27T13:00:00Z'],
  ['an invite that would have no hour left at the peak', MONDAY, { expiresAt: '2026-06-16T12:59:00Z' }, MONDAY],
  ['a member who sleeps from 13 to 15', MONDAY, { quiet: [{ start: '13:00', end: '15:00' }] }, '2026-06-16T13:00:00Z'],
  ['a member who is never free at the peak', MONDAY, { quiet: [{ start: '13:00', end: '17:00' }] }, MONDAY],
])('an invite leaves at the right instant: %s', (_who, now, { zones = ['Europe/Berlin'], events = [], quiet = null, expiresAt = '2026-12-31T00:00:00Z' }, expected) => {
  const recipient: PlanRecipient = { zones, zoneSource: 'explicit', places: [], memberQuiet: quiet, isMinor: false, channel: 'email' };
  const plan = planFor(today, recipient, { from: Date.parse(now), expiresAt: Date.parse(expiresAt), eventDates: events });
  expect(new Date(plan.sendAt ?? 0).toISOString()).toBe(new Date(expected).toISOString());
  expect(plan.movedFrom !== undefined).toBe(plan.why.includes('moved to the peak Tue 14:00-16:00'));
});
