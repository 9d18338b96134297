import { newId } from '../../src/config/new-id.ts';
import type { MemberId, TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';

export type EnsuredMember = { id: MemberId; created: boolean };

/**
 * The members of these external ids, made empty where there are none: a fact about somebody we have not heard of must
 * not be lost. In the order of the ids, so that two who make the same ones never wait for each other in a ring.
 */
export async function ensureMembers(tx: Tx, tenantId: TenantId, externalIds: readonly string[], now: number): Promise<Map<string, EnsuredMember>> {
  const wanted = [...new Set(externalIds)].toSorted();
  if (wanted.length === 0) return new Map();
  const made = await tx.sql<{ externalId: string }[]>`
    insert into members (id, tenant_id, external_id, created_at, updated_at)
    select w.id, ${tenantId}, w.external_id, ${now}, ${now}
    from unnest(${wanted.map(() => newId('mbr', now))}::text[], ${wanted}::text[]) with ordinality as w (id, external_id, place)
    order by w.place
    on conflict (tenant_id, external_id) do nothing
    returning external_id as "externalId"`;
  const created = new Set(made.map((row) => row.externalId));
  // A statement of its own: it sees what was committed by those the insert waited for.
  const rows = await tx.sql<{ id: MemberId; externalId: string }[]>`
    select id, external_id as "externalId" from members where tenant_id = ${tenantId} and external_id = any(${wanted}::text[])`;
  return new Map(rows.map((row) => [row.externalId, { id: row.id, created: created.has(row.externalId) }]));
}
