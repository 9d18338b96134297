import type { TenantId } from '../../../src/domain/ids.ts';
import { answeredIn, rightIn } from '../../../src/domain/play/judge-answer.ts';
import type { PlayView } from '../../read/play-page.ts';
import type { Tx } from '../../client.ts';
import { scoreBoards } from './score-boards.ts';

/** A placement quiz that was just answered to its end puts whoever answered it on the run's board, with so many points for each right answer; nothing where the run has no board. */
export async function placeOnBoard(tx: Tx, { tenantId, view, round, now }: { tenantId: TenantId; view: PlayView; round: number; now: number }): Promise<void> {
  const { runId, plays, questions, guestId, joinedAs } = view;
  if (round !== 1 || answeredIn(plays, round) < questions.length) return;
  const [board] = await tx.sql<{ pointsPerRight: number }[]>`select points_per_right as "pointsPerRight" from boards where tenant_id = ${tenantId} and run_id = ${runId}`;
  if (board === undefined) return;
  await scoreBoards(tx, { tenantId, scored: [{ personId: joinedAs ?? guestId, runId, points: rightIn(plays, round) * board.pointsPerRight, at: now }], now });
}
