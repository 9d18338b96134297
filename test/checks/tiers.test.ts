import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { STEP_GROUPS } from '../../src/dev/test-steps.ts';
import { readFiles, REPOSITORY } from './support/source-files.ts';

const project = z.object({ displayName: z.string(), testMatch: z.array(z.string()), globals: z.object({ flywheelTier: z.object({ folders: z.array(z.string()), apart: z.array(z.string()) }) }).optional() });
const configModule = z.object({ default: z.object({ projects: z.array(project) }) });
type Tier = z.output<typeof project>;

let tiers: readonly Tier[];
beforeAll(async () => {
  const config: unknown = await import(join(REPOSITORY, 'jest.config.cjs'));
  tiers = configModule.parse(config).default.projects;
});

/** Run by a command of its own. */
const APART = ['chaos'];
const run = STEP_GROUPS.flat().flatMap((step) => step.projects);

const foldersOf = (tier: Tier): string[] => tier.testMatch.filter((pattern) => pattern.endsWith('/**/*.test.ts')).map((pattern) => pattern.replace('<rootDir>/', '').replace('**/*.test.ts', ''));
const readBy = (tier: Tier): string[] => (tier.globals?.flywheelTier.folders ?? []).map((folder) => `test/${folder}/`);

test('every test file belongs to one tier: one that belongs to none would never run', () => {
  const tiersOf = (path: string): string[] => tiers.filter((tier) => foldersOf(tier).some((folder) => path.startsWith(folder))).map((tier) => tier.displayName);
  const files = readFiles(['test', 'src', 'workflows', 'activities', 'db'], '.test.ts').map((file) => file.path);
  expect(files.length).toBeGreaterThan(20);
  expect(files.filter((path) => tiersOf(path).length !== 1)).toEqual([]);
});

test('"npm test" runs every tier once, as it is or with its files read together', () => {
  expect(new Set(run).size).toBe(run.length);
  const read = new Set(tiers.filter((tier) => run.includes(tier.displayName)).flatMap((tier) => [...foldersOf(tier), ...readBy(tier)]));
  expect(tiers.filter((tier) => !foldersOf(tier).every((folder) => read.has(folder))).map((tier) => tier.displayName)).toEqual(APART);
});

test('where files are read together every part is there, and what is read apart exists', () => {
  const together = tiers.filter((tier) => tier.globals !== undefined);
  expect(together.length).toBeGreaterThan(0);
  for (const tier of together) {
    const parts = readFiles(foldersOf(tier), '.test.ts').map((file) => basename(file.path)).toSorted();
    expect(parts).toEqual(parts.map((_, n) => `${String(n + 1)}-of-${String(parts.length)}.test.ts`));
    const apart = tier.globals?.flywheelTier.apart.map((file) => `test/${file}`) ?? [];
    expect(apart.filter((path) => !existsSync(join(REPOSITORY, path)) || !tier.testMatch.includes(`<rootDir>/${path}`))).toEqual([]);
  }
});
