import { isPermittedAt, planSend } from '../../src/domain/send-time/plan-send.ts';
import type { SendTimeRules } from '../../src/domain/send-time/plan-send.ts';

const zone = 'America/New_York';
const day = { layers: [{ label: 'send-window', windows: [{ start: '08:00', end: '21:00' }] }] };
const never = { layers: [{ label: 'shut', windows: [] }] };
const transactional = { ...day, class: 'transactional' as const };

function answer(now: string, rules: SendTimeRules, zoneName: string | null = zone): string {
  const plan = planSend({ now: Date.parse(now), zone: zoneName, rules });
  return plan.sendAt === null ? plan.outcome : `${plan.outcome} ${new Date(plan.sendAt).toISOString()}`;
}

function until(now: string, rules: SendTimeRules, zoneName: string | null = zone): string {
  const plan = planSend({ now: Date.parse(now), zone: zoneName, rules });
  return 'permittedUntil' in plan ? new Date(plan.permittedUntil).toISOString() : plan.outcome;
}

function why(now: string, rules: SendTimeRules, zoneName: string | null = zone): string {
  return planSend({ now: Date.parse(now), zone: zoneName, rules }).why;
}

const NOON = '2026-06-10T16:00:00Z';
const NIGHT = '2026-06-11T03:30:00Z';
const stop = { from: '2026-06-11T03:00:00Z', to: '2026-06-11T04:00:00Z' };

describe('the drop policy', () => {
  test.each([
    ['drops what may not leave now', NIGHT, day, 'dropped'],
    ['sends what may', NOON, day, 'send_now 2026-06-10T16:00:00.000Z'],
    ['waits for notBefore when that is permitted', NOON, { ...day, notBefore: '2026-06-10T18:00:00Z' }, 'deferred 2026-06-10T18:00:00.000Z'],
    ['drops when notBefore falls into a closed time', NOON, { ...day, notBefore: NIGHT }, 'dropped'],
    ['drops a transactional message in a hard stop', NIGHT, { ...transactional, hardStops: [stop] }, 'dropped'],
    ['says expired first', NIGHT, { ...day, expiresAt: NIGHT }, 'expired'],
    ['says expired when notBefore is too late, closed or not', NOON, { ...day, notBefore: NIGHT, expiresAt: '2026-06-11T01:00:00Z' }, 'expired'],
    ['says dropped for what never opens', NIGHT, never, 'dropped'],
  ])('%s', (_promise, now, rules: SendTimeRules, expected) => {
    expect(answer(now, { ...rules, policy: 'drop' })).toBe(expected);
  });
});

describe('the longest wait', () => {
  test.each([
    ['exactly as long is allowed', { ...day, maxDelayMinutes: 510 }, 'deferred 2026-06-11T12:00:00.000Z'],
    ['a moment longer is not', { ...day, maxDelayMinutes: 509.9999 }, 'dropped'],
    ['zero minutes drop what waits', { ...day, maxDelayMinutes: 0 }, 'dropped'],
    ['is counted from now, not from notBefore', { ...day, notBefore: '2026-06-11T12:00:00Z', maxDelayMinutes: 60 }, 'dropped'],
    ['binds transactional messages', { ...transactional, hardStops: [stop], maxDelayMinutes: 29 }, 'dropped'],
    ['never stays never', { ...never, maxDelayMinutes: 0 }, 'never'],
  ])('%s', (_promise, rules: SendTimeRules, expected) => {
    expect(answer(NIGHT, rules)).toBe(expected);
  });
});

