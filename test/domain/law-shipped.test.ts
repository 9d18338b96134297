import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { DateTime } from 'luxon';
import { writeLawPage, LAW_PAGE } from '../../src/dev/write-law-page.ts';
import { lawBookProblems } from '../../src/domain/law/law-book.ts';
import shipped from '../../src/domain/law/law-book.json';
import { layerOf } from '../../src/domain/law/law-layer.ts';
import { shippedLaw } from '../../src/domain/law/shipped-law.ts';
import { planSend } from '../../src/domain/send-time/plan-send.ts';

const book = shippedLaw();
const ruleOf = (id: string) => {
  const rule = book.rules.find((one) => one.id === id);
  if (rule === undefined) throw new Error(`no rule ${id}`);
  return rule;
};

test('the edition that ships can be published as it is', () => {
  expect(lawBookProblems(shipped)).toEqual([]);
});

test('a changed book gets the name of a new edition: databases tell editions by it', () => {
  const digest = createHash('sha256').update(JSON.stringify(shipped)).digest('hex').slice(0, 16);
  expect({ edition: shipped.edition, digest }).toEqual({ edition: '2026-11-21', digest: '6879c9ecdffbf3ec' });
  expect(shipped.edition).toMatch(/^\d{4}-\d{2}-\d{2}/);
});

test('it says of itself that it is no legal advice', () => {
  expect(book.note).toContain('not legal advice');
});

test.each(book.rules.map((rule) => [rule.id, rule] as const))('%s opens some time of every ten days, and its closed dates are real days off', (_id, rule) => {
  const layer = layerOf(rule);
  const rules = { ...(layer === null ? {} : { layers: [layer] }), blackoutDates: rule.dates ?? [] };
  for (let now = Date.parse('2026-01-01T00:00:00Z'); now < Date.parse('2031-12-20T00:00:00Z'); now += 9 * 86_400_000) {
    const plan = planSend({ now, zone: 'America/Chicago', rules });
    expect(plan.sendAt === null ? plan.why : plan.sendAt - now < 10 * 86_400_000).toBe(true);
  }
});

test('lists of holidays are in order and all end with the same year', () => {
  const lists = book.rules.flatMap(({ dates }) => (dates === undefined ? [] : [dates]));
  expect(lists.length).toBeGreaterThan(4);
  for (const dates of lists) {
    expect(dates).toEqual(dates.toSorted());
    expect(new Set(dates.map((date) => date.slice(0, 4)))).toEqual(new Set(['2026', '2027', '2028', '2029', '2030', '2031']));
  }
});

// Easter Sundays, from the tables of the ecclesiastical calendar.
const EASTER = ['2026-04-05', '2027-03-28', '2028-04-16', '2029-04-01', '2030-04-21', '2031-04-13'];
const from = (date: string, days: number): string => DateTime.fromISO(date, { zone: 'utc' }).plus({ days }).toFormat('yyyy-MM-dd');

test('the French public holidays are those of the labour code, for six years', () => {
  const expected = EASTER.flatMap((easter) => {
    const year = easter.slice(0, 4);
    return [...['01-01', '05-01', '05-08', '07-14', '08-15', '11-01', '11-11', '12-25'].map((day) => `${year}-${day}`), from(easter, 1), from(easter, 39), from(easter, 50)];
  });
  expect(ruleOf('fr-calls').dates).toEqual([...new Set(expected)].toSorted());
  expect(ruleOf('fr-texts').dates).toEqual(ruleOf('fr-calls').dates);
});

test.each([
  ['us-al-hours', ['2026-11-26', '2026-12-25', '2027-02-09', '2027-07-04', '2027-07-05']],
  ['us-la-hours', ['2026-02-17', '2026-04-03', '2026-11-03', '2026-11-27']],
  ['us-pa-holidays', EASTER.map((easter) => from(easter, -2))],
  ['us-ri-hours', ['2026-05-04', '2026-08-10', '2026-11-11', '2027-07-05']],
  ['us-ut-hours', ['2026-07-24', '2026-06-15', '2026-06-19', '2027-07-23']],
])('%s closes on the holidays of its state, as they are kept', (id, dates) => {
  expect(ruleOf(id).dates).toEqual(expect.arrayContaining(dates));
});

test.each([
  ['us-hours', 'America/New_York', '2026-06-10T12:00:00Z', '2026-06-11T01:00:00Z'],
  ['us-fl-hours', 'America/New_York', '2026-06-10T12:00:00Z', '2026-06-11T00:00:00Z'],
  ['us-ct-hours', 'America/New_York', '2026-06-10T13:00:00Z', '2026-06-11T00:00:00Z'],
  ['us-ky-hours', 'America/New_York', '2026-06-10T14:00:00Z', '2026-06-11T01:00:00Z'],
  ['us-tx-hours', 'America/Chicago', '2026-06-14T17:00:00Z', '2026-06-15T02:00:00Z'],
  ['us-wa-hours', 'America/Los_Angeles', '2026-06-10T15:00:00Z', '2026-06-11T03:00:00Z'],
  ['us-ri-hours', 'America/New_York', '2026-06-13T14:00:00Z', '2026-06-13T21:00:00Z'],
  ['ca-hours', 'America/Toronto', '2026-06-10T13:00:00Z', '2026-06-11T01:30:00Z'],
  ['ca-hours', 'America/Toronto', '2026-06-13T14:00:00Z', '2026-06-13T22:00:00Z'],
  ['fr-calls', 'Europe/Paris', '2026-06-10T08:00:00Z', '2026-06-10T11:00:00Z'],
  ['fr-calls', 'Europe/Paris', '2026-06-10T12:00:00Z', '2026-06-10T18:00:00Z'],
  ['us-ca-minors-school', 'America/Los_Angeles', '2026-06-01T07:00:00Z', '2026-06-08T07:00:00Z'],
  ['us-ca-minors-school', 'America/Los_Angeles', '2026-10-05T22:00:00Z', '2026-10-06T15:00:00Z'],
  ['us-ut-minors-night', 'America/Denver', '2026-06-10T12:30:00Z', '2026-06-11T04:30:00Z'],
])('%s in %s opens at %s and closes at %s', (id, zone, opens, closes) => {
  const layer = layerOf(ruleOf(id));
  if (layer === null) throw new Error(`${id} has no hours`);
  const plan = planSend({ now: Date.parse(opens), zone, rules: { layers: [layer] } });
  expect(plan).toMatchObject({ outcome: 'send_now', permittedUntil: Date.parse(closes) });
});

test('the page docs/law.md shows the edition that ships; `npx tsx src/dev/write-law-page.ts` writes it', () => {
  const page = readFileSync(LAW_PAGE, 'utf8');
  expect(page).toBe(writeLawPage(page));
  for (const { id } of book.rules) expect(page).toContain(`| \`${id}\` |`);
});
