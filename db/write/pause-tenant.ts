import type { Tx } from '../client.ts';
import type { TenantView } from '../read/tenant.ts';
import { recordDecision } from './decide.ts';
import { nudgeLanes } from './nudge-lanes.ts';

type By = { actor: string; now: number };

/** Pauses a tenant (locked): nothing leaves on any channel; accepting goes on, and so does expiry. */
export async function pauseTenant(tx: Tx, { id, pausedAt }: TenantView, { actor, now }: By): Promise<void> {
  if (pausedAt !== null) return;
  await tx.sql`update tenants set paused_at = ${now} where id = ${id}`;
  await recordDecision(tx, { tenantId: id, subjectId: id, kind: 'tenant_paused', rule: 'A paused tenant sends nothing on any channel; accepting and expiry go on.', inputs: {}, actor, now });
}

/** Resumes it: what was held may leave, if its hour still permits. */
export async function resumeTenant(tx: Tx, { id, pausedAt }: TenantView, { actor, now }: By): Promise<void> {
  if (pausedAt === null) return;
  await tx.sql`update tenants set paused_at = null where id = ${id}`;
  await nudgeLanes(tx, { tenantId: id, now });
  await recordDecision(tx, { tenantId: id, subjectId: id, kind: 'tenant_resumed', rule: 'What was held may leave, each at a permitted time.', inputs: { pausedAt }, actor, now });
}
