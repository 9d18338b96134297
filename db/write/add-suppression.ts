import { newId } from '../../src/config/new-id.ts';
import type { SuppressionId, TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';
import type { SuppressionReason } from '../schema/people.ts';
import { openInvitesOf, reachOf } from './close-invites.ts';
import { recordDecision } from './decide.ts';
import { lockBatches } from './refresh-next-due.ts';
import { suppressWaiting } from './suppress-waiting.ts';

export type NewSuppression = { tenantId: TenantId; recipientHash: Uint8Array; reason: SuppressionReason; actor: string; now: number };

/**
 * Never contact this mailbox: what waits for it ends `refused`/`suppressed`, reminders stop. A mailbox has one live
 * suppression; where there is one, it stays as it is, and makes way for a legal reason alone.
 */
export async function addSuppression(tx: Tx, { tenantId, recipientHash, reason, actor, now }: NewSuppression): Promise<{ outcome: 'added' | 'already'; id: SuppressionId }> {
  const id = newId('sup', now);
  // Batches first, like the sender that records a bad address: else the two would wait for each other in a ring.
  await lockBatches(tx, (await openInvitesOf(tx, recipientHash, reachOf(reason))).map(({ batchId }) => batchId));
  // What the law wants is not lifted by whoever had opted out before; that word holds again when this one is lifted.
  if (reason === 'legal') {
    await tx.sql`update suppressions set lifted_at = ${now} where tenant_id = ${tenantId} and recipient_hash = ${recipientHash} and lifted_at is null and reason <> 'legal'`;
  }
  // Updates nothing, but locks the row that is there, so that nobody lifts it before it is read.
  const [row] = await tx.sql<{ id: SuppressionId }[]>`
    insert into suppressions as s (id, tenant_id, recipient_hash, reason, created_at) values (${id}, ${tenantId}, ${recipientHash}, ${reason}, ${now})
    on conflict (tenant_id, recipient_hash) where lifted_at is null do update set lifted_at = s.lifted_at
    returning id`;
  if (row === undefined) throw new Error('a suppression was not written');
  if (row.id !== id) return { outcome: 'already', id: row.id };
  const invitesStopped = await suppressWaiting(tx, { tenantId, recipientHash, reason, now, actor });
  await recordDecision(tx, { tenantId, subjectId: id, kind: 'suppression_added', rule: 'Nobody who is suppressed is written to.', inputs: { reason, invitesStopped }, actor, now });
  return { outcome: 'added', id };
}
