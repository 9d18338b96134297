/** One answer as it stands. `n`: which question, from 0. */
export type Play = { readonly round: number; readonly n: number; readonly choice: number; readonly isRight: boolean; readonly at: number };

export type AnswerGiven = { readonly round: number; readonly n: number; readonly choice: number };

/** What an answer is held against. `answers`: of each question which choice is right; `choices`: how many each has. */
export type Table = {
  readonly answers: readonly number[];
  readonly choices: readonly number[];
  readonly rounds: number;
  readonly plays: readonly Play[];
  readonly isOver: boolean;
};

/**
 * `again`: the same answer was given before; it counts once. `already_answered`: another was, and stays. `out_of_turn`: the questions are
 * answered in their order, a rematch after the first game.
 */
export type Judged = { readonly outcome: 'taken'; readonly isRight: boolean } | { readonly outcome: 'again' | 'already_answered' | 'too_late' | 'out_of_range' | 'out_of_turn' };

/** Judges one answer, by what the server knows alone. A repeat is one also after the end. */
export function judgeAnswer({ round, n, choice }: AnswerGiven, { answers, choices, rounds, plays, isOver }: Table): Judged {
  const right = answers[n];
  if (!Number.isInteger(n) || !Number.isInteger(choice) || !Number.isInteger(round)) return { outcome: 'out_of_range' };
  if (right === undefined || choice < 0 || choice >= (choices[n] ?? 0) || round < 1 || round > rounds) return { outcome: 'out_of_range' };
  const before = plays.find((play) => play.round === round && play.n === n);
  if (before !== undefined) return { outcome: before.choice === choice ? 'again' : 'already_answered' };
  if (isOver) return { outcome: 'too_late' };
  if (answeredIn(plays, round) !== n || (round > 1 && answeredIn(plays, round - 1) < answers.length)) return { outcome: 'out_of_turn' };
  return { outcome: 'taken', isRight: choice === right };
}

export function answeredIn(plays: readonly Play[], round: number): number {
  return plays.filter((play) => play.round === round).length;
}

export function rightIn(plays: readonly Play[], round: number): number {
  return plays.filter((play) => play.round === round && play.isRight).length;
}

/** The round that is being played: the last that was begun. */
export function roundOf(plays: readonly Play[]): number {
  return Math.max(1, ...plays.map(({ round }) => round));
}

/** The score that counts: of the last round that was finished; null while none is. */
export function finalScore(plays: readonly Play[], questions: number): number | null {
  const finished = [2, 1].find((round) => answeredIn(plays, round) === questions);
  return finished === undefined ? null : rightIn(plays, finished);
}

export type Comparison = 'won' | 'lost' | 'tied';

/** Of whoever has `mine`. */
export function compareScores(mine: number, theirs: number): Comparison {
  return mine > theirs ? 'won' : mine < theirs ? 'lost' : 'tied';
}
