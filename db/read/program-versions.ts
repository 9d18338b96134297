import type { ProgramId } from '../../src/domain/ids.ts';
import type { ProgramTerms } from '../../src/domain/program/terms.ts';
import type { Tx } from '../client.ts';

/** One version of a program as it was saved (epoch ms). `actor`: who saved it; null where that is no longer kept. */
export type ProgramVersionView = { version: number; title: string; terms: ProgramTerms; createdAt: number; actor: string | null };

/** Versions of a program of this tenant, newest first, before (older than) one. */
export async function listProgramVersions(tx: Tx, programId: ProgramId, page: { before: number | null; limit: number }): Promise<ProgramVersionView[]> {
  return tx.sql<ProgramVersionView[]>`${selectVersions(tx, programId)}
    ${page.before === null ? tx.sql`` : tx.sql`and v.version < ${page.before}`}
    order by v.version desc limit ${page.limit}`;
}

/** Some versions by their numbers; what there is not is left out. */
export async function readProgramVersions(tx: Tx, programId: ProgramId, versions: readonly number[]): Promise<Map<number, ProgramVersionView>> {
  const rows = await tx.sql<ProgramVersionView[]>`${selectVersions(tx, programId)} and v.version = any(${[...versions]}::integer[])`;
  return new Map(rows.map((row) => [row.version, row]));
}

/** How many invites something is still to become of, by the version they run on; versions without any are left out. */
export async function countRunningInvites(tx: Tx, programId: ProgramId): Promise<Map<number, number>> {
  const rows = await tx.sql<{ version: number; count: number }[]>`
    select b.program_version as version, count(*)::int as count
    from invite_batches b join invites i on i.batch_id = b.id
    where b.program_id = ${programId} and b.notice is null and exists (select 1 from batch_lanes q where q.batch_id = b.id and q.next_due_at is not null) and i.due_at is not null
    group by 1 order by 1`;
  return new Map(rows.map(({ version, count }) => [version, count]));
}

function selectVersions(tx: Tx, programId: ProgramId) {
  return tx.sql`
    select v.version, v.title, v.terms, v.created_at as "createdAt", d.actor
    from program_versions v left join lateral (
      select actor from decisions d
      where d.tenant_id = v.tenant_id and d.subject_id = v.program_id and d.kind in ('program_created', 'program_changed')
        and d.inputs @> jsonb_build_object('version', v.version)
      order by d.id limit 1) d on true
    where v.program_id = ${programId}`;
}
