import fc from 'fast-check';
import metadata from 'libphonenumber-js/max/metadata';
import { z } from 'zod';
import { parsePhone } from '../../src/domain/contact/phone-number.ts';
import given from './cases/phone-numbers.json';

const verdict = (text: string, country?: string): string => {
  const phone = parsePhone(text, country);
  return phone.outcome === 'valid' ? `${phone.e164} ${phone.country ?? '-'} ${phone.kind} ${phone.takesSms}` : phone.reason;
};

describe('a number as people write it', () => {
  test.each([
    ['+4915123456789', '+4915123456789 DE mobile yes'],
    ['+49 151 23456789', '+4915123456789 DE mobile yes'],
    ['  +49 151 23456789\n', '+4915123456789 DE mobile yes'],
    ['+49 (0) 151 / 234-567-89', '+4915123456789 DE mobile yes'],
    ['+49\u00a0151\u202f234\u201156789', '+4915123456789 DE mobile yes'],
    ['+49 0151 23456789', '+4915123456789 DE mobile yes'],
    ['+1 (212) 555-0100', '+12125550100 US fixed_or_mobile maybe'],
    ['+1.613.555.1234', '+16135551234 CA fixed_or_mobile maybe'],
    ['+49 30 123456', '+4930123456 DE fixed no'],
    ['+39 06 698 1234', '+39066981234 VA fixed no'],
    ['+44 56 1234 5678', '+445612345678 GB voip maybe'],
    ['+5511912345678', '+5511912345678 BR mobile yes'],
    ['+290 51234', '+29051234 SH mobile yes'],
  ])('%j', (text, expected) => {
    expect(verdict(text)).toBe(expected);
  });

  test.each([
    ['0151 23456789', 'DE', '+4915123456789 DE mobile yes'],
    ['0151 23456789', 'de', '+4915123456789 DE mobile yes'],
    ['(212) 555-0100', 'US', '+12125550100 US fixed_or_mobile maybe'],
    ['00 33 6 12 34 56 78', 'DE', '+33612345678 FR mobile yes'],
    ['+33612345678', 'DE', '+33612345678 FR mobile yes'],
    ['0900 1234567', 'DE', 'premium_rate'],
    ['00881 6 12345678', 'DE', 'satellite'],
    ['0151 23456789', 'ZZ', 'no_country'],
    ['0151 23456789', 'constructor', 'no_country'],
    ['0151 23456789', '', 'no_country'],
  ])('%j at home in %j', (text, country, expected) => {
    expect(verdict(text, country)).toBe(expected);
  });
});

describe('what is no number of anybody is refused', () => {
  test.each([
    ['', 'The phone number has no digits.'],
    [' \t', 'The phone number has no digits.'],
    ['+', 'The phone number has no digits.'],
    ['(-)', 'The phone number has no digits.'],
    ['0151 23456789', 'The phone number needs its country code: begin with + as in +49 151 23456789.'],
    ['0049 151 23456789', 'The phone number needs its country code: begin with + as in +49 151 23456789.'],
    ['112', 'The phone number needs its country code: begin with + as in +49 151 23456789.'],
    ['+999 12345678', 'No country has the country code with which the phone number begins.'],
    ['+871 123456789', 'No country has the country code with which the phone number begins.'],
    ['+0049 151 23456789', 'No country has the country code with which the phone number begins.'],
    ['+49', 'The phone number has too few digits for its country. Short codes and emergency numbers reach no person.'],
    ['+49 110', 'The phone number has too few digits for its country. Short codes and emergency numbers reach no person.'],
    ['+1 911', 'The phone number has too few digits for its country. Short codes and emergency numbers reach no person.'],
    ['+1 24365', 'The phone number has too few digits for its country. Short codes and emergency numbers reach no person.'],
    ['+1 212 555 01000', 'The phone number has too many digits for its country.'],
    ['+33 6 12 34 56 78 9', 'The phone number has too many digits for its country.'],
    ['+1 242 555 1234', 'The phone number has the right length, but its country has given out no numbers that begin like it.'],
    ['+1 023 456 7890', 'The phone number has the right length, but its country has given out no numbers that begin like it.'],
    ['9'.repeat(40_000), 'The phone number must not be longer than 40 characters.'],
    [`+49${' '.repeat(40)}15123456789`, 'The phone number must not be longer than 40 characters.'],
  ])('%j', (text, detail) => {
    expect(parsePhone(text)).toMatchObject({ outcome: 'refused', detail });
  });

  test.each([
    ['++4915123456789'], ['+49+15123456789'], ['4915123456789+'], ['+49 151 23456789 ext. 5'], ['+4915123456789;ext=5'], ['+4915123456789x5'], ['tel:+4915123456789'], ['+1 800 FLOWERS'], ['+49 CALL ME'],
    ['+4915123456789\r\nBcc: x@x.example'], ['+49151\n23456789'], ['+49151\t23456789'], ['+49151\u000023456789'], ['+49151\u200b23456789'], ['\u202e+4915123456789'], ['\u202a+4915123456789\u202c'], ['+49 151 2345678９'], ['+٤٩١٥١٢٣٤٥٦٧٨٩'],
    ['＋4915123456789'], ['+4915123456789,+4915123456780'], ['+4915123456789;'], ['<+4915123456789>'], ['+49*15123456789'], ['+4915123456789#'], ['{{phone}}'], ['1e9'], ['+Infinity'],
  ])('%j', (text) => {
    expect(parsePhone(text)).toMatchObject({ outcome: 'refused', reason: 'invalid_phone', detail: expect.stringMatching(/^The phone number may hold a plus, digits/) });
  });
});

