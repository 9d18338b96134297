import { bucketOf } from './bucket.ts';

/**
 * An experiment over the variants of a loop's words. `key` seeds the hash: another key mixes people anew. `coverage`: which part of all
 * people takes part (0 to 1; left out: all); the rest are the holdout, who are offered nothing.
 */
export type Experiment = { readonly key: string; readonly variants: readonly { readonly key: string; readonly weight: number }[]; readonly coverage?: number | undefined };

export const EXPERIMENT_LIMITS = { variants: 10 } as const;

/**
 * The arm of one person, the same each time; null: the holdout. Each variant has a stretch of [0, 1) as long as its weight times the
 * coverage, from where the one before begins plus its whole weight: a larger coverage takes people in and moves nobody (GrowthBook's ranges).
 */
export function pickVariant({ key, variants, coverage = 1 }: Experiment, personId: string): string | null {
  const bucket = bucketOf(key, personId);
  const total = variants.reduce((sum, { weight }) => sum + weight, 0);
  let from = 0;
  for (const variant of variants) {
    const weight = variant.weight / total;
    if (bucket >= from && bucket < from + weight * coverage) return variant.key;
    from += weight;
  }
  return null;
}

/** What is wrong with an experiment, each with its path. `known`: the variants that the loop has words for. */
export function experimentProblems({ variants, coverage, key }: Experiment, known: readonly string[]): string[] {
  return [
    ...(/^[\w.-]{1,60}$/.test(key) ? [] : ['key: give 1 to 60 letters, digits, `_`, `.` or `-`']),
    ...(variants.length >= 1 && variants.length <= EXPERIMENT_LIMITS.variants ? [] : [`variants: has ${String(variants.length)}; 1 to ${String(EXPERIMENT_LIMITS.variants)} are possible`]),
    ...variants.flatMap((variant, n) => [
      ...(known.includes(variant.key) ? [] : [`variants[${String(n)}].key: the loop has no words for ${JSON.stringify(variant.key.slice(0, 60))}; it has ${known.join(', ')}`]),
      ...(variants.findIndex((other) => other.key === variant.key) < n ? [`variants[${String(n)}].key: stands here twice`] : []),
      ...(variant.weight > 0 && variant.weight <= 1 ? [] : [`variants[${String(n)}].weight: is ${String(variant.weight)}; more than 0, up to 1`]),
    ]),
    ...(Math.abs(variants.reduce((sum, { weight }) => sum + weight, 0) - 1) < 1e-6 || variants.length === 0 ? [] : ['variants: the weights must add up to 1']),
    ...(coverage === undefined || (coverage >= 0 && coverage <= 1) ? [] : [`coverage: is ${String(coverage)}; 0 to 1 is possible`]),
  ];
}
