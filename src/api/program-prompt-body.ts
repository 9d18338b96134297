import { z } from 'zod';
import { EXPERIMENT_LIMITS, experimentProblems } from '../domain/experiment/pick-variant.ts';
import type { PromptTerms } from '../domain/prompt/decide-prompt.ts';
import type { PromptCopy } from '../domain/prompt/loop-prompt.ts';

const variant = z.strictObject({
  key: z.string().min(1).max(60).meta({ description: 'Which of the loop\'s words: `default`, or a variant of its copy' }),
  weight: z.number().meta({ description: 'More than 0; all together 1' }),
});
const experiment = z.strictObject({
  key: z.string().max(60).meta({ description: 'Seeds who gets which arm: keep it while the experiment runs; another one mixes people anew' }),
  variants: z.array(variant).max(EXPERIMENT_LIMITS.variants),
  coverage: z.number().optional().meta({ description: 'Which part of all members takes part, 0 to 1; the others are offered nothing. Left out: all' }),
}).meta({ description: 'The same member gets the same arm, by GrowthBook\'s hash v2' });
const terms = {
  value: z.number().optional().meta({ description: 'What an accepted offer is worth beside those of your other programs; left out: the loop\'s own' }),
  experiment: experiment.optional(),
};

export const promptTermsIn = z.strictObject(terms).meta({ id: 'PromptTermsChange', description: 'How the loop is offered to members at `POST /v1/prompts/decide`' });
export const promptTermsOut = z.object(terms).meta({ id: 'PromptTerms' });

/** What is wrong with them, each with its path. `copy`: the loop's words to members; null: it has none, and is offered to nobody. */
export function promptTermsProblems({ value, experiment: tried }: PromptTerms, copy: PromptCopy | null): string[] {
  if (copy === null) return ['prompt: this loop is offered to nobody; leave it out'];
  return [
    ...(value === undefined || (value > 0 && value <= 1_000_000) ? [] : [`prompt.value: is ${String(value)}; more than 0, up to 1,000,000`]),
    ...(tried === undefined ? [] : experimentProblems(tried, Object.keys(copy)).map((problem) => `prompt.experiment.${problem}`)),
  ];
}
