import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ENV_NAMES, readEnv } from '../../src/config/env.ts';
import { REPOSITORY } from './support/source-files.ts';

/** Read by the tests alone. */
const FOR_TESTS = ['TEMPORAL_TEST_SERVER'];

const example = new Map(
  [...readFileSync(join(REPOSITORY, '.env.example'), 'utf8').matchAll(/^#?([A-Z][A-Z0-9_]*)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
);

test('.env.example names every variable that is read, and no other', () => {
  expect([...example.keys()].filter((name) => !FOR_TESTS.includes(name)).toSorted()).toEqual([...ENV_NAMES].toSorted());
});

test('every value that .env.example shows is one that is taken', () => {
  const shown = Object.fromEntries([...example].filter(([name, value]) => value !== '' && !FOR_TESTS.includes(name)));
  const names = Object.keys(shown).filter(isKnown);
  expect(names.length).toBeGreaterThan(5);
  expect(Object.keys(readEnv(names, shown)).toSorted()).toEqual(names.toSorted());
});

function isKnown(name: string): name is Parameters<typeof readEnv>[0][number] {
  return ENV_NAMES.includes(name);
}
