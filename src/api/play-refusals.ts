import type { Judged } from '../domain/play/judge-answer.ts';
import type { Refusal } from './pages/play-pages.ts';

/** What is said to an answer that was not taken, and as which status. */
export const REFUSED_ANSWERS = {
  already_answered: { refusal: 'alreadyAnswered', status: 409 },
  too_late: { refusal: 'tooLate', status: 409 },
  out_of_range: { refusal: 'outOfRange', status: 400 },
  out_of_turn: { refusal: 'outOfTurn', status: 409 },
} as const satisfies Readonly<Record<Exclude<Judged['outcome'], 'taken' | 'again'>, { refusal: Refusal; status: number }>>;
