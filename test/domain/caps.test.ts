import fc from 'fast-check';
import { capBucket, nextBucketAt, nextLocalDayAt } from '../../src/domain/invite/cap-bucket.ts';
import { capRuleOf, type CapRule } from '../../src/domain/invite/cap.ts';
import type { LawfulPlan } from '../../src/domain/invite/lawful-plan.ts';
import { takeCap, type PlanFrom } from '../../src/domain/invite/take-cap.ts';
import { planSend, type SendTimeRules } from '../../src/domain/send-time/plan-send.ts';

const HOUR_MS = 3_600_000;
const NOON = Date.parse('2026-06-10T12:00:00Z');
const BUSINESS = capRuleOf({ profile: 'business' }, undefined);

test.each<[string, CapRule]>([
  ['a consumer: 10 a day, more is refused', { invites: 10, per: 'day', excess: 'refuse' }],
  ['a business: 50 an hour, more is deferred', { invites: 50, per: 'hour', excess: 'defer' }],
])('%s', (name, rule) => {
  expect(capRuleOf({ profile: name.includes('consumer') ? 'consumer' : 'business' }, { invites: 1, per: 'day', excess: 'defer' })).toEqual(rule);
});

test('the profile "tenant" is the tenant\'s own cap, and a consumer\'s where it has set none', () => {
  expect(capRuleOf({ profile: 'tenant' }, { invites: 7, per: 'hour', excess: 'refuse' })).toEqual({ invites: 7, per: 'hour', excess: 'refuse' });
  expect(capRuleOf({ profile: 'tenant' }, undefined)).toEqual({ invites: 10, per: 'day', excess: 'refuse' });
  expect(capRuleOf({ perMemberPerDay: 3 }, undefined)).toEqual({ invites: 3, per: 'day', excess: 'refuse' });
});

const planWith = (rules: SendTimeRules, now: number): PlanFrom => (_key, notBefore): LawfulPlan =>
  ({ ...planSend({ now, zone: 'Europe/Paris', rules: { ...rules, ...(notBefore === null ? {} : { notBefore: new Date(notBefore).toISOString() }) } }), law: [] });

function sendAll(count: number, rule: CapRule, plan: PlanFrom, used: [string, number][] = []): (number | string)[] {
  const take = takeCap({ rule, zone: 'Europe/Paris', used: new Map(used) }, NOON, plan);
  return Array.from({ length: count }, () => {
    const taken = take('paris');
    return taken.outcome === 'planned' ? taken.plan.sendAt : taken.reason;
  });
}

test('of 120 invites 50 leave in each hour, the first at once, none is refused', () => {
  const sent = sendAll(120, BUSINESS, planWith({}, NOON));
  expect(sent.slice(0, 50)).toEqual(Array.from({ length: 50 }, () => NOON));
  expect(sent.slice(50, 100)).toEqual(Array.from({ length: 50 }, () => NOON + HOUR_MS));
  expect(sent.slice(100)).toEqual(Array.from({ length: 20 }, () => NOON + 2 * HOUR_MS));
});

test('what the hour has used before counts, and an hour outside the window is no free time', () => {
  const untilThree = { layers: [{ windows: [{ start: '08:00', end: '15:00' }] }] };
  const sent = sendAll(3, { ...BUSINESS, invites: 2 }, planWith(untilThree, NOON), [['2026-06-10T12', 1]]);
  expect(sent).toEqual([NOON, Date.parse('2026-06-11T06:00:00Z'), Date.parse('2026-06-11T06:00:00Z')]);
});

test('an invite that finds no hour with room before it expires is refused as capped', () => {
  const plan = planWith({ expiresAt: '2026-06-10T13:30:00Z' }, NOON);
  expect(sendAll(3, { ...BUSINESS, invites: 1 }, plan)).toEqual([NOON, NOON + HOUR_MS, 'cap_reached']);
});

