import { newId } from '../../src/config/new-id.ts';
import type { SuppressionId, TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';
import type { SuppressionReason } from '../schema/people.ts';
import { recordDecision } from './decide.ts';

type Lifted = { tenantId: TenantId; id: string; reasons: readonly SuppressionReason[]; actor: string; now: number };

/**
 * Suppression `id` was lifted. Where it had taken the place of one for these reasons (at that very instant), that one holds
 * again: whoever lifts one word lifts no other.
 */
export async function putBackSuppression(tx: Tx, { tenantId, id, reasons, actor, now }: Lifted): Promise<void> {
  const [back] = await tx.sql<{ id: SuppressionId; reason: string }[]>`
    insert into suppressions (id, tenant_id, recipient_hash, reason, created_at)
    select ${newId('sup', now)}, ${tenantId}, before.recipient_hash, before.reason, ${now}
    from suppressions own join suppressions before on before.tenant_id = own.tenant_id and before.recipient_hash = own.recipient_hash
    where own.tenant_id = ${tenantId} and own.id = ${id} and before.id <> own.id and before.lifted_at = own.created_at and before.reason = any(${[...reasons]}::text[]) limit 1
    on conflict (tenant_id, recipient_hash) where lifted_at is null do nothing
    returning id, reason`;
  if (back === undefined) return;
  await recordDecision(tx, {
    tenantId, subjectId: back.id, kind: 'suppression_added', actor, now,
    rule: 'The suppression that had taken its place was lifted: what was said before it holds again.', inputs: { reason: back.reason, invitesStopped: 0 },
  });
}
