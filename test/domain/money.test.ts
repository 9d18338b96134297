import fc from 'fast-check';
import { allocate } from '../../src/domain/money/allocate.ts';
import { addMinor, amountProblem, isAmount, MOST_MINOR } from '../../src/domain/money/amount.ts';
import { CURRENCY_EXPONENTS, isCurrency } from '../../src/domain/money/currencies.ts';
import { decimalText } from '../../src/domain/money/decimal-text.ts';
import { readMoney } from '../../src/domain/money/money.ts';
import { percentOf } from '../../src/domain/money/percent.ts';
import { unitKind, unitProblem } from '../../src/domain/money/unit.ts';

const amounts = fc.oneof(fc.integer({ min: 0, max: 100_000 }), fc.maxSafeNat());

test.each([['EUR', 2], ['USD', 2], ['JPY', 0], ['KRW', 0], ['ISK', 0], ['UGX', 0], ['KWD', 3], ['TND', 3], ['MGA', 2], ['HUF', 2]])('%s has %i decimals, as ISO 4217 says', (code, exponent) => {
  expect(CURRENCY_EXPONENTS.get(code)).toBe(exponent);
});

test.each(['eur', 'EURO', 'XXX', 'XAU', 'CLF', 'BTC', 'HRK', '', '__proto__', 'constructor'])('%j is no currency we keep books in', (code) => {
  expect(isCurrency(code)).toBe(false);
});

test('every listed code is one the platform knows, and none is lost unnoticed', () => {
  const known = new Set(Intl.supportedValuesOf('currency'));
  // Newer than the tables of the oldest platform we run on.
  const newer = new Set(['XCG', 'ZWG']);
  expect([...CURRENCY_EXPONENTS.keys()].filter((code) => !known.has(code) && !newer.has(code))).toEqual([]);
  expect(CURRENCY_EXPONENTS.size).toBe(154);
});

test.each<[unknown, string]>([
  [12.5, 'is 12.5; minor units (cents) have no fractions'],
  [-1, 'is -1; at least 1 is needed'],
  [0, 'is 0; at least 1 is needed'],
  [-0, 'is 0; at least 1 is needed'],
  [2 ** 53, `is more than ${String(MOST_MINOR)} minor units`],
  [Number.POSITIVE_INFINITY, `is more than ${String(MOST_MINOR)} minor units`],
  [Number.NaN, 'must be a number of minor units (cents)'],
  ['100', 'must be a number of minor units (cents)'],
  [null, 'must be a number of minor units (cents)'],
  [1n, 'must be a number of minor units (cents)'],
])('the amount %p is refused: %s', (value, problem) => {
  expect(amountProblem(value)).toBe(problem);
  expect(readMoney(value, 'EUR')).toEqual({ outcome: 'refused', reason: 'invalid_amount', detail: `amountMinor: ${problem}` });
});

test('the largest amount is taken, and nothing is allowed only where it is asked for', () => {
  expect(readMoney(MOST_MINOR, 'jpy')).toEqual({ outcome: 'money', money: { amountMinor: MOST_MINOR, currency: 'JPY' } });
  expect(readMoney(0, 'EUR', 0)).toEqual({ outcome: 'money', money: { amountMinor: 0, currency: 'EUR' } });
  expect(isAmount(-0, 0)).toBe(false);
});

test.each([['BTC'], ['XXX'], [''], [undefined], [42]])('a payment in %p is refused as a currency that is not supported', (currency) => {
  expect(readMoney(100, currency)).toMatchObject({ outcome: 'refused', reason: 'currency_not_supported' });
});

test('a sum that could no longer be told from its neighbour is an error, not a rounded amount', () => {
  expect(addMinor(MOST_MINOR, -MOST_MINOR, 5)).toBe(5);
  expect(() => addMinor(MOST_MINOR, 1)).toThrow(RangeError);
});

