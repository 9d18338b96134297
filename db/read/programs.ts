import type { ProgramId, TenantId } from '../../src/domain/ids.ts';
import type { ProgramTerms } from '../../src/domain/program/terms.ts';
import type { Tx } from '../client.ts';

/** A program with the terms of its current version. Instants in epoch ms. */
export type ProgramView = {
  id: ProgramId;
  loop: string;
  title: string;
  topic: string;
  version: number;
  rulesVersion: number;
  pausedAt: number | null;
  terms: ProgramTerms;
  createdAt: number;
  updatedAt: number;
};

/** One program of this tenant, or null. */
export async function readProgram(tx: Tx, tenantId: TenantId, id: ProgramId): Promise<ProgramView | null> {
  const [row] = await tx.sql<ProgramView[]>`${selectPrograms(tx)} where p.tenant_id = ${tenantId} and p.id = ${id}`;
  return row ?? null;
}

/** The same, locked, for those who change it. Locked first and read after: a join that waits for a lock sees old versions. */
export async function lockProgram(tx: Tx, tenantId: TenantId, id: ProgramId): Promise<ProgramView | null> {
  await tx.sql`select 1 from programs where tenant_id = ${tenantId} and id = ${id} for no key update`;
  return readProgram(tx, tenantId, id);
}

/** Programs, newest first, after (older than) an id. */
export async function listPrograms(tx: Tx, tenantId: TenantId, page: { after: string | null; limit: number }): Promise<ProgramView[]> {
  return tx.sql<ProgramView[]>`${selectPrograms(tx)}
    where p.tenant_id = ${tenantId} ${page.after === null ? tx.sql`` : tx.sql`and p.id < ${page.after}`}
    order by p.id desc limit ${page.limit}`;
}

function selectPrograms(tx: Tx) {
  return tx.sql`
    select p.id, p.loop, p.title, p.topic, p.version, p.rules_version as "rulesVersion", p.paused_at as "pausedAt", v.terms,
           p.created_at as "createdAt", p.updated_at as "updatedAt"
    from programs p join program_versions v on v.program_id = p.id and v.version = p.version`;
}
