import { newId } from '../../src/config/new-id.ts';
import type { TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';
import { closeInvites, openInvitesOf } from './close-invites.ts';

/**
 * Nobody who is suppressed is written to again: waiting invites of the recipient end `refused`/`suppressed`, reminders of
 * sent ones stop, one on the wire is followed by nothing. Returns how many invites it touched.
 */
export async function suppressWaiting(
  tx: Tx, input: { tenantId: TenantId; recipientHash: Uint8Array; reason: string; now: number; actor: string },
): Promise<number> {
  const closed = await closeInvites(tx, input.tenantId, await openInvitesOf(tx, input.recipientHash),
    { state: 'refused', reason: 'suppressed', stop: 'suppressed' });
  for (const invite of closed) {
    await tx.sql`
      insert into decisions (id, tenant_id, subject_id, ns, kind, rule, inputs, actor, at)
      values (${newId('dec', input.now)}, ${input.tenantId}, ${invite.batchId}, ${[invite.n]}::smallint[], 'suppressed', ${input.reason},
              ${JSON.stringify({ was: invite.was })}, ${input.actor}, ${input.now})`;
  }
  return closed.length;
}
