import type { MemberId, TenantId } from '../../src/domain/ids.ts';
import type { DestinationRules } from '../../src/domain/link/check-destination.ts';
import type { Tx } from '../client.ts';

/** Where the tenant's links are served and what they may lead to. */
export async function destinationRules(tx: Tx, tenantId: TenantId): Promise<DestinationRules> {
  const [rules] = await tx.sql<DestinationRules[]>`
    select public_url as "publicUrl", allowed_destinations as "allowedDestinations" from tenants where id = ${tenantId}`;
  if (rules === undefined) throw new Error('the tenant of this transaction is gone');
  return rules;
}

/** The member a link is to belong to, by our id or the tenant's own; null where there is none. */
export async function findMember(tx: Tx, member: { memberId: MemberId } | { externalId: string }): Promise<MemberId | null> {
  const [row] = await tx.sql<{ id: MemberId }[]>`
    select id from members where ${'memberId' in member ? tx.sql`id = ${member.memberId}` : tx.sql`tenant_id = current_tenant() and external_id = ${member.externalId}`}`;
  return row?.id ?? null;
}

/** Those of these ids that are members of the transaction's tenant. */
export async function membersThere(tx: Tx, ids: readonly MemberId[]): Promise<Set<MemberId>> {
  if (ids.length === 0) return new Set();
  const rows = await tx.sql<{ id: MemberId }[]>`
    select m.id from unnest(${[...new Set(ids)]}::text[]) as w (id) cross join lateral (select id from members where id = w.id limit 1) m`;
  return new Set(rows.map(({ id }) => id));
}
