import fc from 'fast-check';
import { KNOWN_PARTS } from '../../src/domain/law/known-places.ts';
import { lawFor, nameRules, rulesClosing } from '../../src/domain/law/law-for.ts';
import type { LawQuestion } from '../../src/domain/law/law-for.ts';
import { LAW_CHANNELS } from '../../src/domain/law/law-book.ts';
import type { LawBook } from '../../src/domain/law/law-book.ts';
import { shippedLaw } from '../../src/domain/law/shipped-law.ts';
import { compileSendRules, planSend } from '../../src/domain/send-time/plan-send.ts';
import { lawRule } from './law-sample.ts';

const shipped = shippedLaw();
const ask = (of: Partial<LawQuestion>): LawQuestion => ({ places: ['US-FL'], channel: 'sms', isMinor: false, scope: 'as_written', ...of });
const idsOf = (of: Partial<LawQuestion>, book: LawBook = shipped) => lawFor(book, ask(of)).ruleIds;
const MINORS = shipped.rules.filter((rule) => rule.audience === 'minors').map(({ id }) => id);

test.each<[string, Partial<LawQuestion>, readonly string[]]>([
  ['Florida, a text', {}, ['us-hours', 'us-fl-hours']],
  ['a state without a law of its own keeps the federal hours', { places: ['US-GA'] }, ['us-hours']],
  ['Texas, a call', { places: ['US-TX'], channel: 'call' }, ['us-hours', 'us-tx-hours']],
  ['Rhode Island, a text', { places: ['US-RI'] }, ['us-hours', 'us-ri-hours']],
  ['a territory', { places: ['US-PR'] }, ['us-hours']],
  ['France, a text', { places: ['FR'] }, ['fr-texts']],
  ['Paris, a call', { places: ['FR-75'], channel: 'call' }, ['fr-calls']],
  ['Guadeloupe, a call', { places: ['GP'], channel: 'call' }, ['fr-calls']],
  ['Canada, a text', { places: ['CA-QC'] }, ['ca-hours']],
  ['two candidates: the laws of both', { places: ['CA-ON', 'US-FL'] }, ['us-hours', 'us-fl-hours', 'ca-hours']],
  ['a country without a law', { places: ['DE'] }, []],
  ['e-mail to an adult', { channel: 'email' }, []],
  ['push to an adult', { channel: 'push', places: ['US'] }, []],
  ['e-mail where the tenant keeps calling hours for it', { channel: 'email', scope: 'every_channel' }, ['us-hours', 'us-fl-hours']],
  ['e-mail to a minor in California', { channel: 'email', places: ['US-CA'], isMinor: true }, ['us-ca-minors-night', 'us-ca-minors-school']],
  ['a text to a minor in California', { places: ['US-CA'], isMinor: true }, ['us-hours', 'us-ca-minors-night', 'us-ca-minors-school']],
  ['push to a minor in any state', { channel: 'push', places: ['US'], isMinor: true }, MINORS],
  ['a minor in France', { channel: 'push', places: ['FR'], isMinor: true }, []],
])('%s', (_what, of, expected) => {
  expect(idsOf(of)).toEqual(expected);
});

test('a country without a state has the laws of every one of its states', () => {
  const everyState = new Set([...KNOWN_PARTS].filter((place) => place.startsWith('US-')).flatMap((place) => idsOf({ places: [place], isMinor: true })));
  expect(new Set(idsOf({ places: ['US'], isMinor: true }))).toEqual(everyState);
});

test('unknown anywhere: every rule of the book for that channel', () => {
  expect(idsOf({ places: [], channel: 'call' })).toEqual(shipped.rules.filter((rule) => rule.channels.includes('call')).map(({ id }) => id));
  expect(idsOf({ places: [], isMinor: true, scope: 'every_channel' })).toHaveLength(shipped.rules.length);
});

test('an exception frees who is certain to be there, and nobody who only may be', () => {
  const book: LawBook = { edition: 'x', rules: [lawRule({ id: 'all-but-texas', places: ['US'], exceptPlaces: ['US-TX'] })] };
  expect(idsOf({ places: ['US-TX'] }, book)).toEqual([]);
  expect(idsOf({ places: ['US-FL'] }, book)).toEqual(['all-but-texas']);
  expect(idsOf({ places: ['US'] }, book)).toEqual(['all-but-texas']);
  expect(idsOf({ places: ['US-FL', 'US-TX'] }, book)).toEqual(['all-but-texas']);
});

