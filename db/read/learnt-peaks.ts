import type { ProgramId, TenantId } from '../../src/domain/ids.ts';
import type { PeakWindow } from '../../src/domain/send-time/learn-peaks.ts';
import type { PeakBasis } from '../../src/domain/send-time/peak-basis.ts';
import type { Tx } from '../client.ts';

/** What was learnt for one program, or (null) for all of a tenant's together. Instants in epoch ms. */
export type LearntRow = { programId: ProgramId | null; windows: readonly PeakWindow[]; basis: PeakBasis; learntAt: number; lookedAt: number };

/** What was learnt for this program and for the whole tenant; a part is null where nobody has looked yet. */
export async function learntFor(tx: Tx, tenantId: TenantId, programId: ProgramId): Promise<{ program: LearntRow | null; tenant: LearntRow | null }> {
  const rows = await tx.sql<LearntRow[]>`${selectLearnt(tx, tenantId)} and (program_id = ${programId} or program_id is null)`;
  return { program: rows.find((row) => row.programId !== null) ?? null, tenant: rows.find((row) => row.programId === null) ?? null };
}

/** All that was learnt of a tenant, locked for who learns anew. */
export async function lockLearnt(tx: Tx, tenantId: TenantId): Promise<LearntRow[]> {
  return tx.sql<LearntRow[]>`${selectLearnt(tx, tenantId)} order by program_id nulls first for no key update`;
}

function selectLearnt(tx: Tx, tenantId: TenantId) {
  return tx.sql`select program_id as "programId", windows, basis, learnt_at as "learntAt", looked_at as "lookedAt" from learnt_peaks where tenant_id = ${tenantId}`;
}
