import type { MemberId, TenantId } from '../../../src/domain/ids.ts';
import type { Tx } from '../../client.ts';
import { recordDecision } from '../decide.ts';

type Payee = { readonly tenantId: TenantId; readonly memberId: MemberId; readonly actor: string; readonly now: number };

/** Sets where a member is paid. What is approved already goes where it was to go. */
export async function setPayee(tx: Tx, { tenantId, memberId, detailsSealed, actor, now }: Payee & { readonly detailsSealed: Uint8Array }): Promise<void> {
  await tx.sql`
    insert into payees (tenant_id, member_id, details_sealed, changed_at) values (${tenantId}, ${memberId}, ${detailsSealed}, ${now})
    on conflict (tenant_id, member_id) do update set details_sealed = excluded.details_sealed, changed_at = excluded.changed_at`;
  await recordDecision(tx, { tenantId, subjectId: memberId, kind: 'payee_set', rule: 'Where a member is paid is what was said last.', inputs: {}, actor, now });
}

/** Forgets it; answers whether there was anything. */
export async function removePayee(tx: Tx, { tenantId, memberId, actor, now }: Payee): Promise<boolean> {
  const removed = await tx.sql`delete from payees where tenant_id = ${tenantId} and member_id = ${memberId} returning member_id`;
  if (removed.length === 0) return false;
  await recordDecision(tx, { tenantId, subjectId: memberId, kind: 'payee_removed', rule: 'Where a member is paid is forgotten when somebody says so.', inputs: {}, actor, now });
  return true;
}