test('a deferral says what put it off', () => {
  const take = takeCap({ rule: { ...BUSINESS, invites: 1 }, zone: 'UTC', used: new Map([['2026-06-10T12', 1]]) }, NOON, planWith({}, NOON));
  const taken = take('paris');
  expect(taken).toMatchObject({ outcome: 'planned', bucket: '2026-06-10T13', plan: { why: expect.stringContaining('cap of 1 an hour puts it off') } });
});

test('whatever was used before, no hour ever holds more than the cap', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 60 }), fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 6 }), (invites, count, before) => {
    const used = before.map((n, hour): [string, number] => [capBucket(NOON + hour * HOUR_MS, 'hour', 'UTC'), Math.min(n, invites)]);
    const full = new Map(used);
    for (const at of sendAll(count, { invites, per: 'hour', excess: 'defer' }, planWith({ layers: [{ windows: [{ start: '09:00', end: '17:30' }] }] }, NOON), used)) {
      if (typeof at === 'string') throw new Error(at);
      const bucket = capBucket(at, 'hour', 'UTC');
      full.set(bucket, (full.get(bucket) ?? 0) + 1);
      expect(full.get(bucket)).toBeLessThanOrEqual(invites);
    }
  }), { seed: 11, numRuns: 200 });
});

test.each([
  ['an ordinary day', '2026-06-10T12:00:00Z', 'Europe/Paris', '2026-06-10T22:00:00Z'],
  ['the day the clock goes forward at midnight', '2026-03-28T20:00:00Z', 'Asia/Beirut', '2026-03-28T22:00:00Z'],
  ['the day of 25 hours', '2026-10-25T00:00:00Z', 'Europe/Paris', '2026-10-25T23:00:00Z'],
  ['the date Samoa left out', '2011-12-30T09:00:00Z', 'Pacific/Apia', '2011-12-30T10:00:00Z'],
])('the next local date begins when the clock shows it: %s', (_name, at, zone, next) => {
  expect(new Date(nextLocalDayAt(Date.parse(at), zone)).toISOString()).toBe(new Date(next).toISOString());
});

test('the next span begins right after the last instant of this one', () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 4_000_000_000_000 }), fc.constantFrom('UTC', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Apia', 'Australia/Lord_Howe'), fc.constantFrom('day' as const, 'hour' as const), (at, zone, per) => {
    const next = nextBucketAt(at, per, zone);
    expect(capBucket(next - 1, per, zone)).toBe(capBucket(at, per, zone));
    expect(capBucket(next, per, zone) > capBucket(at, per, zone)).toBe(true);
  }), { seed: 3, numRuns: 300 });
});

test('a thousand recipients of a thousand kinds under a cap that is full for weeks cost a few plans each', () => {
  let plans = 0;
  const plan = planWith({}, NOON);
  const counted: PlanFrom = (key, notBefore) => { plans += 1; return plan(key, notBefore); };
  const full = Array.from({ length: 500 }, (_, hour): [string, number] => [capBucket(NOON + hour * HOUR_MS, 'hour', 'UTC'), 50]);
  const take = takeCap({ rule: BUSINESS, zone: 'UTC', used: new Map(full) }, NOON, counted);
  const last = Array.from({ length: 1_000 }, (_, kind) => take(String(kind))).at(-1);
  expect(last).toMatchObject({ outcome: 'planned', plan: { sendAt: NOON + 519 * HOUR_MS } });
  expect(plans).toBe(2_000);
});

test('caps of one map never let out more together than one of them', () => {
  const used = new Map<string, number>();
  const cap = { rule: { ...BUSINESS, invites: 2 }, zone: 'UTC', used };
  const takers = [1, 2].map(() => takeCap(cap, NOON, planWith({}, NOON), used));
  const sent = [0, 1, 0, 1].flatMap((taker) => { const taken = takers[taker]?.('one'); return taken?.outcome === 'planned' ? [(taken.plan.sendAt - NOON) / HOUR_MS] : []; });
  expect(sent).toEqual([0, 0, 1, 1]);
});
