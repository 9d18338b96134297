import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { shippedLaw } from '../../src/domain/law/shipped-law.ts';
import { lawRule } from '../domain/law-sample.ts';
import { makeTestTenant } from '../support/api.ts';
import { errorIn, runCli, runJson } from '../support/cli.ts';
import { openTestDatabase } from '../support/database.ts';
import type { TestDatabase } from '../support/database.ts';

const folder = mkdtempSync(join(tmpdir(), 'flywheel-law-'));
const shippedFile = 'src/domain/law/law-book.json';
let database: TestDatabase;
let env: { DATABASE_URL: string };
beforeEach(async () => {
  database = await openTestDatabase();
  env = { DATABASE_URL: database.ownerUrl };
});
afterEach(() => database.drop());
afterAll(() => rmSync(folder, { recursive: true }));

function fileWith(content: unknown): string {
  const file = join(folder, 'law.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

const shown = z.object({ version: z.number(), edition: z.string(), rules: z.array(z.object({ id: z.string() })) });
const show = async (...words: string[]) => (await runJson(env, ['law', 'show', ...words], shown)).rules.map(({ id }) => id);

test('the rules for a place, a channel and a minor are shown, with hours, source and edition', async () => {
  expect(await show('--place', 'US-FL', '--channel', 'sms')).toEqual(['us-hours', 'us-fl-hours']);
  expect(await show('--place', 'us-ca', '--channel', 'push')).toEqual([]);
  expect(await show('--place', 'us-ca', '--channel', 'push', '--minor')).toEqual(['us-ca-minors-night', 'us-ca-minors-school']);
  expect(await show('--place', 'FR')).toEqual(['fr-calls', 'fr-texts']);
  expect(await show('--place', 'CA', '--place', 'US-GA', '--channel', 'call')).toEqual(['us-hours', 'ca-hours']);
  expect(await show()).toHaveLength(shippedLaw().rules.length);

  const { out } = await runCli(env, ['law', 'show', '--place', 'US-FL', '--channel', 'sms']);
  expect(out).toContain(`Edition ${shippedLaw().edition} (version 1). This is not legal advice`);
  expect(out).toContain('us-fl-hours: Florida: calls and texts, call sms\n  open 08:00-20:00\n  Fla. Stat. § 501.616(6)(a)  https://');
  expect((await runCli(env, ['law', 'show', '--place', 'DE'])).out).toContain('No rule of law binds here.');
});

test('a place nobody knows is told', async () => {
  expect(errorIn(await runCli(env, ['law', 'show', '--place', 'Florida', '--json']))).toEqual({ message: 'Nobody knows a place Florida.', todo: expect.stringContaining('US-FL') });
});

test('a book is judged, and compared with the one in force, without publishing it', async () => {
  expect((await runCli(env, ['law', 'check', shippedFile])).out).toBe(`It can be published over edition ${shippedLaw().edition} (version 1): 0 rules added, 0 changed, 0 removed.\n`);

  const [first, second, ...others] = shippedLaw().rules;
  const changed = { edition: 'mine', rules: [lawRule({ id: 'new-one' }), { ...first, note: 'other' }, ...others] };
  const { out, code } = await runCli(env, ['law', 'check', fileWith(changed)]);
  expect([code, out]).toEqual([0, expect.stringContaining(`1 rule added, 1 changed, 1 removed.\n  + new-one\n  ~ us-hours\n  - ${second?.id ?? ''}\n`)]);
  expect((await runCli(env, ['law', 'list'])).out.trimEnd().split('\n')).toHaveLength(2);
});

test('every problem of a book is told, and the exit code says that there are some', async () => {
  const { out, code } = await runCli(env, ['law', 'check', fileWith({ edition: 'mine', rules: [lawRule({ places: ['XX'] }), lawRule({ id: 'b', windows: [] })] })]);
  expect([code, out]).toEqual([1, [
    'rules[0].places[0]: "XX" is a place nobody knows', 'rules[1].windows: is empty, so this layer never opens', 'It cannot be published: 2 problems.', '',
  ].join('\n')]);
});

test('an edition is published, bound to an actor, listed and in force; once more it changes nothing', async () => {
  const { tenantId } = await makeTestTenant(database, 1_700_000_000_000);
  const file = fileWith({ edition: 'mine', rules: [lawRule({ id: 'ours', places: ['DE'] })] });

  expect(await runCli(env, ['law', 'publish', file, '--actor', 'ticket-42'])).toMatchObject({ code: 0, out: 'Published as version 2; 1 tenant plans anew what waits.\n' });
  expect(await runCli(env, ['law', 'publish', file])).toMatchObject({ code: 0, out: 'It is in force already, as version 2; 0 tenants plan anew what waits.\n' });
  expect(await show('--place', 'DE', '--channel', 'sms')).toEqual(['ours']);

  const listed = await runJson(env, ['law', 'list'], z.object({ editions: z.array(z.object({ version: z.number(), edition: z.string(), publishedBy: z.string() })) }));
  expect(listed.editions).toEqual([{ version: 2, edition: 'mine', publishedBy: 'cli:ticket-42' }, { version: 1, edition: shippedLaw().edition, publishedBy: 'flywheel' }]);
  const audit = await runCli(env, ['audit', '--subject', tenantId]);
  expect(audit.out).toContain('law_changed  by cli:ticket-42');
});

test.each([
  ['a book with problems', () => fileWith({ edition: 'mine', rules: [lawRule({ places: ['XX'] })] }), 'rules[0].places[0]: "XX" is a place nobody knows'],
  ['no JSON', () => fileWith('{'), 'is no JSON'],
  ['no file', () => join(folder, 'nowhere.json'), 'cannot be read'],
])('%s is not published', async (_what, file, says) => {
  const run = await runCli(env, ['law', 'publish', file()]);
  expect(run).toMatchObject({ code: 1, out: '', err: expect.stringContaining(says) });
  expect((await runCli(env, ['law', 'list'])).out.trimEnd().split('\n')).toHaveLength(2);
});
