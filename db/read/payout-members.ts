import type { MemberId, TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';

/** Members by the tenant's own ids; who is not there is not in it. */
export async function membersByExternalId(tx: Tx, tenantId: TenantId, externalIds: readonly string[]): Promise<Map<string, MemberId>> {
  if (externalIds.length === 0) return new Map();
  const rows = await tx.sql<{ id: MemberId; externalId: string }[]>`select id, external_id as "externalId" from members where tenant_id = ${tenantId} and external_id = any(${[...externalIds]}::text[])`;
  return new Map(rows.map(({ id, externalId }) => [externalId, id]));
}

/** The tenant's own ids of members. */
export async function externalIdsOf(tx: Tx, tenantId: TenantId, memberIds: readonly MemberId[]): Promise<Map<MemberId, string>> {
  if (memberIds.length === 0) return new Map();
  const rows = await tx.sql<{ id: MemberId; externalId: string }[]>`select id, external_id as "externalId" from members where tenant_id = ${tenantId} and id = any(${[...memberIds]}::text[])`;
  return new Map(rows.map(({ id, externalId }) => [id, externalId]));
}
