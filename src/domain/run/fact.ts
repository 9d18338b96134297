/** What a run's facts say: ids, figures and flags; nothing of a person. */
export type FactScalar = string | number | boolean | null;

/** A fact as a run hears it. `id`: of the business fact, the same however often it comes; `at`: when it happened (epoch ms), by which it counts. */
export type ToldFact = { readonly id: string; readonly kind: string; readonly data: Readonly<Record<string, FactScalar>>; readonly at: number };

/** Kinds of facts that are the kit's own: an operator's word to a run, whatever its loop. No loop's fact begins with `#`. */
export const RUN_CONTROLS = { pause: '#pause', resume: '#resume', shorten: '#shorten', cancel: '#cancel' } as const;
export type RunControl = keyof typeof RUN_CONTROLS;

/** What became of a message of the run: `step`, `batchId`, `n`, `outcome` (see `MessageOutcome`; `bounced`: it came back after it had left) and `reason`. Waits like a loop's own fact. */
export const MESSAGE_FACT = '#message';
/** The last of those asked wants no more of it, and nobody has come: the run ends by that name. */
export const OPTED_OUT_FACT = '#opted_out';

/** `unknown`: it may have arrived. */
export type MessageOutcome = 'handed_off' | 'unknown' | 'not_sent';

export function isControl(kind: string): boolean {
  return kind.startsWith('#') && kind !== MESSAGE_FACT;
}
