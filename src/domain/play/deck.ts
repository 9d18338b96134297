import { cleanLine } from '../message/clean-text.ts';

/** One question as players see it. */
export type Question = { readonly text: string; readonly choices: readonly string[] };

/** A deck as it comes with a run's start. `answer`: which choice is right, from 0. */
export type DeckGiven = {
  readonly title?: string | undefined;
  readonly subject?: string | undefined;
  readonly questions: readonly (Question & { readonly answer: number })[];
};

/** How long texts are, in characters (UTF-16 units), and how many of what there are. */
export const DECK_LIMITS = { questions: { min: 3, max: 10 }, choices: { min: 2, max: 6 }, text: 300, choice: 120, title: 100 } as const;

/** What cannot be played of a deck whose shape is right; empty when it is fine. Paths are of the request, `/deck/…`. */
export function deckProblems({ questions }: DeckGiven): { path: string; message: string }[] {
  return questions.flatMap(({ text, choices, answer }, n) => {
    const said = choices.map((choice) => cleanLine(choice, DECK_LIMITS.choice).toLowerCase());
    return [
      ...(cleanLine(text, DECK_LIMITS.text) === '' ? [{ path: `/deck/questions/${String(n)}/text`, message: 'shows nothing: it is made of characters that cannot be seen' }] : []),
      ...(said.includes('') ? [{ path: `/deck/questions/${String(n)}/choices`, message: 'a choice shows nothing: it is made of characters that cannot be seen' }] : []),
      ...(answer < choices.length ? [] : [{ path: `/deck/questions/${String(n)}/answer`, message: `is ${String(answer)}; the ${String(choices.length)} choices are counted from 0 to ${String(choices.length - 1)}` }]),
      ...(new Set(said).size === said.length ? [] : [{ path: `/deck/questions/${String(n)}/choices`, message: 'two choices are the same: nobody could tell which is right' }]),
    ];
  });
}

/** First value: so many answers, right or wrong, before any sign-up. No deck is shorter. */
export const FIRST_VALUE_ANSWERS = 3;
