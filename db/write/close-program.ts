import type { ProgramId, TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';
import { recordDecision } from './decide.ts';

type Switch = { tenantId: TenantId; programId: ProgramId; actor: string; now: number };

/**
 * Closes a program: it takes no sign-up that happens from now on, and what began goes on. Answers since when it is closed; closing it
 * again changes nothing. Null: there is no such program.
 */
export async function closeProgram(tx: Tx, { tenantId, programId, actor, now }: Switch): Promise<{ closedAt: number } | null> {
  const program = await lock(tx, tenantId, programId);
  if (program === null) return null;
  if (program.closedAt !== null) return { closedAt: program.closedAt };
  await tx.sql`update programs set closed_at = ${now}, updated_at = ${now} where id = ${programId}`;
  await recordDecision(tx, { tenantId, subjectId: programId, kind: 'program_closed', rule: 'A closed program takes no more sign-ups; what began goes on.', inputs: {}, actor, now });
  return { closedAt: now };
}

/** Opens it again, also for sign-ups that happened while it was closed and are told only now. False: there is no such program. */
export async function reopenProgram(tx: Tx, { tenantId, programId, actor, now }: Switch): Promise<boolean> {
  const program = await lock(tx, tenantId, programId);
  if (program === null) return false;
  if (program.closedAt === null) return true;
  await tx.sql`update programs set closed_at = null, updated_at = ${now} where id = ${programId}`;
  await recordDecision(tx, { tenantId, subjectId: programId, kind: 'program_reopened', rule: 'It takes sign-ups again.', inputs: { closedAt: program.closedAt }, actor, now });
  return true;
}

async function lock(tx: Tx, tenantId: TenantId, programId: ProgramId): Promise<{ closedAt: number | null } | null> {
  const [program] = await tx.sql<{ closedAt: number | null }[]>`
    select closed_at as "closedAt" from programs where tenant_id = ${tenantId} and id = ${programId} for no key update`;
  return program ?? null;
}
