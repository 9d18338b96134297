import fc from 'fast-check';
import { lawBookProblems, readLawBook } from '../../src/domain/law/law-book.ts';
import { lawRule } from './law-sample.ts';

const book = (...rules: unknown[]) => ({ edition: '2026-11-21', rules });
const problemsOf = (more: object) => lawBookProblems(book({ ...lawRule(), ...more }));
const without = (field: string) => lawBookProblems(book(Object.fromEntries(Object.entries(lawRule()).filter(([name]) => name !== field))));

test('a book as it should be has no problems, its optional fields included', () => {
  expect(lawBookProblems(book(lawRule()))).toEqual([]);
  expect(lawBookProblems({ ...book(), note: 'empty' })).toEqual([]);
  expect(lawBookProblems(book(
    lawRule({ exceptPlaces: ['US-TX'], months: [1, 2], dates: ['2026-12-25'], note: 'n', inForceSince: 'unknown' }),
    lawRule({ id: 'minors', audience: 'minors', minorBelowAge: 16, quiet: [{ days: [1], start: '22:00', end: '06:00' }], inForceSince: '2024-07' }),
    lawRule({ id: 'part-of-germany', places: ['DE-BY', 'FR'], inForceSince: '1999' }),
  ))).toEqual([]);
});

test.each<[string, unknown, string]>([
  ['nothing', undefined, 'book: nothing is not an object with edition and rules'],
  ['a list', [], 'book: a list is not an object with edition and rules'],
  ['no rules', { edition: 'x' }, 'rules: nothing is not a list'],
  ['an edition without a name', { edition: '', rules: [] }, 'edition: "" is not a short name such as 2026-11-21'],
  ['an unknown field', { ...book(), author: 'me' }, 'book: has a field "author" that nobody knows'],
  ['a note that is a number', { ...book(), note: 1 }, 'note: 1 is not a text'],
  ['a rule that is a text', book('rule'), 'rules[0]: "rule" is not a rule'],
])('a book that is %s', (_what, value, problem) => {
  expect(lawBookProblems(value)).toContain(problem);
});

test.each<[string, object, string]>([
  ['an id with capitals', { id: 'US_Hours' }, 'rules[0].id: "US_Hours" is not an id of small letters, digits and single hyphens, such as us-fl-hours'],
  ['an empty title', { title: ' ' }, 'rules[0].title: " " is not a text'],
  ['a title too long', { title: 'x'.repeat(121) }, 'rules[0].title: has 121 characters, at most 120 are possible'],
  ['a place nobody knows', { places: ['XX'] }, 'rules[0].places[0]: "XX" is a place nobody knows'],
  ['a state nobody knows', { places: ['US-ZZ'] }, 'rules[0].places[0]: "US-ZZ" is a place nobody knows'],
  ['a place in words', { places: ['Florida'] }, 'rules[0].places[0]: "Florida" is neither a country such as FR nor a part of one such as US-FL (ISO 3166)'],
  ['a place under another name', { places: ['PR'] }, 'rules[0].places[0]: "PR" is called US-PR here'],
  ['a place named twice', { places: ['US', 'US'] }, 'rules[0].places[1]: "US" is named twice'],
  ['no place', { places: [] }, 'rules[0].places: is empty, so the rule binds nowhere'],
  ['an exception outside', { exceptPlaces: ['FR'] }, 'rules[0].exceptPlaces[0]: "FR" is no part of the rule\'s places'],
  ['an exception that is all of it', { exceptPlaces: ['US'] }, 'rules[0].exceptPlaces[0]: "US" is no part of the rule\'s places'],
  ['a channel nobody knows', { channels: ['fax'] }, 'rules[0].channels[0]: "fax" is none of email, sms, push, call'],
  ['no channel', { channels: [] }, 'rules[0].channels: is empty, so the rule binds nothing'],
  ['an audience nobody knows', { audience: 'dogs' }, 'rules[0].audience: "dogs" is neither "everyone" nor "minors"'],
  ['an age without minors', { minorBelowAge: 18 }, 'rules[0].minorBelowAge: only a rule for minors has an age'],
  ['an age that is none', { audience: 'minors', minorBelowAge: 0 }, 'rules[0].minorBelowAge: 0 is not a whole number of years from 1 to 25'],
  ['a time that does not exist', { windows: [{ start: '25:00', end: '26:00' }] }, 'rules[0].windows[0].start: "25:00" is not a time from 00:00 to 23:59, written HH:MM'],
  ['a weekday 8', { quiet: [{ days: [8], start: '08:00', end: '09:00' }] }, 'rules[0].quiet[0].days[0]: 8 is not a weekday from 1 (Monday) to 7 (Sunday)'],
  ['an unknown field in a window', { windows: [{ start: '08:00', end: '09:00', zone: 'UTC' }] }, 'rules[0].windows[0]: has a field "zone" that nobody knows'],
  ['a month 13', { months: [13] }, 'rules[0].months[0]: 13 is not a month from 1 (January) to 12 (December)'],
  ['months that are none', { months: [] }, 'rules[0].months: is empty; leave it out'],
  ['a date that does not exist', { dates: ['2026-02-30'] }, 'rules[0].dates[0]: "2026-02-30" is not a date that exists, written YYYY-MM-DD'],
  ['a date named twice', { dates: ['2026-12-25', '2026-12-25'] }, 'rules[0].dates[1]: "2026-12-25" is named twice'],
  ['windows that never open', { windows: [] }, 'rules[0].windows: is empty, so this layer never opens'],
  ['windows and quiet times that leave nothing', { quiet: [{ start: '08:00', end: '21:00' }] }, 'rules[0]: its windows and quiet ranges leave no time in the whole year'],
  ['a source without an address', { source: { title: 'x', url: 'law' } }, 'rules[0].source.url: "law" is not an http(s) address'],
  ['a source with more', { source: { title: 'x', url: 'https://law.example', page: 1 } }, 'rules[0].source: has a field "page" that nobody knows'],
  ['a beginning that is none', { inForceSince: '2026-13' }, 'rules[0].inForceSince: "2026-13" is neither a date, a month, a year nor "unknown"'],
  ['a check that is none', { checkedOn: 'today' }, 'rules[0].checkedOn: "today" is not a date that exists, written YYYY-MM-DD'],
  ['an unknown field', { penalty: 500 }, 'rules[0]: has a field "penalty" that nobody knows'],
])('a rule with %s', (_what, more, problem) => {
  expect(problemsOf(more)).toContain(problem);
});

