import type { TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';
import { closeInvites, openInvitesOf, reachOf } from './close-invites.ts';
import { recordDecisions } from './decide.ts';
import { tellOfSuppressed } from './invite-news.ts';

/**
 * Nobody who is suppressed is written to again: waiting invites of the recipient end `refused`/`suppressed`, reminders of
 * sent ones stop, one on the wire is followed by nothing. Returns how many invites it touched.
 */
export async function suppressWaiting(
  tx: Tx, input: { tenantId: TenantId; recipientHash: Uint8Array; reason: string; now: number; actor: string },
): Promise<number> {
  const closed = await closeInvites(tx, input.tenantId, await openInvitesOf(tx, input.recipientHash, reachOf(input.reason)),
    { state: 'refused', reason: 'suppressed', stop: 'suppressed' });
  await recordDecisions(tx, closed.map((invite) => ({
    tenantId: input.tenantId, subjectId: invite.batchId, ns: [invite.n], kind: 'suppressed', rule: input.reason,
    inputs: { was: invite.was }, actor: input.actor, now: input.now,
  })));
  await tellOfSuppressed(tx, { tenantId: input.tenantId, closed, now: input.now });
  return closed.length;
}
