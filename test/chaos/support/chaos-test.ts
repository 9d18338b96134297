import { randomInt } from 'node:crypto';
import { seededRandom, type Random } from './seeded-random.ts';

/** A line for the person at the screen; jest's own console would wrap each in a stack trace. */
export function say(line: string): void {
  process.stderr.write(`    ${line}\n`);
}

/**
 * A test in which chance has a part. Its seed is printed; a failure says how to have the same chances again.
 * `seed` fixed: for the short forms, which should be alike on every run.
 */
export function chaosTest(name: string, options: { limitMs: number; seed?: number }, body: (random: Random) => Promise<void>): void {
  test(name, async () => {
    const random = seededRandom(givenSeed() ?? options.seed ?? randomInt(1, 2 ** 31));
    say(`${name}: seed ${String(random.seed)}`);
    try {
      await body(random);
    } catch (error) {
      const run = /test.stack/.test(expect.getState().testPath ?? '') ? 'npx jest --selectProjects stack --runInBand --forceExit' : 'npm run chaos --';
      say(`failed with seed ${String(random.seed)}. The same chances again: CHAOS_SEED=${String(random.seed)} ${run} -t '${name.replaceAll(/[.*+?^${}()|[\]\\]/g, '.')}'`);
      throw error;
    }
  }, options.limitMs);
}

function givenSeed(): number | undefined {
  const text = process.env['CHAOS_SEED'];
  if (text === undefined || text === '') return undefined;
  const seed = Number(text);
  if (!Number.isSafeInteger(seed)) throw new Error('CHAOS_SEED is a whole number');
  return seed;
}
