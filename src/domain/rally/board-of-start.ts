import { playTerms } from '../play/play-terms.ts';
import type { LiveLife } from '../program/live-life.ts';
import { liveTerms, type StartInput } from '../program/live-loop.ts';
import type { ProgramTerms } from '../program/terms.ts';

/** A board as a start asks for it, and what is wrong with that; paths are of the request. */
export type BoardOfStart = {
  readonly opened: { readonly title: string; readonly endsAt: number; readonly pointsPerRight: number };
  readonly errors: readonly { readonly path: string; readonly message: string }[];
};

/** Reads it from a start's input; null where the loop has no board. It ends as its placement quiz does. */
export function boardOf(life: LiveLife, { terms, input, now }: { readonly terms: Pick<ProgramTerms, 'life'>; readonly input: StartInput; readonly now: number }): BoardOfStart | null {
  if (life.board === undefined) return null;
  const { title, endsAt: endField } = life.board;
  const numbers = liveTerms(life, terms);
  const { endsAt } = playTerms(numbers, input, now, endField);
  return {
    opened: { title: String(input[title] ?? ''), endsAt, pointsPerRight: numbers['pointsPerRight'] ?? 0 },
    errors: endsAt > now ? [] : [{ path: `/input/${endField}`, message: 'Must be in the future: nothing is scored after it.' }],
  };
}
