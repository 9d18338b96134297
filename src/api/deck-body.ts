import { z } from 'zod';
import { DECK_LIMITS } from '../domain/play/deck.ts';
import { textIn } from './fields.ts';

const { questions, choices, text, choice, title } = DECK_LIMITS;

const questionIn = z.strictObject({
  text: textIn(text),
  choices: z.array(textIn(choice)).min(choices.min).max(choices.max),
  answer: z.int().min(0).max(choices.max - 1).meta({ description: 'Which choice is right, counted from 0. Kept sealed: no page shows it' }),
});

/** The questions that come with the start of a run that is played. */
export const deckIn = z.strictObject({
  title: textIn(title).optional().meta({ description: 'The heading of the game' }),
  subject: textIn(title).optional().meta({ description: 'What it is about, in your own words' }),
  questions: z.array(questionIn).min(questions.min).max(questions.max),
}).meta({ id: 'Deck', description: `${String(questions.min)} to ${String(questions.max)} questions, each with ${String(choices.min)} to ${String(choices.max)} choices` });