describe('expiry', () => {
  test.each([
    ['one minute short of the minimum life', '2026-06-10T11:30:00Z', { ...day, expiresAt: '2026-06-10T12:30:00Z', minRemainingMinutes: 31 }, 'expired'],
    ['too little life at the start', NOON, { ...day, expiresAt: '2026-06-10T16:29:59.999Z', minRemainingMinutes: 30 }, 'expired'],
    ['just enough life at the start', NOON, { ...day, expiresAt: '2026-06-10T16:30:00Z', minRemainingMinutes: 30 }, 'send_now 2026-06-10T16:00:00.000Z'],
    ['notBefore after it', NOON, { ...day, notBefore: '2026-06-12T16:00:00Z', expiresAt: '2026-06-11T16:00:00Z' }, 'expired'],
    ['a minimum life without an expiry changes nothing', NOON, { ...day, minRemainingMinutes: 1e9 }, 'send_now 2026-06-10T16:00:00.000Z'],
    ['a window that never opens', NOON, { ...never, expiresAt: '2027-06-10T16:00:00Z' }, 'expired'],
    ['an expiry beyond the horizon', NOON, { ...never, expiresAt: '2028-06-10T16:00:00Z' }, 'never'],
    ['transactional, with a hard stop to its end', NIGHT, { ...transactional, hardStops: [stop], expiresAt: stop.to }, 'expired'],
  ])('%s', (_promise, now, rules: SendTimeRules, expected) => {
    expect(answer(now, rules)).toBe(expected);
  });

  test('permittedUntil is the first instant that is too late', () => {
    const rules = { ...day, expiresAt: '2026-06-10T17:00:00Z', minRemainingMinutes: 30 };
    expect(until(NOON, rules)).toBe('2026-06-10T16:30:00.001Z');
    expect(isPermittedAt({ at: Date.parse('2026-06-10T16:30:00Z'), zone, rules })).toBe(true);
    expect(isPermittedAt({ at: Date.parse('2026-06-10T16:30:00.001Z'), zone, rules })).toBe(false);
    expect(until(NOON, { ...day, expiresAt: '2026-06-10T17:00:00Z' })).toBe('2026-06-10T17:00:00.000Z');
  });
});

describe('blackout dates', () => {
  const evening = { windows: [{ start: '20:00', end: '02:00' }] };
  const barred = { blackoutDates: ['2026-06-10'] };
  test.each([
    ['close the whole local date', '2026-06-10T04:00:00Z', { ...barred, layers: [] }, 'deferred 2026-06-11T04:00:00.000Z'],
    ['cut the tail of the evening before', '2026-06-10T05:00:00Z', { ...barred, layers: [evening] }, 'deferred 2026-06-12T00:00:00.000Z'],
    ['bar the tail of a window that starts on them', '2026-06-11T05:00:00Z', { ...barred, layers: [evening] }, 'deferred 2026-06-12T00:00:00.000Z'],
    ['leave an overlapping window of the next day open', '2026-06-11T05:00:00Z', { ...barred, layers: [{ windows: [...evening.windows, { start: '01:30', end: '03:00' }] }] }, 'deferred 2026-06-11T05:30:00.000Z'],
    ['do not lift quiet ranges that start on them', '2026-06-11T05:00:00Z', { ...barred, layers: [{ quiet: [{ start: '22:00', end: '07:00' }] }] }, 'deferred 2026-06-11T11:00:00.000Z'],
    ['count in every candidate zone', '2026-06-11T06:00:00Z', { ...barred, zones: ['Asia/Tokyo', 'America/Los_Angeles'] }, 'deferred 2026-06-11T07:00:00.000Z'],
    ['bar by its own date a window with its own zone', '2026-06-11T05:00:00Z', { ...barred, layers: [{ zone: 'Pacific/Honolulu', windows: [{ start: '08:00', end: '23:00' }] }] }, 'deferred 2026-06-11T18:00:00.000Z'],
    ['do not close an instant by the date of a quiet layer elsewhere', '2026-06-11T05:00:00Z', { ...barred, layers: [{ zone: 'Pacific/Honolulu', quiet: [{ start: '00:00', end: '08:00' }] }] }, 'send_now 2026-06-11T05:00:00.000Z'],
    ['do not bind transactional messages', '2026-06-10T05:00:00Z', { ...barred, class: 'transactional' as const }, 'send_now 2026-06-10T05:00:00.000Z'],
    ['bar one tail, not that of the week after', '2026-06-03T16:00:00Z', { blackoutDates: ['2026-06-03'], layers: [{ windows: [{ days: [3], start: '20:00', end: '02:00' }], quiet: [{ start: '20:00', end: '24:00' }] }] }, 'deferred 2026-06-11T04:00:00.000Z'],
    ['may follow each other over new year', '2026-12-31T12:00:00Z', { blackoutDates: ['2027-01-01', '2026-12-31'] }, 'deferred 2027-01-02T05:00:00.000Z'],
  ])('%s', (_promise, now, rules: SendTimeRules, expected) => {
    expect(answer(now, rules)).toBe(expected);
  });
});

