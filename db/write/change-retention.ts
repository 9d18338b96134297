import type { Tx } from '../client.ts';
import type { TenantView } from '../read/tenant.ts';
import { recordDecision } from './decide.ts';

/** Changes for how many months (1 to 120) a tenant's (locked) touches, receipts and decisions are kept. The next daily run goes by it. */
export async function changeRetention(tx: Tx, before: TenantView, { months, actor, now }: { months: number; actor: string; now: number }): Promise<void> {
  if (months === before.retentionMonths) return;
  await tx.sql`update tenants set retention_months = ${months} where id = ${before.id}`;
  await recordDecision(tx, {
    tenantId: before.id, subjectId: before.id, kind: 'retention_changed', rule: 'Touches, receipts and decisions are kept for so many months, then removed by the month.',
    inputs: { months, before: before.retentionMonths }, actor, now,
  });
}
