import type { TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';
import type { ProgramView } from '../read/programs.ts';
import { recordDecision } from './decide.ts';
import { markStale } from './mark-stale.ts';
import { nudgeLanes } from './nudge-lanes.ts';

type By = { tenantId: TenantId; actor: string; now: number };

/** Pauses a program (read for update): it refuses new invites and holds those that wait; their expiry runs on. */
export async function pauseProgram(tx: Tx, { id, pausedAt, version }: ProgramView, { tenantId, actor, now }: By): Promise<void> {
  if (pausedAt !== null) return;
  await tx.sql`update programs set paused_at = ${now}, updated_at = ${now} where id = ${id}`;
  await recordDecision(tx, { tenantId, subjectId: id, kind: 'program_paused', rule: 'A paused program refuses new invites and holds what waits; expiry runs on.', inputs: { version }, actor, now });
}

/** Resumes it: what waits is planned again under today's rules and may leave. */
export async function resumeProgram(tx: Tx, { id, pausedAt, version }: ProgramView, { tenantId, actor, now }: By): Promise<void> {
  if (pausedAt === null) return;
  await tx.sql`update programs set paused_at = null, updated_at = ${now} where id = ${id}`;
  await markStale(tx, { kind: 'program', programId: id }, now);
  await nudgeLanes(tx, { tenantId, programId: id, now });
  await recordDecision(tx, { tenantId, subjectId: id, kind: 'program_resumed', rule: 'What waits is planned again under today\'s rules.', inputs: { version, pausedAt }, actor, now });
}
