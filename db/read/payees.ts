import type { MemberId, TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';

export async function readPayee(tx: Tx, tenantId: TenantId, memberId: MemberId): Promise<{ detailsSealed: Uint8Array; changedAt: number } | null> {
  const [row] = await tx.sql<{ detailsSealed: Uint8Array; changedAt: number }[]>`select details_sealed as "detailsSealed", changed_at as "changedAt" from payees where tenant_id = ${tenantId} and member_id = ${memberId}`;
  return row ?? null;
}
