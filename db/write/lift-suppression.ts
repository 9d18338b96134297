import type { SuppressionId, TenantId } from '../../src/domain/ids.ts';
import { ALL, OPT_OUT_ENDED } from '../../src/domain/preference/consent-act.ts';
import type { ConsentChannel } from '../../src/domain/preference/consent-act.ts';
import type { Tx } from '../client.ts';
import { recordDecision } from './decide.ts';
import { putBackSuppression } from './put-back-suppression.ts';
import { recordConsents } from './record-consent.ts';

/**
 * Lifts a suppression: new invites may go to the mailbox; those that ended stay ended. The row stays, with the first time it
 * was lifted. Where it was the recipient's own opt-out of everything, the app says with it that the recipient took that back,
 * which is logged too.
 */
export async function liftSuppression(tx: Tx, { tenantId, id, actor, now }: { tenantId: TenantId; id: SuppressionId; actor: string; now: number }): Promise<{ outcome: 'lifted' | 'already_or_unknown' }> {
  const [lifted] = await tx.sql<{ reason: string; createdAt: number; recipientHash: Uint8Array }[]>`
    update suppressions set lifted_at = ${now} where tenant_id = ${tenantId} and id = ${id} and lifted_at is null
    returning reason, created_at as "createdAt", recipient_hash as "recipientHash"`;
  if (lifted === undefined) return { outcome: 'already_or_unknown' };
  if (lifted.reason === 'unsubscribe' || lifted.reason === 'sms_stop') await endOptOut(tx, { tenantId, recipientHash: lifted.recipientHash, actor, now });
  if (lifted.reason === 'legal') await putBackSuppression(tx, { tenantId, id, reasons: ['unsubscribe', 'complaint', 'sms_stop', 'hard_bounce', 'manual'], actor, now });
  await recordDecision(tx, { tenantId, subjectId: id, kind: 'suppression_lifted', rule: 'The app says that this mailbox may be written to again.', inputs: { reason: lifted.reason, since: lifted.createdAt }, actor, now });
  return { outcome: 'lifted' };
}

async function endOptOut(tx: Tx, { tenantId, recipientHash, actor, now }: { tenantId: TenantId; recipientHash: Uint8Array; actor: string; now: number }): Promise<void> {
  const out = await tx.sql<{ channel: ConsentChannel }[]>`
    select channel from preferences where tenant_id = ${tenantId} and recipient_hash = ${recipientHash} and topic = ${ALL} and state = 'out'`;
  await recordConsents(tx, {
    tenantId, actor, now,
    acts: out.map(({ channel }) => ({ recipientHash, topic: ALL, channel, action: 'granted', basis: OPT_OUT_ENDED, wordingVersion: null, locale: null, source: 'api', givenAt: now })),
  });
}
