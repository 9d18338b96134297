import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildName, hashOf } from '../../src/config/build.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'flywheel-build-'));
  mkdirSync(join(root, 'workflows/sender'), { recursive: true });
  writeFileSync(join(root, 'workflows/sender/workflow.ts'), 'export const a = 1;\n');
  writeFileSync(join(root, 'workflows/index.ts'), 'export {};\n');
});
afterEach(() => rmSync(root, { recursive: true }));
const hash = (): string => hashOf(root, ['workflows']);

test('a build is named by the package\'s version and the sources a worker runs, alike each time', () => {
  expect(buildName()).toMatch(/^\d+\.\d+\.\d+\+[0-9a-f]{12}$/);
  expect(hash()).toBe(hash());
});

test('one changed byte, another name of a file or another place of it is another build', () => {
  const seen = [hash()];
  writeFileSync(join(root, 'workflows/index.ts'), 'export {}; \n');
  seen.push(hash());
  rmSync(join(root, 'workflows/index.ts'));
  writeFileSync(join(root, 'workflows/entry.ts'), 'export {}; \n');
  seen.push(hash());
  rmSync(join(root, 'workflows/entry.ts'));
  writeFileSync(join(root, 'workflows/sender/index.ts'), 'export {}; \n');
  seen.push(hash());
  expect(new Set(seen).size).toBe(4);
});

test('line ends of another machine, and what is no source, make no other build', () => {
  const before = hash();
  writeFileSync(join(root, 'workflows/index.ts'), 'export {};\r\n');
  writeFileSync(join(root, 'workflows/notes.md'), 'todo');
  expect(hash()).toBe(before);
});
