import type { BatchId, TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';

/** Who wrote to a recipient, and whether the recipient has stopped it already. */
export type OptOutView = { tenantName: string; fromName: string; postalAddress: string; stopped: boolean; locale: string | null };

/** What the opt-out page of one invite says; null where the invite is gone or its recipient was forgotten. */
export async function optOutView(tx: Tx, invite: { tenantId: TenantId; batchId: BatchId; n: number }): Promise<OptOutView | null> {
  const [row] = await tx.sql<OptOutView[]>`
    select t.name as "tenantName", t.from_name as "fromName", t.postal_address as "postalAddress",
           exists (select 1 from suppressions s
                   where s.tenant_id = i.tenant_id and s.recipient_hash = i.recipient_hash and s.lifted_at is null) as stopped,
           coalesce(m.locale, c.locale) as locale
    from invites i join tenants t on t.id = i.tenant_id left join contacts c on c.id = i.contact_id
    left join lateral (select * from members m where m.contact_id = c.id order by m.id limit 1) m on true
    where i.tenant_id = ${invite.tenantId} and i.batch_id = ${invite.batchId} and i.n = ${invite.n} and i.recipient_hash is not null`;
  return row ?? null;
}
