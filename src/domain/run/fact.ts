/** What a run's facts say: ids, figures and flags; nothing of a person. */
export type FactScalar = string | number | boolean | null;

/** A fact as a run hears it. `id`: of the business fact, the same however often it comes; `at`: when it happened (epoch ms), by which it counts. */
export type ToldFact = { readonly id: string; readonly kind: string; readonly data: Readonly<Record<string, FactScalar>>; readonly at: number };

/** Kinds of facts that are the kit's own: an operator's word to a run, whatever its loop. No loop's fact begins with `#`. */
export const RUN_CONTROLS = { pause: '#pause', resume: '#resume', shorten: '#shorten', cancel: '#cancel' } as const;
export type RunControl = keyof typeof RUN_CONTROLS;

export function isControl(kind: string): boolean {
  return kind.startsWith('#');
}
