/** What is practised here. The same questions are the deck of a challenge. `answer`: which choice is right, from 0. */
export const QUESTIONS = [
  { text: 'Which planet is the largest?', choices: ['Saturn', 'Jupiter', 'Neptune'], answer: 1 },
  { text: 'What is 7 times 8?', choices: ['54', '56', '58'], answer: 1 },
  { text: 'Which gas do plants take in?', choices: ['Carbon dioxide', 'Oxygen', 'Nitrogen'], answer: 0 },
  { text: 'On which continent is the Nile?', choices: ['Asia', 'South America', 'Africa'], answer: 2 },
] as const;

/** How many are right. `chosen`: a place for each question. */
export function countRight(chosen: readonly number[]): number {
  return QUESTIONS.filter(({ answer }, n) => chosen[n] === answer).length;
}
