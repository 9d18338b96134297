import fc from 'fast-check';
import { liveTerms, liveTermsProblems } from '../../src/domain/program/live-loop.ts';
import { readStart } from '../../src/domain/program/read-start.ts';
import type { LiveLife, StartKind } from '../../src/domain/program/live-life.ts';
import { factData } from '../../src/domain/run/fact-data.ts';
import { liveLoopKeys, loops } from '../../workflows/registry.ts';

function lifeWith(fields: LiveLife['start']['fields']): LiveLife {
  return { start: { fields, stage: 'waiting' }, roles: { member: { title: 'Somebody', hears: {} } }, facts: {}, outcomes: {}, terms: { leadHours: { default: 48, min: 1, max: 100 } } };
}

test.each<[StartKind, string | number | boolean, unknown]>([
  ['text', 'algebra', 'algebra'], ['number', 1.5, 1.5], ['flag', false, false], ['date', '2028-02-29', '2028-02-29'], ['week', '2026-W53', '2026-W53'],
  ['instant', '2026-06-10T08:00:00+02:00', Date.parse('2026-06-10T06:00:00Z')],
])('a %s of a start is read as what it is', (kind, given, read) => {
  expect(readStart(lifeWith({ it: kind }), { it: given })).toEqual({ fields: { it: read }, members: {}, privates: {} });
});

test.each<[StartKind, string | number | boolean]>([
  ['text', ''], ['text', 7], ['text', 'x'.repeat(201)], ['text', 'a\0b'], ['number', '7'], ['flag', 'true'], ['date', '2027-02-29'], ['date', '2026-06-10T08:00:00Z'],
  ['instant', '2026-06-10'], ['instant', '2026-06-10T08:00:00'], ['instant', '2026-02-30T08:00:00Z'], ['instant', 1_780_000_000_000], ['member', ''], ['member', true],
  ['week', '2027-W53'], ['week', '2026-W1'], ['private text', ''], ['private text', '123'], ['private text', 7], ['private text', 'Mia@home.example'], ['private text', 'call 0664 123 45 67'], ['private text', 'www.mia.example'], ['private text', 'M'.repeat(41)],
])('a %s is not read from %j: its place is named', (kind, given) => {
  expect(readStart(lifeWith({ it: kind }), { it: given })).toEqual({ problems: [{ field: 'it', message: expect.stringMatching(/^Must be /) }] });
});

test('members are kept apart, by the app\'s own ids; what is optional may be left out or null', () => {
  const life = lifeWith({ buddy: 'member', score: 'optional number' });
  expect(readStart(life, { buddy: 'user-7', score: null })).toEqual({ fields: {}, members: { buddy: 'user-7' }, privates: {} });
  expect(readStart(life, {})).toEqual({ problems: [{ field: 'buddy', message: expect.stringContaining('needs it') }] });
});

test('a private text is kept apart from the input, as it may stand in a mail', () => {
  expect(readStart(lifeWith({ name: 'private text' }), { name: ' Mia\u202e  Luisa ' })).toEqual({ fields: {}, members: {}, privates: { name: 'Mia Luisa' } });
});

test('whatever is given, a start is read or its problems name fields: it never throws, and reads nothing that the definition does not name', () => {
  const life = lifeWith({ a: 'text', b: 'optional instant', c: 'optional member' });
  fc.assert(fc.property(fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.constant(null))), (given) => {
    const read = readStart(life, given);
    if ('problems' in read) expect(read.problems.length).toBeGreaterThan(0);
    else expect(Object.keys(read.fields).every((name) => ['a', 'b'].includes(name))).toBe(true);
  }));
});

test('a program\'s own numbers take the place of the defaults, within their bounds alone', () => {
  const life = lifeWith({});
  expect([liveTerms(life, {}), liveTerms(life, { life: { leadHours: 24 } })]).toEqual([{ leadHours: 48 }, { leadHours: 24 }]);
  expect(liveTermsProblems(life, { leadHours: 24 })).toEqual([]);
  expect(liveTermsProblems(life, { leadHours: 0, other: 1 })).toEqual([expect.stringMatching(/^life\.leadHours: is 0/), expect.stringMatching(/^life\.other: this loop has no such number/)]);
  expect(liveTermsProblems(undefined, { leadHours: 1 })).toEqual([expect.stringContaining('it has none')]);
});

test('of an event a run hears figures, flags, ids and codes: no text that somebody wrote, no address, no name, no phone', () => {
  expect(factData({ score: 7, done: true, subject: 'maths_2', firstName: 'Ana', phone: 4915112345678, runId: 'run_1', note: 'Well done Ana', email: 'ana@x.example', nothing: null, 'bad name': 1, list: 'a,b' }))
    .toEqual({ score: 7, done: true, subject: 'maths_2', runId: 'run_1' });
  fc.assert(fc.property(fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.double(), fc.emailAddress())), (properties) => {
    for (const value of Object.values(factData(properties))) expect(String(value)).not.toMatch(/[@\s]/);
  }));
});

test.each(liveLoopKeys())('%s: roles hear facts that it has, its start names its own stages and fields, and every language has all its messages', (key) => {
  const { definition: { life, stages }, words } = loops[key];
  if (life === undefined || words === null) throw new Error('no live loop');
  const facts = Object.keys(life.facts);
  expect(Object.values(life.roles).flatMap(({ hears }) => Object.values(hears)).filter((fact) => !facts.includes(fact))).toEqual([]);
  expect(Object.keys(stages)).toContain(life.start.stage);
  expect((life.start.subject ?? []).filter((field) => !Object.hasOwn(life.start.fields, field))).toEqual([]);
  for (const { messages } of Object.values(words)) {
    expect(Object.keys(messages).toSorted()).toEqual(Object.keys(life.messages ?? {}).toSorted());
    for (const [message, { subject, preheader, heading, paragraphs, callToAction, share = '' }] of Object.entries(messages)) {
      const known = [...Object.keys(life.messages?.[message] ?? {}), ...Object.entries(life.start.fields).flatMap(([name, kind]) => (kind === 'private text' ? [name] : [])), 'tenantName', 'programTitle', 'recipientName'];
      const named = [subject, preheader, heading, ...paragraphs, callToAction, share].flatMap((text) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name ?? ''));
      expect(named.filter((name) => !known.includes(name))).toEqual([]);
    }
  }
});
