import { newId } from '../../../src/config/new-id.ts';
import type { BatchId } from '../../../src/domain/ids.ts';
import { RUN_MESSAGE } from '../../../src/domain/notice/notice-kinds.ts';
import type { Tx } from '../../client.ts';
import { readRun } from '../../read/runs.ts';
import { recordDecision } from '../decide.ts';
import { LANE_SIGNAL, laneOf } from '../lane.ts';
import { lockBatches } from '../refresh-next-due.ts';
import type { ControlOrder } from '../run-controls.ts';
import type { Ordered } from '../run-orders.ts';

type Sent = { id: BatchId; step: string; key: string; expiresAt: number; isWaiting: boolean; contactId: string; senderShards: number };

/**
 * Sends a run's last message to those in it once more, through the same gate: rules, hours, opt-outs and pauses hold it as they held the
 * first. It has the first one's expiry. `unchanged`: it has not left yet. Invites are reminded by their program's terms alone.
 */
export async function resendRun(tx: Tx, { tenantId, runId, reason, actor, now }: ControlOrder): Promise<Ordered> {
  const run = await readRun(tx, tenantId, runId);
  if (run === null) return null;
  if (run.closedAt !== null) return 'ended';
  await lockBatches(tx, (await lastSent(tx, { tenantId, runId })).map(({ id }) => id));
  // Looked at again behind the lock: somebody else may have had it sent meanwhile.
  const sent = await lastSent(tx, { tenantId, runId });
  const [first] = sent;
  if (first === undefined) return { elsewhere: 'This run has sent no message to those in it. Invites are reminded as the program\'s terms say.' };
  if (sent.some(({ isWaiting }) => isWaiting)) return 'unchanged';
  if (first.expiresAt <= now) return { elsewhere: 'The time of its last message is over: it would be let go at once.' };
  for (const message of sent) await copy(tx, { tenantId, now, message });
  await recordDecision(tx, { tenantId, subjectId: runId, kind: 'run_message_resent', rule: 'An operator wanted the last message once more; it leaves by the rules of any.', inputs: { step: first.step, messages: sent.length, reason }, actor, now });
  return 'done';
}

/** The messages of the step that was queued last, one a person. */
async function lastSent(tx: Tx, { tenantId, runId }: Pick<ControlOrder, 'tenantId' | 'runId'>): Promise<Sent[]> {
  return tx.sql<Sent[]>`
    select distinct on (i.contact_id) b.id, b.run_step as step, b.notice_key as key, b.expires_at as "expiresAt", i.contact_id as "contactId", t.sender_shards as "senderShards",
           bool_or(i.state = 'waiting') over () as "isWaiting"
    from invite_batches b join invites i on i.batch_id = b.id join tenants t on t.id = b.tenant_id
    where b.tenant_id = ${tenantId} and b.run_id = ${runId} and b.notice = ${RUN_MESSAGE}
      and b.run_step = (select run_step from invite_batches where tenant_id = ${tenantId} and run_id = ${runId} and notice = ${RUN_MESSAGE} order by id desc limit 1)
    order by i.contact_id, b.id`;
}

async function copy(tx: Tx, { tenantId, now, message: { id, key, senderShards } }: { tenantId: ControlOrder['tenantId']; now: number; message: Sent }): Promise<void> {
  const batchId = newId('bat', now);
  const lane = laneOf(batchId, 'email', senderShards);
  const again = `${key}:${batchId}`;
  await tx.sql`
    with made as (
      insert into invite_batches (id, tenant_id, program_id, program_version, invite_count, expires_at, created_at, notice, notice_values, notice_key, notice_fold, run_id, run_step)
      select ${batchId}, tenant_id, program_id, program_version, 1, expires_at, ${now}, notice, notice_values, ${again}, ${again}, run_id, run_step from invite_batches where id = ${id}
      returning id
    ), written as (
      insert into invites (batch_id, n, tenant_id, recipient_hash, contact_id, state, step, due_at, stale, channel)
      select made.id, 0, i.tenant_id, i.recipient_hash, i.contact_id, 'waiting', 0, ${now}, true, 'email' from made, invites i where i.batch_id = ${id} and i.n = 0
    ), waits as (
      insert into batch_lanes (batch_id, channel, tenant_id, lane, next_due_at) select id, 'email', ${tenantId}, ${lane}, ${now} from made
    ), told as (
      insert into outbox (tenant_id, kind, lane, created_at) select ${tenantId}, 'nudge', ${lane}, ${now} from made
    )
    select pg_notify(${LANE_SIGNAL}, ${`${tenantId}/${lane}`}) from made`;
}