test.each(['id', 'title', 'places', 'channels', 'audience', 'source', 'inForceSince', 'checkedOn'])('a rule without %s is refused', (field) => {
  expect(without(field)).toContainEqual(expect.stringMatching(new RegExp(`^rules\\[0\\]\\.${field}: nothing is `)));
});

test('a rule without hours and dates says nothing', () => {
  expect(without('windows')).toContain('rules[0]: has neither windows nor quiet times nor dates, so it says nothing');
});

test('an id stands once', () => {
  expect(lawBookProblems(book(lawRule(), lawRule({ id: 'other' }), lawRule()))).toEqual(['rules[2].id: "us-sample" is the id of rules[0] too']);
});

test('rules that leave no time together are refused, and the fewest that clash are named', () => {
  const rules = [
    lawRule({ id: 'mornings', places: ['FR'], windows: [{ start: '08:00', end: '12:00' }] }),
    lawRule({ id: 'daytime', places: ['CA'], windows: [{ start: '08:00', end: '18:00' }] }),
    lawRule({ id: 'evenings', places: ['US-FL'], channels: ['email'], windows: [{ start: '17:00', end: '21:00' }] }),
  ];
  expect(lawBookProblems(book(...rules))).toEqual(['rules: no time of the year suits mornings, evenings together, so somebody whose place is unknown could never be written to']);
});

test('all problems are told at once', () => {
  expect(problemsOf({ id: '', places: ['XX'], checkedOn: '' })).toHaveLength(3);
});

test('what is read back may know more than this program, but must be usable', () => {
  const later = { ...book({ ...lawRule(), penalty: 500 }), author: 'me' };
  expect(readLawBook(later)).toBe(later);
  expect(() => readLawBook(book({ ...lawRule(), places: ['XX'] }))).toThrow('This law book cannot be used: rules[0].places[0]: "XX" is a place nobody knows');
});

test('nothing that comes from outside makes the check throw, and what it passes can be read', () => {
  const field = fc.constantFrom(...Object.keys(lawRule({ exceptPlaces: [], months: [], dates: [], quiet: [], note: '', minorBelowAge: 1 })));
  const odd = fc.oneof(fc.anything(), fc.array(fc.anything()), fc.constantFrom([null], [{}], [undefined], { start: 1 }));
  fc.assert(fc.property(field, odd, (name, value) => {
    const mutated = book({ ...lawRule(), [name]: value });
    const problems = lawBookProblems(mutated);
    for (const problem of problems) expect(problem).toMatch(/^(?:rules|book)[\w[\].-]*: ./);
    if (problems.length === 0) expect(readLawBook(mutated)).toBe(mutated);
  }), { numRuns: 500 });
});