test('layers carry title and source, so that a plan\'s words name the law', () => {
  const { rules } = lawFor(shipped, ask({}));
  const plan = planSend({ now: Date.parse('2026-06-11T00:30:00Z'), zone: 'America/New_York', rules });
  expect(plan.why).toBe('Waits for "Florida: calls and texts (Fla. Stat. § 501.616(6)(a))" (08:00-20:00) and "United States: calls and texts (47 CFR 64.1200(c)(1))" (08:00-21:00) in America/New_York: opens Thu 11 June 08:00.');
});

test('where a date is what closes, the rules of that date can be named', () => {
  const { ruleIds } = lawFor(shipped, ask({ places: ['FR', 'US-RI'], channel: 'call' }));
  expect(rulesClosing(shipped, ruleIds, '2026-07-14').map(({ id }) => id)).toEqual(['fr-calls']);
  expect(rulesClosing(shipped, ruleIds, '2026-12-25').map(({ id }) => id)).toEqual(['us-ri-hours', 'fr-calls']);
  expect(rulesClosing(shipped, ruleIds, '2026-07-15')).toEqual([]);
});

test('rules are named with title, source and edition; ids of another edition are passed over', () => {
  expect(nameRules(shipped, ['us-hours', 'gone'])).toEqual([
    { id: 'us-hours', title: 'United States: calls and texts', edition: shipped.edition, source: { title: '47 CFR 64.1200(c)(1)', url: 'https://www.ecfr.gov/current/title-47/section-64.1200' } },
  ]);
});

const anyPlaces = fc.uniqueArray(fc.constantFrom(...KNOWN_PARTS, 'US', 'CA', 'FR', 'DE', 'GP'), { maxLength: 6 });
const anyZone = fc.constantFrom('America/New_York', 'Pacific/Honolulu', 'Europe/Paris', 'America/St_Johns', 'Asia/Tokyo');
const anyAt = fc.integer({ min: Date.parse('2026-01-01T00:00:00Z'), max: Date.parse('2031-12-31T00:00:00Z') });
const question = fc.record({ channel: fc.constantFrom(...LAW_CHANNELS), isMinor: fc.boolean(), scope: fc.constantFrom('as_written', 'every_channel') });
const permits = (of: LawQuestion, at: number, zone: string): boolean => compileSendRules(lawFor(shipped, of).rules).isPermittedAt({ at, zone });

test('a further candidate place never permits what was forbidden', () => {
  fc.assert(fc.property(question, anyPlaces.filter((list) => list.length > 0), anyPlaces, anyZone, anyAt, (of, places, more, zone, at) => {
    const few = permits({ ...of, places }, at, zone);
    const many = permits({ ...of, places: [...places, ...more] }, at, zone);
    expect(few || !many).toBe(true);
  }));
});

test('knowing nothing permits nothing that some knowledge forbids, and a minor nothing that an adult is kept from', () => {
  fc.assert(fc.property(question, anyPlaces, anyZone, anyAt, (of, places, zone, at) => {
    expect(!permits({ ...of, places: [] }, at, zone) || permits({ ...of, places }, at, zone)).toBe(true);
    expect(!permits({ ...of, places, isMinor: true }, at, zone) || permits({ ...of, places, isMinor: false }, at, zone)).toBe(true);
    expect(!permits({ ...of, places, scope: 'every_channel' }, at, zone) || permits({ ...of, places, scope: 'as_written' }, at, zone)).toBe(true);
  }));
});

test('no set of candidates is a ban for ever: every recipient in one zone can be written to within ten days', () => {
  fc.assert(fc.property(question, anyPlaces, anyZone, anyAt, (of, places, zone, now) => {
    const plan = planSend({ now, zone, rules: lawFor(shipped, { ...of, places }).rules });
    expect(plan.sendAt === null ? plan.why : plan.sendAt - now < 10 * 86_400_000).toBe(true);
  }));
});

test('where the zones of a recipient leave no time, the plan says never and names the laws', () => {
  const { rules } = lawFor(shipped, ask({ places: ['FR', 'US-RI'], channel: 'call' }));
  const plan = planSend({ now: Date.parse('2026-06-10T12:00:00Z'), zone: null, rules: { ...rules, zones: ['Asia/Tokyo', 'America/New_York'] } });
  expect(plan).toMatchObject({ outcome: 'never', why: expect.stringContaining('Rhode Island: calls and texts') });
});

test('the same question gets the same answer, made once', () => {
  expect(lawFor(shipped, ask({}))).toBe(lawFor(shipped, ask({})));
});
