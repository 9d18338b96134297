import { newId } from '../../src/config/new-id.ts';
import type { MemberId, TenantId } from '../../src/domain/ids.ts';
import type { Signer } from '../../src/domain/link/signer.ts';
import type { Tx } from '../client.ts';
import { makePersonalLinks } from './personal-links.ts';

export type EnsuredMember = { id: MemberId; created: boolean };

/**
 * The members of these external ids, made empty where there are none: a fact about somebody we have not heard of must
 * not be lost. In the order of the ids, so that two who make the same ones never wait for each other in a ring. Who is made
 * here has a personal link at once.
 */
export async function ensureMembers(tx: Tx, signer: Signer, { tenantId, externalIds, now }: { tenantId: TenantId; externalIds: readonly string[]; now: number }): Promise<Map<string, EnsuredMember>> {
  const wanted = [...new Set(externalIds)].toSorted();
  if (wanted.length === 0) return new Map();
  // Sent together; the second is a statement of its own, which sees what was committed by those the insert waited for.
  const [made, rows] = await Promise.all([insertMembers(tx, tenantId, wanted, now), readMembers(tx, tenantId, wanted)]);
  const created = new Set(made.map((row) => row.externalId));
  await makePersonalLinks(tx, signer, { tenantId, memberIds: rows.flatMap((row) => (created.has(row.externalId) ? [row.id] : [])), now });
  return new Map(rows.map((row) => [row.externalId, { id: row.id, created: created.has(row.externalId) }]));
}

/** Members by the tenant's own ids, made where they are missing among `known`, who were found before. */
export async function ensureOthers(tx: Tx, signer: Signer, known: ReadonlyMap<string, EnsuredMember>, asked: { tenantId: TenantId; externalIds: readonly string[]; now: number }): Promise<ReadonlyMap<string, EnsuredMember>> {
  const missing = asked.externalIds.filter((id) => !known.has(id));
  return missing.length === 0 ? known : new Map([...known, ...await ensureMembers(tx, signer, { ...asked, externalIds: missing })]);
}

/** Those of these external ids who are there. */
export async function findMembers(tx: Tx, tenantId: TenantId, externalIds: readonly string[]): Promise<Map<string, EnsuredMember>> {
  const rows = externalIds.length === 0 ? [] : await readMembers(tx, tenantId, [...new Set(externalIds)]);
  return new Map(rows.map((row) => [row.externalId, { id: row.id, created: false }]));
}

async function readMembers(tx: Tx, tenantId: TenantId, externalIds: readonly string[]): Promise<{ id: MemberId; externalId: string }[]> {
  return tx.sql<{ id: MemberId; externalId: string }[]>`
    select m.id, m.external_id as "externalId" from unnest(${externalIds}::text[]) as w (external_id)
    cross join lateral (select id, external_id from members where tenant_id = ${tenantId} and external_id = w.external_id limit 1) m`;
}

async function insertMembers(tx: Tx, tenantId: TenantId, externalIds: readonly string[], now: number): Promise<{ externalId: string }[]> {
  return tx.sql<{ externalId: string }[]>`
    insert into members (id, tenant_id, external_id, created_at, updated_at)
    select w.id, ${tenantId}, w.external_id, ${now}, ${now}
    from unnest(${externalIds.map(() => newId('mbr', now))}::text[], ${externalIds}::text[]) with ordinality as w (id, external_id, place)
    order by w.place
    on conflict (tenant_id, external_id) do nothing
    returning external_id as "externalId"`;
}