describe('numbers of services, and of networks without a country', () => {
  test.each([
    ['+1 900 234 5678', 'premium_rate'], ['+44 9012 345678', 'premium_rate'], ['+979 1 2345 6789', 'premium_rate'], ['+44 843 123 4567', 'premium_rate'],
    ['+49 137 1234567', 'shared_cost'], ['+808 1234 5678', 'shared_cost'], ['+49 180 1234567', 'shared_cost'],
    ['+1 800 555 1234', 'toll_free'], ['+1 888 555 1234', 'toll_free'], ['+800 1234 5678', 'toll_free'], ['+41 800 123 456', 'toll_free'],
    ['+870 301234567', 'satellite'], ['+881 6 1234 5678', 'satellite'], ['+881 8 1234 5678', 'satellite'], ['+882 16 1234567', 'satellite'], ['+882 99 1', 'satellite'], ['+883 5100 0123 4567', 'satellite'],
    ['+1 600 555 1234', 'satellite'], ['+61 147 101 234', 'satellite'], ['+61 145 101 234', 'satellite'], ['+86 1349 123 4567', 'satellite'], ['+86 1740 123 4567', 'satellite'], ['+90 592 212 1234', 'satellite'], ['+52 200 123 4567', 'satellite'], ['+675 275 1234', 'satellite'],
    ['+44 70 1234 5678', 'service_number'], ['+1 500 555 0006', 'service_number'], ['+44 7640 123456', 'service_number'], ['+888 123 456 78901', 'service_number'], ['+878 10 1234567890', 'service_number'], ['+49 700 12345678', 'service_number'],
  ])('%s is refused as %s, with what to give instead', (text, reason) => {
    expect(parsePhone(text)).toMatchObject({ outcome: 'refused', reason, detail: expect.stringMatching(/^This (?:is|number) .*\. Give the person's own number\.$/) });
  });
});

/** What becomes of the numbers that Google names as examples of each kind. Each other country and kind is as it says. */
const OTHERWISE: Readonly<Record<string, string>> = {
  // Withdrawn or moved since.
  'ZW+2631312345': 'invalid_phone', 'BJ+22985751234': 'invalid_phone', 'BJ+22981123456': 'invalid_phone', 'IR+989601': 'invalid_phone', 'BW+26779101234': 'mobile',
  // In a country's plan, of a satellite network.
  'MX+522001234567': 'satellite', 'AU+61147101234': 'satellite', 'CA+16002012345': 'satellite', 'CC+61147101234': 'satellite', 'CX+61147101234': 'satellite', 'PG+6752751234': 'satellite', 'TR+905922121234': 'satellite',
  // Universal international numbers, which Google counts as voice over the internet.
  '001+878101234567890': 'service_number',
};
const AS_SAID: Readonly<Record<string, readonly string[]>> = {
  fixed: ['fixed', 'fixed_or_mobile'], mobile: ['mobile', 'fixed_or_mobile'], voip: ['voip'],
  premium_rate: ['premium_rate'], shared_cost: ['shared_cost'], toll_free: ['toll_free'],
  uan: ['service_number'], personal_number: ['service_number'], pager: ['service_number'], voicemail: ['service_number'],
};

test.each(Object.entries(given.examples))('each country\'s example of a number that is %s is read as that', (kind, list) => {
  const surprises = list.split(' ').flatMap((example) => {
    const [country = '', digits = ''] = example.split('+');
    const phone = parsePhone(`+${digits}`);
    const read = phone.outcome === 'valid' ? phone.kind : phone.reason;
    const ofNoCountry = country === '001' && ['mobile', 'voip', 'voicemail'].includes(kind) ? ['satellite'] : AS_SAID[kind] ?? [];
    const expected = OTHERWISE[example] === undefined ? ofNoCountry : [OTHERWISE[example]];
    return expected.includes(read) ? [] : [`${example}: ${read}`];
  });
  expect(surprises).toEqual([]);
});

/** A country's plan as the package keeps it; its types stand at the twelfth place, in this order. */
const plan = z.tuple([z.string()]).rest(z.unknown());
const typesOf = z.array(z.union([z.tuple([z.string()]).rest(z.unknown()), z.unknown()]));
const TYPES = ['fixed', 'mobile', 'toll_free', 'premium_rate', 'personal_number', 'voicemail', 'uan', 'pager', 'voip', 'shared_cost'];
const ranges = Object.entries({ ...metadata.countries, ...metadata.nonGeographic }).flatMap(([country, raw]) => {
  const [code, ...rest] = plan.parse(raw);
  return typesOf.catch([]).parse(rest[10]).flatMap((type, place) => {
    const pattern: unknown = Array.isArray(type) ? type[0] : undefined;
    return typeof pattern === 'string' && pattern !== '' ? [{ country, code, kind: TYPES[place] ?? '', pattern }] : [];
  });
});
const numbersOf = ({ code, pattern }: (typeof ranges)[number]): fc.Arbitrary<string> => fc.stringMatching(new RegExp(`^(?:${pattern})$`)).map((digits) => `+${code}${digits}`);

test.each(['premium_rate', 'shared_cost', 'toll_free', 'personal_number', 'pager', 'voicemail', 'uan'])('no number of any country\'s range that is %s is ever taken', (kind) => {
  const ofKind = ranges.filter((range) => range.kind === kind);
  expect(ofKind.length).toBeGreaterThan(10);
  for (const range of ofKind) {
    fc.assert(fc.property(numbersOf(range), (number) => {
      expect([range.country, number, parsePhone(number).outcome]).toEqual([range.country, number, 'refused']);
    }), { numRuns: 25 });
  }
});

test('a number that is taken is E.164, is taken again as itself, and nothing else makes it throw', () => {
  const digits = fc.string({ unit: fc.constantFrom(...Array.from('0123456789+ -')), maxLength: 45 });
  const anything = fc.oneof(fc.string({ unit: 'binary' }), digits, digits.map((text) => `+${text}`), ...ranges.filter(({ kind }) => kind === 'mobile').slice(0, 40).map(numbersOf));
  let taken = 0;
  fc.assert(fc.property(anything, (text) => {
    const phone = parsePhone(text);
    if (phone.outcome === 'refused') {
      expect(phone.detail).toMatch(/^[A-Z][^\n]+\.$/);
      return;
    }
    taken += 1;
    expect(phone.e164).toMatch(/^\+[1-9]\d{6,14}$/);
    expect(parsePhone(phone.e164)).toEqual(phone);
  }), { numRuns: 5_000 });
  expect(taken).toBeGreaterThan(500);
});

test('no refusal repeats the number', () => {
  for (const text of ['+19002345678', '+881612345678', '+4915123', 'x+4915123456789', '+12425551234', '+16005551234']) {
    expect(JSON.stringify(parsePhone(text))).not.toContain(text.replaceAll(/\D/g, '').slice(-6));
  }
});
