import type { MemberId, TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';

/** Which members the tenant's own ids mean, by these; who is unknown is not there. */
export async function membersByExternalId(tx: Tx, tenantId: TenantId, externalIds: readonly string[]): Promise<Map<string, MemberId>> {
  const rows = await tx.sql<{ id: MemberId; externalId: string }[]>`
    select id, external_id as "externalId" from members where tenant_id = ${tenantId} and external_id = any(${[...new Set(externalIds)]}::text[])`;
  return new Map(rows.map(({ id, externalId }) => [externalId, id]));
}

/** Is this one of the tenant's members? */
export async function isMember(tx: Tx, tenantId: TenantId, memberId: MemberId): Promise<boolean> {
  const rows = await tx.sql`select 1 from members where tenant_id = ${tenantId} and id = ${memberId}`;
  return rows.length > 0;
}
