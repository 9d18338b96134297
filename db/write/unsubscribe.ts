import { newId } from '../../src/config/new-id.ts';
import type { BatchId, TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';
import { openInvitesOf } from './close-invites.ts';
import { recordDecision } from './decide.ts';
import { lockBatches } from './refresh-next-due.ts';
import { suppressWaiting } from './suppress-waiting.ts';

export type OptOutRequest = { tenantId: TenantId; batchId: BatchId; n: number; channel: string; now: number };

/** `already`: this recipient had stopped it before. `unknown`: the invite is gone, or its recipient was forgotten. */
export type OptOutOutcome = { outcome: 'unsubscribed' | 'already' | 'unknown' };

/**
 * The recipient of an invite wants no more of this tenant's messages: never contact, close what waits, say why.
 * Repeating it changes nothing. The recipient's own word takes the place of a bounce's or of the tenant's, because
 * those may be lifted without asking; a complaint and a legal reason stay, for they weigh as much.
 */
export async function unsubscribe(tx: Tx, request: OptOutRequest): Promise<OptOutOutcome> {
  const { tenantId, batchId, n, now } = request;
  const [invite] = await tx.sql<{ recipientHash: Uint8Array }[]>`
    select recipient_hash as "recipientHash" from invites where batch_id = ${batchId} and n = ${n} and recipient_hash is not null`;
  if (invite === undefined) return { outcome: 'unknown' };
  // Batches first, like everywhere: see add-suppression.ts.
  await lockBatches(tx, (await openInvitesOf(tx, invite.recipientHash)).map((open) => open.batchId));
  const replaced = await tx.sql<{ reason: string }[]>`
    update suppressions set lifted_at = ${now}
    where tenant_id = ${tenantId} and recipient_hash = ${invite.recipientHash} and lifted_at is null and reason in ('manual', 'hard_bounce')
    returning reason`;
  const added = await tx.sql<{ id: string }[]>`
    insert into suppressions (id, tenant_id, recipient_hash, reason, created_at)
    values (${newId('sup', now)}, ${tenantId}, ${invite.recipientHash}, 'unsubscribe', ${now})
    on conflict (tenant_id, recipient_hash) where lifted_at is null do nothing
    returning id`;
  const [suppression] = added;
  if (suppression === undefined) return { outcome: 'already' };
  const closed = await suppressWaiting(tx, { tenantId, recipientHash: invite.recipientHash, reason: 'unsubscribe', now, actor: 'recipient' });
  await recordDecision(tx, {
    tenantId,
    subjectId: batchId,
    ns: [n],
    kind: 'unsubscribed',
    rule: 'the recipient opted out through the link of this invite',
    inputs: { channel: request.channel, suppressionId: suppression.id, invitesStopped: closed, ...(replaced[0] === undefined ? {} : { replaced: replaced[0].reason }) },
    actor: 'recipient',
    now,
  });
  return { outcome: 'unsubscribed' };
}
