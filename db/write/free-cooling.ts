import type { InviteRef, TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';

/** Frees the recipients of invites that ended with nothing handed off and nothing unknown: they may be invited again at once. */
export async function freeCooling(tx: Tx, tenantId: TenantId, ended: readonly InviteRef[]): Promise<void> {
  if (ended.length === 0) return;
  await tx.sql`
    delete from cooling k using unnest(${ended.map((row) => row.batchId)}::text[], ${ended.map((row) => row.n)}::smallint[]) as e (batch_id, n)
    where k.tenant_id = ${tenantId} and k.batch_id = e.batch_id and k.n = e.n
      and not exists (select 1 from messages m where m.batch_id = e.batch_id and m.n = e.n and m.state <> 'refused')`;
}
