import type { SuppressionId, TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';
import { recordDecision } from './decide.ts';

/** Lifts a suppression: new invites may go to the mailbox; those that ended stay ended. The row stays, with the first time it was lifted. */
export async function liftSuppression(tx: Tx, { tenantId, id, actor, now }: { tenantId: TenantId; id: SuppressionId; actor: string; now: number }): Promise<{ outcome: 'lifted' | 'already_or_unknown' }> {
  const [lifted] = await tx.sql<{ reason: string; createdAt: number }[]>`
    update suppressions set lifted_at = ${now} where tenant_id = ${tenantId} and id = ${id} and lifted_at is null returning reason, created_at as "createdAt"`;
  if (lifted === undefined) return { outcome: 'already_or_unknown' };
  await recordDecision(tx, { tenantId, subjectId: id, kind: 'suppression_lifted', rule: 'The app says that this mailbox may be written to again.', inputs: { reason: lifted.reason, since: lifted.createdAt }, actor, now });
  return { outcome: 'lifted' };
}
