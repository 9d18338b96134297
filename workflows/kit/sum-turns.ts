import { setCurrentDetails, workflowInfo } from '@temporalio/workflow';

export type Turns<Turn> = {
  /** What the turns came to before this run went on as a new one. */
  readonly soFar: Turn;
  readonly take: (sum: Turn) => Promise<Turn>;
  readonly isOver: (sum: Turn) => boolean;
  /** What ops read in the Temporal UI meanwhile. */
  readonly say: (sum: Turn) => string;
  /** Goes on as a new run: a history must not grow without end. */
  readonly goOn: (soFar: Turn) => Promise<never>;
};

/** Takes turns of an activity, each from where the last one stopped, until all is looked at. The numbers of a turn are counts and are summed up; all else says where it stopped. */
export async function sumTurns<Turn extends Readonly<Record<string, unknown>>>({ soFar, take, isOver, say, goOn }: Turns<Turn>): Promise<Turn> {
  let sum = soFar;
  for (;;) {
    sum = addTurn(sum, await take(sum));
    setCurrentDetails(say(sum));
    if (isOver(sum)) return sum;
    if (workflowInfo().continueAsNewSuggested) await goOn(sum);
  }
}

function addTurn<Turn extends Readonly<Record<string, unknown>>>(sum: Turn, turn: Turn): Turn {
  const before: Readonly<Record<string, unknown>> = sum;
  const counts = Object.entries(turn).flatMap(([name, count]): [string, number][] => {
    const had = before[name];
    return typeof count === 'number' && typeof had === 'number' ? [[name, had + count]] : [];
  });
  return { ...turn, ...Object.fromEntries(counts) };
}
