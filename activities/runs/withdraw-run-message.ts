import { withdrawMessages, type Withdrawn } from '../../db/write/runs/withdraw-messages.ts';
import { asId } from '../../src/domain/ids.ts';
import type { RunsDeps } from './move-run.ts';

export type WithdrawRunMessageInput = { readonly tenantId: string; readonly runId: string; readonly step: string };
export type WithdrawnRunMessage = Withdrawn;

/** Lets go what of a step has not left, and says what became of it. `on_the_wire`: its record or the fence decides; ask again. */
export async function withdrawRunMessage({ db }: Pick<RunsDeps, 'db'>, { tenantId, runId, step }: WithdrawRunMessageInput): Promise<WithdrawnRunMessage> {
  const tenant = asId('tnt', tenantId);
  return db.asTenant(tenant, (tx) => withdrawMessages(tx, { tenantId: tenant, runId: asId('run', runId), step }));
}
