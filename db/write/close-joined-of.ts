import type { MemberId, TenantId } from '../../src/domain/ids.ts';
import { bytesArray } from '../array-params.ts';
import type { Tx } from '../client.ts';
import { closeJoined } from './close-joined.ts';

/**
 * Closes the open invites of many people who are members now, in the order of their mailboxes. One look finds the few
 * that have any. `cause`: what told us.
 */
export async function closeJoinedOf(
  tx: Tx, input: { tenantId: TenantId; joined: readonly { memberId: MemberId; recipientHash: Uint8Array }[]; now: number; cause: string },
): Promise<void> {
  const { joined, ...rest } = input;
  if (joined.length === 0) return;
  const open = await tx.sql<{ mailbox: string }[]>`
    select distinct encode(recipient_hash, 'hex') as mailbox from invites
    where recipient_hash = any(${bytesArray(joined.map(({ recipientHash }) => recipientHash))}::bytea[]) and state in ('waiting', 'handed_off', 'unknown', 'unknown_expired')
    order by mailbox`;
  const byMailbox = new Map(joined.map((one) => [Buffer.from(one.recipientHash).toString('hex'), one]));
  for (const { mailbox } of open) {
    const one = byMailbox.get(mailbox);
    if (one !== undefined) await closeJoined(tx, { ...rest, ...one });
  }
}
