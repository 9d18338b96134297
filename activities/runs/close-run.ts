import { closeRun as closeRow, type RunClosing } from '../../db/write/close-run.ts';
import { asId } from '../../src/domain/ids.ts';
import type { RunLifeInput, RunsDeps } from './move-run.ts';

export type CloseRunInput = RunLifeInput & {
  readonly outcome: string;
  readonly reason: string | null;
  /** It goes on where it was told a fact of these kinds that it has not seen. */
  readonly unless: { readonly kinds: readonly string[]; readonly seen: readonly string[] } | null;
};
export type ClosedRun = RunClosing;

/** Closes a run's row: the last thing its workflow does. */
export async function closeRun({ db, clock }: RunsDeps, input: CloseRunInput): Promise<ClosedRun> {
  const tenantId = asId('tnt', input.tenantId);
  return db.asTenant(tenantId, (tx) => closeRow(tx, { ...input, tenantId, now: clock.now() }));
}
