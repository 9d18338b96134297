import type { Clock } from '../../db/clock.ts';
import type { Database } from '../../db/client.ts';
import { moveRun as moveRow } from '../../db/write/run-move.ts';
import { asId } from '../../src/domain/ids.ts';

export type RunsDeps = { readonly db: Database; readonly clock: Clock };
/** Which life of which run speaks. */
export type RunLifeInput = { readonly tenantId: string; readonly runId: string; readonly generation: number };
export type MoveRunInput = RunLifeInput & { readonly stage: string; readonly dueAt: number | null };
export type MovedRun = { readonly outcome: 'moved' | 'superseded' };

/** Writes where a run stands into its row. `superseded`: this life is over, whatever it does. */
export async function moveRun({ db, clock }: RunsDeps, input: MoveRunInput): Promise<MovedRun> {
  const tenantId = asId('tnt', input.tenantId);
  return { outcome: await db.asTenant(tenantId, (tx) => moveRow(tx, { ...input, tenantId, now: clock.now() })) };
}
