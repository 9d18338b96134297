import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';

declare global {
  /** Of the tier, set by jest.config.cjs: its folders, and the files that are not read together with others. */
  var flywheelTier: { readonly folders: readonly string[]; readonly apart: readonly string[] } | undefined;
}

const TESTS = join(__dirname, '..');
/** As much as the most patient file asks for: what one file of a part sets holds for all of them. */
const LONGEST_LIMIT_MS = 180_000;
/**
 * Reads a part of a tier's test files into one, each as a `describe` with its own hooks and its own database. `partFile` is
 * named `<part>-of-<parts>.test.ts`. For each file jest loads all code afresh, which is most of what a short file costs:
 * here it is loaded once a part. A file that cannot be read fails as a test.
 */
export function readTogether(partFile: string): void {
  const [, part, parts] = /^(\d+)-of-(\d+)\.test\.ts$/.exec(basename(partFile)) ?? [];
  const { folders, apart } = globalThis.flywheelTier ?? { folders: [], apart: [] };
  const all = folders.flatMap(testFilesIn).filter((file) => !apart.includes(file)).toSorted();
  for (const file of all.filter((_, n) => n % Number(parts) === Number(part) - 1)) {
    describe(file, () => {
      try {
        jest.requireActual<object>(join(TESTS, file));
      } catch (error) {
        test('can be read', () => { throw error; });
      }
    });
  }
  jest.setTimeout(LONGEST_LIMIT_MS);
}

function testFilesIn(folder: string): string[] {
  return readdirSync(join(TESTS, folder), { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.test.ts')).map((path) => join(folder, path));
}
