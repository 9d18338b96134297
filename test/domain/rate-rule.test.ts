import fc from 'fast-check';
import { NO_LEASE, slotsLeft, useSlots, withSlots } from '../../src/domain/limits/lease.ts';
import type { Lease } from '../../src/domain/limits/lease.ts';
import { limitedNetwork } from '../../src/domain/limits/limited-network.ts';
import { freeUnits, spacingUs, takeUnits, waitUs } from '../../src/domain/limits/rate-rule.ts';
import type { RateRule } from '../../src/domain/limits/rate-rule.ts';
import { FLOWS, memberRule, PUBLIC_RULES, TIERS, tierRule } from '../../src/domain/limits/tiers.ts';

const START_US = 1_780_000_000_000_000;
const rules = fc.record({ name: fc.constant('any'), quota: fc.integer({ min: 1, max: 5_000 }), windowSeconds: fc.constantFrom(1, 10, 60, 3600), burst: fc.integer({ min: 1, max: 40 }) });
const steps = fc.array(fc.record({ afterUs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 3_000_000 })), units: fc.integer({ min: 1, max: 12 }), process: fc.integer({ min: 0, max: 2 }) }), { maxLength: 80, size: 'max' });

type Use = { atUs: number; units: number };

/** The most that any span of the uses, wherever it begins and ends, went over what the rule allows for its length. */
function worstExcess(rule: RateRule, uses: readonly Use[]): number {
  let worst = Number.NEGATIVE_INFINITY;
  for (const [i, { atUs: fromUs }] of uses.entries()) {
    let units = 0;
    for (const use of uses.slice(i)) {
      units += use.units;
      worst = Math.max(worst, units - rule.burst - Math.floor((use.atUs - fromUs) / spacingUs(rule)));
    }
  }
  return worst;
}

test('in no span of time, wherever it begins, more than the burst and the rate go through', () => {
  fc.assert(fc.property(rules, steps, (rule, asked) => {
    let [fullAtUs, nowUs] = [0, START_US];
    const uses: Use[] = [];
    for (const { afterUs, units } of asked.filter((step) => step.units <= rule.burst)) {
      nowUs += afterUs;
      const taken = takeUnits(rule, fullAtUs, { need: units, want: units }, nowUs);
      fullAtUs = taken.fullAtUs;
      if (taken.granted > 0) uses.push({ atUs: nowUs, units: taken.granted });
    }
    expect(worstExcess(rule, uses)).toBeLessThanOrEqual(0);
  }));
});

test('nor when several processes lease slices, use them late, in any order, or never', () => {
  fc.assert(fc.property(rules, steps, fc.integer({ min: 1, max: 9 }), (rule, asked, slice) => {
    const spacing = spacingUs(rule);
    const leases: Lease[] = [NO_LEASE, NO_LEASE, NO_LEASE];
    let [fullAtUs, nowUs] = [0, START_US];
    const uses: Use[] = [];
    for (const { afterUs, units, process } of asked.filter((step) => step.units <= rule.burst)) {
      nowUs += afterUs;
      let lease = leases[process] ?? NO_LEASE;
      const missing = units - slotsLeft(lease, spacing, nowUs);
      if (missing > 0) {
        const taken = takeUnits(rule, fullAtUs, { need: missing, want: Math.max(missing, slice) }, nowUs);
        fullAtUs = taken.fullAtUs;
        lease = withSlots(lease, { fromUs: fullAtUs - taken.granted * spacing, untilUs: fullAtUs }, spacing, nowUs);
      }
      const found = useSlots(lease, units, spacing, nowUs);
      leases[process] = found?.left ?? lease;
      if (found !== null) uses.push({ atUs: nowUs, units });
    }
    expect(worstExcess(rule, uses)).toBeLessThanOrEqual(0);
  }));
});

