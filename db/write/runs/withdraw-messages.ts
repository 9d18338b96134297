import type { InviteRef, RunId, TenantId } from '../../../src/domain/ids.ts';
import type { MessageOutcome } from '../../../src/domain/run/fact.ts';
import type { Tx } from '../../client.ts';
import type { InviteState } from '../../schema/invites.ts';
import { closeInvites } from '../close-invites.ts';
import { outcomeOfInvite } from './outcome-of-invite.ts';

export type Withdrawn = { readonly outcome: MessageOutcome; readonly reason: string | null } | { readonly outcome: 'on_the_wire' };

type Row = InviteRef & { state: InviteState; reason: string | null; claimed: boolean; left: boolean };

/**
 * Closes what of a run's step waits still, and says what became of the step: that something left and did not come back counts most, then what is on the wire,
 * then that it may have left. Repeating it answers the truth of then.
 */
export async function withdrawMessages(tx: Tx, { tenantId, runId, step }: { tenantId: TenantId; runId: RunId; step: string }): Promise<Withdrawn> {
  const waiting = (await rowsOf(tx, { tenantId, runId, step })).filter(({ state }) => state === 'waiting');
  await closeInvites(tx, tenantId, waiting, { state: 'canceled', reason: 'window_closed_first', stop: 'canceled' });
  const rows = await rowsOf(tx, { tenantId, runId, step });
  if (rows.some(({ left }) => left)) return { outcome: 'handed_off', reason: null };
  if (rows.some(({ claimed }) => claimed)) return { outcome: 'on_the_wire' };
  const ends = rows.map(({ state, reason }) => outcomeOfInvite(state, reason)).flatMap((end) => end ?? []);
  return ends.find(({ outcome }) => outcome !== 'not_sent') ?? ends[0] ?? { outcome: 'not_sent', reason: 'nobody' };
}

async function rowsOf(tx: Tx, { tenantId, runId, step }: { tenantId: TenantId; runId: RunId; step: string }): Promise<Row[]> {
  return tx.sql<Row[]>`
    select i.batch_id as "batchId", i.n, i.state, i.reason, i.attempt_id is not null and i.state = 'waiting' as claimed,
           exists (select 1 from messages m where m.batch_id = i.batch_id and m.n = i.n and m.state = 'handed_off' and (m.bounced_at is null or i.state not in ('waiting', 'refused'))) as left
    from invite_batches b join invites i on i.batch_id = b.id
    where b.tenant_id = ${tenantId} and b.run_id = ${runId} and b.run_step = ${step} order by i.batch_id, i.n`;
}
