import { newId } from '../../src/config/new-id.ts';
import type { BatchId, InviteRef, MemberId, TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';
import { closeInvites, openInvitesOf } from './close-invites.ts';

type Joining = { tenantId: TenantId; memberId: MemberId; now: number; cause: string };

/** A person who was invited became a member: all her open invites and their reminders end as `joined`. Returns how many. */
export async function closeJoined(tx: Tx, input: Joining & { recipientHash: Uint8Array }): Promise<number> {
  return close(tx, input, await openInvitesOf(tx, input.recipientHash));
}

/** Closes one invite by its place, for a sign-up that named its click or code. Returns 1, or 0 where it was closed already. */
export async function closeJoinedInvite(tx: Tx, input: Joining & { batchId: BatchId; n: number }): Promise<number> {
  return close(tx, input, [{ batchId: input.batchId, n: input.n }]);
}

async function close(tx: Tx, joining: Joining, refs: readonly InviteRef[]): Promise<number> {
  const closed = await closeInvites(tx, joining.tenantId, refs, { state: 'joined', reason: null, stop: 'joined' });
  for (const invite of closed) {
    await tx.sql`
      insert into decisions (id, tenant_id, subject_id, ns, kind, rule, inputs, actor, at)
      values (${newId('dec', joining.now)}, ${joining.tenantId}, ${invite.batchId}, ${[invite.n]}::smallint[], 'joined',
              'A sign-up that matches the contact closes its invites and reminders.',
              ${JSON.stringify({ memberId: joining.memberId, cause: joining.cause, was: invite.was })}, ${joining.cause}, ${joining.now})`;
  }
  return closed.length;
}