test('who asks again after the wait that was named gets through, and not a microsecond sooner', () => {
  fc.assert(fc.property(rules, fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 20 }), fc.integer({ min: 1, max: 60 }), (rule, before, need) => {
    let fullAtUs = 0;
    for (const units of before) fullAtUs = takeUnits(rule, fullAtUs, { need: units, want: units }, START_US).fullAtUs;
    const wait = waitUs(rule, fullAtUs, need, START_US);
    expect(takeUnits(rule, fullAtUs, { need, want: need }, START_US + wait).granted).toBe(need);
    if (wait > 0) expect(takeUnits(rule, fullAtUs, { need, want: need }, START_US + wait - 1).granted).toBe(0);
  }));
});

test('a full bucket gives its burst at once, and more only to one request that needs more', () => {
  const rule = { name: 'five', quota: 60, windowSeconds: 60, burst: 5 };
  expect(freeUnits(rule, 0, START_US)).toBe(5);
  expect(takeUnits(rule, 0, { need: 1, want: 9 }, START_US).granted).toBe(5);
  const debt = takeUnits(rule, 0, { need: 20, want: 20 }, START_US);
  expect(debt).toEqual({ granted: 20, fullAtUs: START_US + 20_000_000 });
  expect(takeUnits(rule, debt.fullAtUs, { need: 1, want: 1 }, START_US + 15_999_999).granted).toBe(0);
  expect(takeUnits(rule, debt.fullAtUs, { need: 1, want: 1 }, START_US + 16_000_000).granted).toBe(1);
});

test('what is given back of a lease can be used as long as its time has not passed', () => {
  const lease = withSlots(NO_LEASE, { fromUs: START_US, untilUs: START_US + 50 }, 10, START_US);
  const found = useSlots(lease, 3, 10, START_US);
  expect(found).not.toBeNull();
  const again = withSlots(found?.left ?? NO_LEASE, found?.used[0] ?? { fromUs: 0, untilUs: 0 }, 10, START_US);
  expect([slotsLeft(again, 10, START_US), slotsLeft(again, 10, START_US + 1), slotsLeft(again, 10, START_US + 40), slotsLeft(again, 10, START_US + 41)]).toEqual([5, 4, 1, 0]);
  expect(useSlots(again, 6, 10, START_US)).toBeNull();
});

test('a larger tier allows more of everything, the largest sets no limit, and no rule has a burst beyond its quota', () => {
  const limited = TIERS.filter((tier) => tier !== 'unlimited');
  for (const flow of FLOWS) {
    expect(tierRule('unlimited', flow)).toBeNull();
    const found = limited.map((tier) => tierRule(tier, flow));
    const rates = found.map((rule) => (rule === null ? 0 : rule.quota / rule.windowSeconds));
    expect(rates).toEqual(rates.toSorted((a, b) => a - b));
    expect(new Set(rates).size).toBe(limited.length);
    const bursts = found.map((rule) => rule?.burst ?? 0);
    expect(bursts).toEqual(bursts.toSorted((a, b) => a - b));
  }
  const all = [...limited.flatMap((tier) => FLOWS.map((flow) => tierRule(tier, flow))), ...limited.map(memberRule), ...Object.values(PUBLIC_RULES)];
  for (const rule of all) {
    expect(rule).not.toBeNull();
    if (rule === null) continue;
    expect(rule.burst).toBeGreaterThanOrEqual(1);
    expect(rule.burst).toBeLessThanOrEqual(rule.quota);
    expect((rule.windowSeconds * 1_000_000) % rule.quota).toBe(0);
  }
});

test.each([
  ['203.0.113.9', '203.0.113.9'],
  ['::ffff:203.0.113.9', '203.0.113.9'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['127.0.0.1', null], ['::1', null], ['::ffff:127.0.0.1', null], ['10.1.2.3', null], ['172.16.0.1', null], ['172.31.9.9', null], ['172.32.0.1', '172.32.0.1'],
  ['192.168.1.1', null], ['192.169.1.1', '192.169.1.1'], ['169.254.1.1', null], ['fe80::1', null], ['fd00::1', null], ['fcab:1::1', null], ['fd:1::1', 'fd:1:0:0::/64'], ['', null], ['nowhere', null],
])('the address %j is counted as %j', (address, network) => {
  expect(limitedNetwork(address)).toBe(network);
});
