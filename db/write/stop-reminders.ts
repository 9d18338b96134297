import type { BatchId, TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';
import { closeInvites } from './close-invites.ts';
import { recordDecision } from './decide.ts';

type Answered = { readonly tenantId: TenantId; /** Of the link it was answered by. */ readonly code: string; readonly answer: 'plays' | 'decline' | 'report'; readonly now: number };

/**
 * Who plays, declines or reports is not reminded: the invite whose link it is, if it is one's, keeps its course, and nothing follows it.
 * Who has only accepted may be. Locks the invite's batch: call it before a run is locked. A repeat changes nothing.
 */
export async function stopReminders(tx: Tx, { tenantId, code, answer, now }: Answered): Promise<void> {
  const [invite] = await tx.sql<{ batchId: BatchId; n: number }[]>`
    select l.batch_id as "batchId", l.n from links l join invites i on i.batch_id = l.batch_id and i.n = l.n
    where l.tenant_id = ${tenantId} and l.code = ${code} and i.state = 'handed_off' and i.step is not null`;
  if (invite === undefined) return;
  await closeInvites(tx, tenantId, [invite], { state: 'canceled', reason: null, stop: 'canceled' });
  await recordDecision(tx, {
    tenantId, subjectId: invite.batchId, ns: [invite.n], kind: 'canceled', rule: 'Who plays, declines or reports an invite is not reminded of it.', inputs: { answer }, actor: 'landing page', now,
  });
}
