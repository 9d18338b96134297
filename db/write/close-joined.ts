import type { BatchId, InviteRef, MemberId, TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';
import { closeInvites, openInvitesOf, type ClosedInvite } from './close-invites.ts';
import { recordDecisions } from './decide.ts';

type Joining = { tenantId: TenantId; memberId: MemberId; now: number; cause: string };

/** A person who was invited became a member: all her open invites and their reminders end as `joined`. Returns which. */
export async function closeJoined(tx: Tx, input: Joining & { recipientHash: Uint8Array }): Promise<readonly ClosedInvite[]> {
  return close(tx, input, await openInvitesOf(tx, input.recipientHash, 'person', 'invites'));
}

/** Closes one invite by its place, for a sign-up that named its click or code. Returns it, or none where it was closed already. */
export async function closeJoinedInvite(tx: Tx, input: Joining & { batchId: BatchId; n: number }): Promise<readonly ClosedInvite[]> {
  return close(tx, input, [{ batchId: input.batchId, n: input.n }]);
}

async function close(tx: Tx, joining: Joining, refs: readonly InviteRef[]): Promise<readonly ClosedInvite[]> {
  const closed = await closeInvites(tx, joining.tenantId, refs, { state: 'joined', reason: null, stop: 'joined' });
  await recordDecisions(tx, closed.map((invite) => ({
    tenantId: joining.tenantId, subjectId: invite.batchId, ns: [invite.n], kind: 'joined',
    rule: 'A sign-up that matches the contact closes its invites and reminders.',
    inputs: { memberId: joining.memberId, cause: joining.cause, was: invite.was }, actor: joining.cause, now: joining.now,
  })));
  return closed;
}
