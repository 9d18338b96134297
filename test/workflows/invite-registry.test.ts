import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { termsProblems } from '../../src/domain/program/terms.ts';
import { findLoop, isLoopKey, loops } from '../../workflows/registry.ts';

const folder = join(__dirname, '../../workflows');

test('every folder with a definition is registered under its definition\'s key, and nothing else is', () => {
  const folders = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && readdirSync(join(folder, entry.name)).includes('definition.ts'))
    .map((entry) => entry.name);
  expect(Object.keys(loops).sort()).toEqual(folders.sort());
  for (const [key, { definition }] of Object.entries(loops)) expect(definition.key).toBe(key);
});

test('every loop\'s default terms can be saved as they are', () => {
  for (const { definition } of Object.values(loops)) expect(termsProblems(definition.defaultTerms, new Set(Object.keys(definition.life?.units ?? {})))).toEqual([]);
});

test('a key from outside is looked up without surprises', () => {
  expect(findLoop('invite')).toBe(loops.invite);
  for (const key of ['', 'Invite', '__proto__', 'constructor', 'toString']) {
    expect(findLoop(key)).toBeNull();
    expect(isLoopKey(key)).toBe(false);
  }
});
