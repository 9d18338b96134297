import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, join } from 'node:path';
import { z } from 'zod';
import { REPOSITORY } from './support/source-files.ts';

const oxlintReport = z.object({ diagnostics: z.array(z.object({ code: z.string(), filename: z.string() })) });

const FORBIDDEN = [
  ['any', 'export const x: any = 1;', 'no-explicit-any'],
  ['a value of type any', "export const x = JSON.parse('1');", 'no-unsafe-assignment'],
  ['a cast', 'export const at = (x: unknown) => x as string;', 'consistent-type-assertions'],
  ['a cast in angles', 'export const at = (x: unknown) => <string>x;', 'consistent-type-assertions'],
  ['a non-null assertion', 'export const at = (list: string[]) => list[0]!;', 'no-non-null-assertion'],
  ['a promise nobody waits for', 'const work = async () => 1; export const go = () => { work(); };', 'no-floating-promises'],
  ['a promise where none is expected', 'export const go = (list: string[]) => { list.forEach(async () => { await Promise.resolve(); }); };', 'no-misused-promises'],
  ['a switch that leaves a case out', "export const go = (k: 'a' | 'b') => { switch (k) { case 'a': return 1; } return 2; };", 'switch-exhaustiveness-check'],
  ['a check that is switched off', `// ${'@ts'}-expect-error: because\nexport const x: number = '1';`, 'ban-ts-comment'],
  ['a variable nobody reads', 'const x = 1; export {};', 'no-unused-vars'],
  ['an import nobody uses', "import { y } from './y.ts'; export {};", 'no-unused-vars'],
  ['the console', "console.log('x');", 'no-console'],
  ['the environment', "export const x = process.env['X'];", 'no-process-env'],
  ['a default export', 'export default 1;', 'no-default-export'],
] as const;

/** File name -> the rules it breaks under the repository's configuration. */
const broken = new Map<string, string[]>();

beforeAll(() => {
  const folder = mkdtempSync(join(tmpdir(), 'flywheel-lint-'));
  const compilerOptions = { strict: true, noEmit: true, target: 'es2023', lib: ['es2023', 'dom'], module: 'preserve', allowImportingTsExtensions: true, types: [] };
  const files: Record<string, string> = {
    'tsconfig.json': JSON.stringify({ compilerOptions }),
    'y.ts': 'export const y = 1;',
    'left.ts': "import { right } from './right.ts'; export const left = () => right();",
    'right.ts': "import { left } from './left.ts'; export const right = (): number => left();",
    'well.ts': "export const x = ['a'] as const; export const y = async (): Promise<number> => { const z: unknown = await Promise.resolve(1); return typeof z === 'number' ? z : 0; };",
  };
  FORBIDDEN.forEach(([, text], index) => { files[`case-${index}.ts`] = text; });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const oxlint = join(REPOSITORY, 'node_modules/oxlint/bin/oxlint');
  // Outside of the repository it finds its helper for types on the path alone.
  const env = { ...process.env, PATH: `${join(REPOSITORY, 'node_modules/.bin')}${delimiter}${process.env['PATH'] ?? ''}` };
  const { stdout } = spawnSync(process.execPath, [oxlint, '--type-aware', '-c', join(REPOSITORY, '.oxlintrc.json'), '-f', 'json', '.'], { cwd: folder, env, encoding: 'utf8' });
  rmSync(folder, { recursive: true, force: true });
  for (const { code, filename } of oxlintReport.parse(JSON.parse(stdout)).diagnostics) {
    const name = basename(filename);
    broken.set(name, [...(broken.get(name) ?? []), /\(([\w-]+)\)/.exec(code)?.[1] ?? code]);
  }
});

test.each(FORBIDDEN.map(([what, , rule], index) => ({ what, rule, file: `case-${index}.ts` })))('$what is found', ({ rule, file }) => {
  expect(broken.get(file)).toContain(rule);
});

test('files that import each other are found', () => {
  expect(broken.get('left.ts')).toContain('no-cycle');
});

test('"as const", a narrowed value and an awaited promise are well', () => {
  expect(broken.get('well.ts')).toBeUndefined();
});
