import { closeBoard, type ClosedBoard } from '../../db/write/rally/close-board.ts';
import { asId } from '../../src/domain/ids.ts';
import type { RunsDeps } from './move-run.ts';

export type EndBoardInput = { readonly tenantId: string; readonly runId: string };

/** Closes a run's board; the same again when it is repeated. */
export async function endBoard({ db, clock }: RunsDeps, input: EndBoardInput): Promise<ClosedBoard> {
  const tenantId = asId('tnt', input.tenantId);
  return db.asTenant(tenantId, (tx) => closeBoard(tx, { tenantId, runId: asId('run', input.runId), now: clock.now() }));
}
