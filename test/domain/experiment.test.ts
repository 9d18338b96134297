import { GrowthBook } from '@growthbook/growthbook';
import fc from 'fast-check';
import { bucketOf } from '../../src/domain/experiment/bucket.ts';
import { experimentProblems, pickVariant, type Experiment } from '../../src/domain/experiment/pick-variant.ts';

const two = (more: Partial<Experiment> = {}): Experiment => ({ key: 'words-1', variants: [{ key: 'default', weight: 0.5 }, { key: 'bold', weight: 0.5 }], ...more });

/* From the case file that GrowthBook publishes for all its SDKs: value, seed, hash v2. */
test.each([
  ['a', 'seed', 0.0505], ['b', 'seed', 0.2696], ['ab', 'foo', 0.2575], ['def', 'foo', 0.2019],
  ['8952klfjas09ujkasdf', '89123klj', 0.124], ['123', '90850943850283058242805', 0.7516], ['___)((*":&', '()**(%$##$%#$#', 0.0128],
])('%s under the seed %s stands at %d, as the published cases say', (id, seed, at) => {
  expect(bucketOf(seed, id)).toBe(at);
});

test('everybody gets the arm that GrowthBook\'s own SDK would give', () => {
  const arms: { variations: [string, string, ...string[]]; weights: number[] }[] = [
    { variations: ['a', 'b'], weights: [0.5, 0.5] }, { variations: ['a', 'b'], weights: [0.1, 0.9] }, { variations: ['a', 'b', 'c'], weights: [0.2, 0.3, 0.5] },
  ];
  const text = (maxLength: number) => fc.string({ minLength: 1, maxLength });
  fc.assert(fc.property(text(40), text(20), fc.constantFrom(0, 0.1, 0.5, 0.99, 1), fc.constantFrom(...arms), (id, key, coverage, { variations, weights }) => {
    const sdk = new GrowthBook({ attributes: { id } });
    const theirs = sdk.run({ key: 'arms', variations, weights, coverage, hashVersion: 2, seed: key });
    sdk.destroy();
    const variants = weights.map((weight, n) => ({ key: variations[n] ?? '', weight }));
    expect([pickVariant({ key, variants, coverage }, id), id, key]).toEqual([theirs.inExperiment ? theirs.value : null, id, key]);
  }), { numRuns: 1_000 });
});

test('more coverage takes people in and moves nobody', () => {
  fc.assert(fc.property(fc.string(), fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (id, a, b) => {
    const [less, more] = [Math.min(a, b), Math.max(a, b)];
    const [before, after] = [pickVariant(two({ coverage: less }), id), pickVariant(two({ coverage: more }), id)];
    expect([before, null]).toContain(before === null ? null : after);
  }));
});

test('arms get their share', () => {
  const counts = new Map<string | null, number>();
  for (let n = 0; n < 20_000; n += 1) {
    const arm = pickVariant({ key: 'share', variants: [{ key: 'a', weight: 0.2 }, { key: 'b', weight: 0.8 }], coverage: 0.5 }, `mbr-${String(n)}`);
    counts.set(arm, (counts.get(arm) ?? 0) + 1);
  }
  expect((counts.get('a') ?? 0) / 20_000).toBeCloseTo(0.1, 2);
  expect((counts.get('b') ?? 0) / 20_000).toBeCloseTo(0.4, 1);
  expect((counts.get(null) ?? 0) / 20_000).toBeCloseTo(0.5, 1);
});

test.each<[string, Partial<Experiment>, string]>([
  ['words the loop does not have', { variants: [{ key: 'loud', weight: 1 }] }, 'variants[0].key'],
  ['one variant twice', { variants: [{ key: 'bold', weight: 0.5 }, { key: 'bold', weight: 0.5 }] }, 'variants[1].key'],
  ['weights that are not one', { variants: [{ key: 'bold', weight: 0.5 }] }, 'variants'],
  ['a weight of nothing', { variants: [{ key: 'bold', weight: 1 }, { key: 'default', weight: 0 }] }, 'variants[1].weight'],
  ['no variant', { variants: [] }, 'variants'],
  ['more than everybody', { coverage: 1.01 }, 'coverage'],
  ['a key nobody can type', { key: 'a b' }, 'key'],
])('%s is refused with its place', (_name, more, path) => {
  expect(experimentProblems(two(more), ['default', 'bold']).map((problem) => problem.split(':')[0])).toEqual([path]);
});