test.each([[10_000, 1500, 1500], [9_999, 1500, 1499], [1, 1500, 0], [6, 1500, 0], [7, 1500, 1], [MOST_MINOR, 10_000, MOST_MINOR], [MOST_MINOR, 1, 900_719_925_474], [0, 1500, 0]])(
  'of %i minor units %i basis points are %i', (amountMinor, basisPoints, part) => {
    expect(percentOf(amountMinor, basisPoints)).toBe(part);
  },
);

test('a percentage never exceeds the exact share, is less than one unit below it, and never grows when the payment shrinks', () => {
  fc.assert(fc.property(amounts, fc.nat(10_000), amounts, (amountMinor, basisPoints, less) => {
    const part = percentOf(amountMinor, basisPoints);
    const exact = BigInt(amountMinor) * BigInt(basisPoints);
    expect(BigInt(part) * 10_000n <= exact && (BigInt(part) + 1n) * 10_000n > exact).toBe(true);
    expect(percentOf(Math.max(0, amountMinor - less), basisPoints)).toBeLessThanOrEqual(part);
  }));
});

test.each([
  [100, [1, 1, 1], [34, 33, 33]],
  [5, [50, 30, 20], [3, 1, 1]],
  [1, [0, 1], [0, 1]],
  [0, [1, 2], [0, 0]],
  [7, [3], [7]],
  [2, [1, 1, 1], [1, 1, 0]],
])('%i by the weights %j is %j', (amountMinor, weights, parts) => {
  expect(allocate(amountMinor, weights)).toEqual(parts);
});

test('a split keeps the sum, gives nothing for no weight, and strays less than a unit from each exact share', () => {
  const given = fc.array(amounts, { minLength: 1, maxLength: 12 }).filter((weights) => weights.some((weight) => weight > 0));
  fc.assert(fc.property(amounts, given, (amountMinor, weights) => {
    const parts = allocate(amountMinor, weights);
    const total = weights.reduce((sum, weight) => sum + BigInt(weight), 0n);
    expect(parts.reduce((sum, part) => sum + BigInt(part), 0n)).toBe(BigInt(amountMinor));
    for (const [place, part] of parts.entries()) {
      const offBy = BigInt(part) * total - BigInt(amountMinor) * BigInt(weights[place] ?? 0);
      expect(offBy < total && -offBy < total).toBe(true);
      if (weights[place] === 0) expect(part).toBe(0);
    }
  }));
});

test('a split by nothing is refused', () => {
  expect(() => allocate(5, [])).toThrow(RangeError);
  expect(() => allocate(5, [0, 0])).toThrow(RangeError);
  expect(() => allocate(5, [-1, 2])).toThrow(RangeError);
  expect(() => allocate(1.5, [1])).toThrow(RangeError);
});

const OWN = new Set(['points', 'xp', 'shield']);
test.each([['EUR', 'currency'], ['points', 'tenant'], ['shield', 'tenant'], ['gems', null], ['BTC', null], ['Points', null], ['', null]])('the unit %j is %j', (unit, kind) => {
  expect(unitKind(unit, OWN)).toBe(kind);
});

test('an unusable unit is told what could be used', () => {
  expect(unitProblem('gems', OWN)).toBe('"gems" is no unit of yours; use an ISO 4217 code or one of points, shield, xp');
  expect(unitProblem('BTC', OWN)).toBe('"BTC" is no currency we keep books in (currency_not_supported)');
  expect(unitProblem('gems', new Set())).toBe('"gems" is no unit of yours; use an ISO 4217 code or define a unit first');
  expect(unitProblem('EUR', OWN)).toBeNull();
});

test.each([[1234, 'EUR', '12.34'], [5, 'EUR', '0.05'], [-5, 'EUR', '-0.05'], [1234, 'JPY', '1234'], [1234, 'KWD', '1.234'], [0, 'KWD', '0.000'], [3, 'shield', '3'], [MOST_MINOR, 'USD', '90071992547409.91']])(
  '%i of %s is written %s', (amountMinor, unit, text) => {
    expect(decimalText(amountMinor, unit)).toBe(text);
  },
);
