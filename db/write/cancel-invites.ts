import type { BatchId, InviteRef, TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';
import { closeInvites } from './close-invites.ts';
import { recordDecision } from './decide.ts';
import { tellOfInvites } from './invite-news.ts';
import { tellOfMessages } from './runs/tell-of-messages.ts';

/** `too_late`: it is leaving or has left; its retries and reminders are canceled all the same. */
export type CancelOutcome = 'canceled' | 'too_late' | 'already_ended';
export type CanceledInvite = InviteRef & { outcome: CancelOutcome };

/** Cancels one invite, or (n null) all of a batch. null where there is no such invite or batch. */
export async function cancelInvites(
  tx: Tx, what: { tenantId: TenantId; batchId: BatchId; n: number | null; now: number; actor: string },
): Promise<CanceledInvite[] | null> {
  const rows = await tx.sql<{ n: number }[]>`
    select i.n from invites i join invite_batches b on b.id = i.batch_id
    where i.batch_id = ${what.batchId} and b.notice is null ${what.n === null ? tx.sql`` : tx.sql`and i.n = ${what.n}`} order by i.n`;
  if (rows.length === 0) return null;
  const refs = rows.map(({ n }) => ({ batchId: what.batchId, n }));
  const closed = await closeInvites(tx, what.tenantId, refs, { state: 'canceled', reason: 'canceled', stop: 'canceled' });
  const was = new Map(closed.map((invite) => [invite.n, invite.was]));
  if (closed.length > 0) {
    await recordDecision(tx, {
      tenantId: what.tenantId, subjectId: what.batchId, ns: closed.map((invite) => invite.n), kind: 'canceled',
      rule: 'What waits is canceled; what is on the wire or sent is followed by nothing.', inputs: {}, actor: what.actor, now: what.now,
    });
  }
  const ended = closed.filter((invite) => invite.was === 'closed');
  await tellOfInvites(tx, { tenantId: what.tenantId, now: what.now, news: ended.map(({ batchId, n }) => ({ batchId, n, type: 'invite.canceled' })) });
  await tellOfMessages(tx, { tenantId: what.tenantId, refs: closed.filter(({ ofRun }) => ofRun), now: what.now });
  return refs.map((ref) => ({ ...ref, outcome: outcomeOf(was.get(ref.n)) }));
}

function outcomeOf(was: 'closed' | 'on_the_wire' | 'reminders_stopped' | undefined): CancelOutcome {
  if (was === undefined) return 'already_ended';
  return was === 'closed' ? 'canceled' : 'too_late';
}
