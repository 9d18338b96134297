import type { BatchId, MemberId, TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';
import { loadRecipients, type KnownRecipient } from '../read/recipients.ts';
import { closeJoinedOf } from './close-joined-of.ts';
import { markStale } from './mark-stale.ts';

type Written = {
  tenantId: TenantId;
  batchId: BatchId;
  topic: string;
  /** What was known when the request was decided, by hash in hex. */
  known: ReadonlyMap<string, KnownRecipient>;
  existingMembers: 'refuse' | 'invite';
  now: number;
};

/**
 * Looks again, after a batch was written, at recipients who are members: one who became a member while it was decided has
 * joined, and one whose hours changed is planned again. Who changes a member after this look finds the batch, since the
 * contact's row makes the two wait for each other.
 */
export async function heedLateMembers(tx: Tx, { tenantId, batchId, topic, known, existingMembers, now }: Written): Promise<void> {
  const members = await tx.sql<{ key: string; hash: Buffer; memberId: MemberId }[]>`
    select encode(i.recipient_hash, 'hex') as key, i.recipient_hash as hash, m.id as "memberId"
    from invites i join members m on m.contact_id = i.contact_id
    where i.batch_id = ${batchId} and i.tenant_id = ${tenantId} and i.state = 'waiting'`;
  if (members.length === 0) return;
  const joined = members.filter(({ key }) => existingMembers === 'refuse' && known.get(key)?.memberId == null)
    .map(({ hash, memberId }) => ({ recipientHash: hash, memberId }));
  if (joined.length > 0) await closeJoinedOf(tx, { tenantId, joined, now, cause: 'member_upsert' });
  const today = await loadRecipients(tx, { tenantId, topic, recipients: members.map(({ hash }) => ({ hash, phoneHash: null })), now });
  const moved = members.filter(({ key }) => ownHours(known.get(key)) !== ownHours(today.get(key)));
  if (moved.length > 0) await markStale(tx, { kind: 'people', recipientHashes: moved.map(({ hash }) => hash), inviterIds: [] }, now);
}

/** What a plan takes from a member rather than from an invite. */
function ownHours(recipient: KnownRecipient | undefined): string {
  if (recipient?.memberId == null) return '';
  const { hasOwnZone, zones, zoneSource, places, isMinor, memberQuiet } = recipient;
  return JSON.stringify([hasOwnZone ? [zones, zoneSource, places] : null, isMinor, memberQuiet]);
}
