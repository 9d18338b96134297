import type { BoardEntry, BoardView } from '../../db/read/rally-board.ts';
import { movementOf, ranksOf } from '../domain/rally/ranks.ts';
import type { Movement } from '../domain/rally/ranks.ts';

/** One line of a board as it is shown: no id, and a name that was drawn. */
export type BoardLine = { readonly rank: number; readonly sharedWith: number; readonly nameDrawn: number; readonly score: number; readonly movement: Movement; readonly isOwn: boolean };

/** A board as one reader sees it. `own` null: the reader is not on it. */
export type ShownBoard = { readonly players: number; readonly practising: number; readonly top: readonly BoardLine[]; readonly own: BoardLine | null };

/** Ranks, ties and movement of a board, with the reader's own line. */
export function showBoard({ groups, top, practising }: Pick<BoardView, 'groups' | 'top' | 'practising'>, own: BoardEntry | null): ShownBoard {
  const { players, rankOf } = ranksOf(groups);
  const line = ({ personId, nameDrawn, score, notedRank }: BoardEntry): BoardLine => {
    const { rank, sharedWith } = rankOf(score);
    return { rank, sharedWith, nameDrawn, score, movement: movementOf(notedRank, rank), isOwn: personId === own?.personId };
  };
  return { players, practising, top: top.map(line), own: own === null ? null : line(own) };
}