describe('hard stops', () => {
  test('hold a transactional message to their end and close it again at the next', () => {
    const rules = { ...transactional, hardStops: [{ from: '2026-06-14T00:00:00Z', to: '2026-06-15T00:00:00Z' }, { from: '2026-06-12T00:00:00Z', to: '2026-06-13T00:00:00Z' }, stop] };
    expect(answer(NIGHT, rules, null)).toBe('deferred 2026-06-11T04:00:00.000Z');
    expect(until(NIGHT, rules, null)).toBe('2026-06-12T00:00:00.000Z');
  });

  test('that touch or lie in each other are one', () => {
    const hardStops = [
      { from: '2026-06-11T04:00:00Z', to: '2026-06-11T06:00:00.007Z' },
      { from: '2026-06-11T00:00:00Z', to: '2026-06-11T05:00:00Z' },
      { from: '2026-06-11T01:00:00Z', to: '2026-06-11T02:00:00Z' },
    ];
    expect(answer('2026-06-11T01:30:00Z', { class: 'transactional', hardStops })).toBe('deferred 2026-06-11T06:00:00.007Z');
    expect(answer('2026-06-10T23:59:59.999Z', { class: 'transactional', hardStops })).toBe('send_now 2026-06-10T23:59:59.999Z');
  });
});

describe('a growth manager can read why', () => {
  test.each([
    [NIGHT, day, 'Waits for "send-window" (08:00-21:00) in America/New_York: opens Thu 11 June 08:00.'],
    [NOON, day, 'Sends now: every rule permits Wed 10 June 12:00 in America/New_York.'],
    [NIGHT, { ...day, policy: 'drop' as const }, 'Dropped: Wed 10 June 23:30 in America/New_York is not permitted by "send-window" (08:00-21:00) in America/New_York, and the policy is to drop, not to wait.'],
    [NIGHT, { ...day, maxDelayMinutes: 60 }, 'Dropped: the first permitted time, Thu 11 June 08:00 in America/New_York, is 510 minutes away and at most 60 are allowed.'],
    [NIGHT, never, 'Never: "shut" (no window) in America/New_York leaves no permitted time in the next 400 days.'],
    [NOON, { notBefore: '2027-06-10T16:00:30Z' }, 'Held until Thu 10 June 2027 12:00:30 in America/New_York (notBefore).'],
    [NIGHT, { ...transactional, hardStops: [stop] }, 'Waits for a hard stop (until Thu 11 June 00:00 in America/New_York): opens Thu 11 June 00:00 in America/New_York.'],
    ['2026-06-10T05:00:00Z', { blackoutDates: ['2026-06-10'] }, 'Waits for the blackout date Wed 10 June in America/New_York: opens Thu 11 June 00:00.'],
    [NOON, { layers: [{ zone: 'Asia/Tokyo', quiet: [{ days: [1, 2, 3, 4], start: '00:00', end: '09:00' }] }] }, 'Waits for "layer 1" (quiet Mon-Thu 00:00-09:00) in Asia/Tokyo: opens Thu 11 June 09:00.'],
  ])('%s %j', (now, rules: SendTimeRules, sentence) => {
    expect(why(now, rules)).toBe(sentence);
  });
});
