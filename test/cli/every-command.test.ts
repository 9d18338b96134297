import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { commands, groups } from '../../src/cli/commands.ts';
import { readLine } from '../../src/cli/read-line.ts';
import { REPOSITORY } from '../checks/support/source-files.ts';
import { errorIn, runCli, runJson, wordsOf } from '../support/cli.ts';

/** What holds for each command, and how a line is read. Nothing here reaches a database. */
const table = { commands, groups, version: 'test' };
const names = commands.map(({ name }) => name);
const named = (name: string) => {
  const found = commands.find((command) => command.name === name);
  if (found === undefined) throw new Error(`no command ${name}`);
  return found;
};

test.each(names)('%s: each example of its help is read as that command, with nothing wrong', (name) => {
  for (const { line, does } of named(name).examples) {
    expect(does).not.toBe('');
    const read = readLine(wordsOf(line), table);
    if (read.kind !== 'command') throw new Error(`${line}: ${read.text}`);
    expect(read.command.name).toBe(name);
    expect(read.command.prepare(read)).toMatchObject({ kind: 'ready' });
  }
});

test.each(names)('%s: --json is taken, and its help shows it and an example', async (name) => {
  const [example] = named(name).examples;
  expect(readLine([...wordsOf(example.line), '--json'], table)).toMatchObject({ kind: 'command', json: true });
  const { code, out } = await runCli({}, [...name.split(' '), '--help']);
  expect(code).toBe(0);
  expect(out).toContain('--json');
  expect(out).toContain(example.line);
});

test('no two commands share a name, and a group that is used says what it holds', () => {
  expect(new Set(names).size).toBe(names.length);
  expect([...new Set(names.filter((name) => name.includes(' ')).map((name) => name.split(' ')[0]))].toSorted()).toEqual(Object.keys(groups).toSorted());
});

test('docs/command-line.md is what `npx flywheel help --markdown` prints', async () => {
  const { out } = await runCli({}, ['help', '--markdown']);
  expect(readFileSync(join(REPOSITORY, 'docs/command-line.md'), 'utf8')).toBe(out);
});

test('help as data names every command, its options and which of them are needed', async () => {
  const option = z.object({ name: z.string(), required: z.boolean() });
  const { commands: told } = await runJson({}, ['help'], z.object({ commands: z.array(z.object({ name: z.string(), options: z.array(option) })) }));
  expect(told.map(({ name }) => name)).toEqual(names);
  expect(told.find(({ name }) => name === 'key make')?.options.filter(({ required }) => required)).toEqual([{ name: '--tenant', required: true }, { name: '--name', required: true }]);
});

test.each([
  [[], 'Usage: flywheel'],
  [['tenant'], 'Usage: flywheel tenant'],
  [['tenent', 'list'], "unknown command 'tenent'"],
  [['key', 'rotat'], 'Did you mean rotate?'],
  [['tenant', 'list', '--all'], "unknown option '--all'"],
  [['tenant', 'show'], "missing required argument 'tenant id'"],
  [['tenant', 'show', 'a', 'b'], 'too many arguments'],
  [['tenant', 'show', 'tnt_1'], '<tenant id> must be an id that begins with tnt_'],
  [['key', 'make'], '--tenant is missing\n--name is missing'],
  [['key', 'rotate', 'key_1', '--overlap', '1 day'], '--overlap must be a length of time such as'],
  [['tenant', 'pause', 'x', '--actor', 'ana@example.com'], '--actor must be 1 to 40 letters'],
  [['held', '--reason', 'bored'], '--reason must be one of tenant_paused'],
  [['help', 'tenant', 'mak'], 'there is no command tenant mak'],
  [['doctor', '--api-url', 'localhost:3000'], '--api-url must be a URL'],
  [['replay', '--limit', '0'], '--limit must be a whole number from 1 to 100000'],
  [['outbox', '--env-file', 'nowhere.env'], '--env-file: the file nowhere.env cannot be read'],
])('%j is wrong usage: exit code 2 and words to act on', async (words, says) => {
  const { code, out, err } = await runCli({}, words);
  expect([code, out]).toEqual([2, '']);
  expect(err).toContain(says);
  expect(err).not.toMatch(/\n\s+at /);
});

test('help is no error, and the version names the build', async () => {
  expect(await runCli({}, ['--help'])).toMatchObject({ code: 0, err: '' });
  expect((await runCli({}, ['--version'])).out).toMatch(/^\d+\.\d+\.\d+\+[0-9a-f]{12}\n$/);
});

test('with --json an error is one line of JSON for the program that asked', async () => {
  const run = await runCli({}, ['tenant', 'list', '--json']);
  expect([run.code, run.out, run.err.split('\n').length]).toEqual([2, '', 2]);
  expect(errorIn(run)).toEqual({ message: 'DATABASE_URL is not set', todo: expect.stringContaining('--env-file') });
});

const NEEDS_DATABASE = names.filter((name) => !['help', 'doctor', 'replay', 'tenant make'].includes(name));
test.each(NEEDS_DATABASE)('%s: with the database away it is one plain sentence and what to do', async (name) => {
  const [example] = named(name).examples;
  const run = await runCli({ DATABASE_URL: 'postgres://flywheel:secret@127.0.0.1:1/flywheel' }, [...wordsOf(example.line)]);
  expect(run).toEqual({ code: 1, out: '', err: 'PostgreSQL does not answer (ECONNREFUSED).\n  → See that it runs, and that the host and port in DATABASE_URL are right.\n' });
});
