import { join } from 'node:path';
import { z } from 'zod';
import { STEP_GROUPS } from '../../src/dev/test-steps.ts';
import { readFiles, REPOSITORY } from './support/source-files.ts';

const configModule = z.object({ default: z.object({ projects: z.array(z.object({ displayName: z.string(), testMatch: z.array(z.string()) })) }) });
type Tier = z.output<typeof configModule>['default']['projects'][number];

let tiers: readonly Tier[];
beforeAll(async () => {
  const config: unknown = await import(join(REPOSITORY, 'jest.config.cjs'));
  tiers = configModule.parse(config).default.projects;
});

/** Run by a command of its own. */
const APART = ['chaos'];

const folderOf = (pattern: string): string => pattern.replace('<rootDir>/', '').replace('**/*.test.ts', '');

test('every test file belongs to one tier: one that belongs to none would never run', () => {
  const tiersOf = (path: string): string[] => tiers.filter((tier) => tier.testMatch.some((pattern) => path.startsWith(folderOf(pattern)))).map((tier) => tier.displayName);
  const files = readFiles(['test', 'src', 'workflows', 'activities', 'db'], '.test.ts').map((file) => file.path);
  expect(files.length).toBeGreaterThan(20);
  expect(files.filter((path) => tiersOf(path).length !== 1)).toEqual([]);
});

test('"npm test" runs every tier', () => {
  const steps = STEP_GROUPS.flat().map((step) => step.name);
  expect(tiers.map((tier) => tier.displayName).filter((name) => !steps.includes(name))).toEqual(APART);
});
