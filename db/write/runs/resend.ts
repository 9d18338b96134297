import type { Keyring } from '../../../src/config/keyring.ts';
import { newId } from '../../../src/config/new-id.ts';
import { isId, type BatchId, type MemberId, type ProgramId } from '../../../src/domain/ids.ts';
import { RUN_MESSAGE } from '../../../src/domain/notice/notice-kinds.ts';
import type { Tx } from '../../client.ts';
import { recordDecision } from '../decide.ts';
import { LANE_SIGNAL, laneOf } from '../lane.ts';
import { lockMembers } from '../lock-people.ts';
import { lockBatches } from '../refresh-next-due.ts';
import type { ControlOrder } from '../run-controls.ts';
import type { Ordered } from '../run-orders.ts';
import { resendInvites, type InvitesResent } from './resend-invites.ts';
import { INVITE_STEP } from './start-run.ts';
import { tellOfResent, type ResentStep } from './tell-of-resent.ts';

type Sent = { id: BatchId; step: string; key: string; expiresAt: number; isWaiting: boolean; contactId: string; senderShards: number };

/** `people`: the last message to those who are in the run. `invitees`: the invites of those who were asked and have not come. */
export type Resending = ControlOrder & { readonly to: 'people' | 'invitees' | 'both' };

/**
 * Sends once more what a run has sent, through the same gate: rules, hours, opt-outs and pauses hold it as they held the first, and invitees are
 * decided like any, cooling and caps included (`resendInvites`). It has the first one's expiry, and the run's loop hears of it. `unchanged`: it has not left yet.
 */
export async function resendRun(tx: Tx, keyring: Keyring, { to, ...order }: Resending): Promise<Ordered> {
  const { tenantId, runId, reason, actor, now } = order;
  const run = await readLiveRun(tx, order);
  if (run === null) return null;
  if (run.isClosed) return 'ended';
  // Of two who do it at once, the second finds what the first has sent.
  if (run.memberId !== null) await lockMembers(tx, [run.memberId]);
  await lockBatchesOf(tx, order);
  const invites = to === 'people' || run.programId === null || run.memberId === null || !isId('run', runId) ? NOBODY
    : await resendInvites(tx, keyring, { tenantId, runId, programId: run.programId, memberId: run.memberId, actor, now });
  if (invites.outcome === 'done') {
    await recordDecision(tx, { tenantId, subjectId: runId, kind: 'run_invites_resent', rule: 'An operator wanted those asked once more who have not come; each is decided like any invitee.', inputs: { accepted: invites.accepted, refused: invites.reasons, reason }, actor, now });
  }
  const message = to === 'invitees' ? NOTHING_SENT : await resendMessage(tx, order);
  const resent = [...(invites.outcome === 'done' ? [{ step: INVITE_STEP, id: invites.batchId }] : []), ...(isSent(message) ? [message] : [])];
  if (run.memberId !== null && isId('run', runId)) await tellOfResent(tx, { tenantId, runId, memberId: run.memberId, resent, now });
  return invites.outcome === 'done' || isSent(message) ? 'done' : ofInvites(invites) ?? message;
}

function isSent(message: Ordered | ResentStep): message is ResentStep {
  return message !== null && typeof message === 'object' && 'step' in message;
}

const NOTHING_SENT = { elsewhere: 'This run has sent nothing that could be sent once more.' } as const;
const NOBODY = { outcome: 'nobody' } as const;

/** What to say where no invite went out again; null: there was none that could have. */
function ofInvites(invites: InvitesResent): Ordered {
  switch (invites.outcome) {
    case 'nobody': return null;
    case 'done':
    case 'unchanged': return 'unchanged';
    case 'over': return { elsewhere: 'The time of its invites is over: they would be let go at once.' };
    case 'paused': return { elsewhere: 'Its program is paused. Resume that, then send the invites once more.' };
    case 'refused': return { elsewhere: `Nobody may be asked once more now: ${sayReasons(invites.reasons)}. \`GET /v1/runs/{id}\` has each with its reason.` };
  }
}

function sayReasons(reasons: readonly string[]): string {
  return [...new Set(reasons)].map((reason) => `${reason} (${String(reasons.filter((each) => each === reason).length)})`).join(', ');
}

type LiveRun = { isClosed: boolean; programId: ProgramId | null; memberId: MemberId | null };

async function readLiveRun({ sql }: Tx, { tenantId, runId }: ControlOrder): Promise<LiveRun | null> {
  const [row] = await sql<LiveRun[]>`select closed_at is not null as "isClosed", program_id as "programId", member_id as "memberId" from runs where tenant_id = ${tenantId} and id = ${runId}`;
  return row ?? null;
}

async function lockBatchesOf(tx: Tx, { tenantId, runId }: ControlOrder): Promise<void> {
  const batches = await tx.sql<{ id: BatchId }[]>`select id from invite_batches where tenant_id = ${tenantId} and run_id = ${runId}`;
  await lockBatches(tx, batches.map(({ id }) => id));
}

async function resendMessage(tx: Tx, { tenantId, runId, reason, actor, now }: ControlOrder): Promise<Ordered | ResentStep> {
  const sent = await lastSent(tx, { tenantId, runId });
  const [first] = sent;
  if (first === undefined) return NOTHING_SENT;
  if (sent.some(({ isWaiting }) => isWaiting)) return 'unchanged';
  if (first.expiresAt <= now) return { elsewhere: 'The time of its last message is over: it would be let go at once.' };
  const ids: BatchId[] = [];
  for (const message of sent) ids.push(await copy(tx, { tenantId, now, message }));
  await recordDecision(tx, { tenantId, subjectId: runId, kind: 'run_message_resent', rule: 'An operator wanted the last message once more; it leaves by the rules of any.', inputs: { step: first.step, messages: sent.length, reason }, actor, now });
  return { step: first.step, id: ids[0] ?? first.id };
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

async function copy(tx: Tx, { tenantId, now, message: { id, key, senderShards } }: { tenantId: ControlOrder['tenantId']; now: number; message: Sent }): Promise<BatchId> {
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
  return batchId;
}
