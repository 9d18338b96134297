import { newId } from '../../src/config/new-id.ts';
import type { TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';
import type { SuppressionReason } from '../schema/people.ts';
import { recordDecision } from './decide.ts';
import { suppressWaiting } from './suppress-waiting.ts';

export type NewSuppression = { tenantId: TenantId; recipientHash: Uint8Array; reason: SuppressionReason; actor: string; now: number };

/**
 * Never contact this mailbox: what waits for it ends `refused`/`suppressed`, reminders stop. A mailbox has one live
 * suppression; where there is one, it stays as it is.
 */
export async function addSuppression(tx: Tx, { tenantId, recipientHash, reason, actor, now }: NewSuppression): Promise<{ outcome: 'added' | 'already' }> {
  const id = newId('sup', now);
  const added = await tx.sql`
    insert into suppressions (id, tenant_id, recipient_hash, reason, created_at) values (${id}, ${tenantId}, ${recipientHash}, ${reason}, ${now})
    on conflict (tenant_id, recipient_hash) where lifted_at is null do nothing`;
  if (added.count === 0) return { outcome: 'already' };
  const invitesStopped = await suppressWaiting(tx, { tenantId, recipientHash, reason, now, actor });
  await recordDecision(tx, { tenantId, subjectId: id, kind: 'suppression_added', rule: 'Nobody who is suppressed is written to.', inputs: { reason, invitesStopped }, actor, now });
  return { outcome: 'added' };
}
