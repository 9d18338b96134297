import { capBucket } from '../../src/domain/invite/cap-bucket.ts';
import type { BatchId, ContactId, MemberId, ProgramId, RunId, TenantId } from '../../src/domain/ids.ts';
import { RUN_MESSAGE, type NoticeKind } from '../../src/domain/notice/notice-kinds.ts';
import { readRunMessage, type RunMessage } from '../../src/domain/notice/run-message.ts';
import type { NoticeValues } from '../../src/domain/notice/notice-values.ts';
import type { TenantLimits } from '../../src/domain/program/tenant-limits.ts';
import type { Tx } from '../client.ts';
import { batchTopic } from '../read/batch-topic.ts';
import { hasGranted, optedOut } from '../read/consent.ts';
import { planVersion } from '../read/plan-version.ts';
import type { Channel } from '../../src/domain/message/channel.ts';
import { SMS_CONSENT_BASIS } from '../../src/domain/message/fail-over.ts';
import { decideEnds } from './decide-ends.ts';
import { freeCooling } from './free-cooling.ts';
import { endpointWants, tellOfInvites, type InviteNews } from './invite-news.ts';
import { BATCHES_A_CLAIM, lockDueBatches } from './lock-due-batches.ts';
import { holdRecipients } from './recipient-limits.ts';
import { refreshNextDue } from './refresh-next-due.ts';
import { tellOfMessages } from './runs/tell-of-messages.ts';

export type Lane = { tenantId: TenantId; lane: string; channel: Channel };

/** One message that is now ours to send, under the attempt it was claimed by. */
export type ClaimedMessage = {
  batchId: BatchId;
  n: number;
  step: number;
  tries: number;
  programId: ProgramId;
  programVersion: number;
  memberId: MemberId | null;
  contactId: ContactId;
  recipientHash: Buffer;
  relationship: string | null;
  consentBasis: string | null;
  expiresAt: number;
  dueAt: number;
  /** The end of the window that it was planned into. */
  permittedUntil: number | null;
  channel: Channel;
  /** What it tells a member of; null: it invites. */
  notice: { kind: NoticeKind; values: NoticeValues } | RunMessage | null;
  /** The run it is sent for; null: none. */
  runId: RunId | null;
};

/** `checkedAtMs`: performance.now() right before the checks, after every wait for a lock. `batches`: as many as to look at for the next group. */
export type ClaimedGroup = { outcome: 'claimed'; attemptId: number; messages: ClaimedMessage[]; checkedAtMs: number; batches: number } | { outcome: 'nothing' } | { outcome: 'fenced' };

/** `parked`: its run is paused; it is due no more until the run is resumed, or its time over. */
type Verdict = 'send' | 'stale' | 'expired' | 'suppressed' | 'parked';
type Picked = Omit<ClaimedMessage, 'channel' | 'notice'> & { noticeKind: NoticeKind | typeof RUN_MESSAGE | null; noticeValues: NoticeValues | null; runStep: string | null; verdict: Verdict; attemptId: number | null; suppressedBy: string | null; heard: boolean };

/**
 * Claims up to `limit` due messages of a lane under its epoch, in one short transaction. Everything is checked afresh
 * here: hard stop, pause, suppression, expiry, window, the inviter's cap, and that the plan was made under today's rules. What no longer fits
 * is marked stale (to be planned again), expired or refused (a reminder: let go), and is not claimed. Locks go lane,
 * batches, invites, as everywhere. Of at most so many `batches`, so that the others are free for whoever claims or records
 * at the same time.
 */
export async function claimGroup(tx: Tx, lane: Lane, epoch: number, limit: number, now: number, batches = BATCHES_A_CLAIM): Promise<ClaimedGroup> {
  const [[fence], { ids: batchIds, due }] = await Promise.all([tx.sql<{ epoch: number; limits: TenantLimits; zone: string }[]>`
    select l.epoch, t.limits, t.zone from lanes l join tenants t on t.id = l.tenant_id
    where l.tenant_id = ${lane.tenantId} and l.lane = ${lane.lane} for share of l`.execute(),
  lockDueBatches(tx, lane, batches, now)]);
  if (fence?.epoch !== epoch) return { outcome: 'fenced' };
  if (batchIds.length === 0) return { outcome: 'nothing' };
  const claimable = await holdRecipients(tx, { tenantId: lane.tenantId, channel: lane.channel, limits: fence.limits, tenantZone: fence.zone, batchIds, limit, now });
  const checkedAtMs = performance.now();
  const picked = await tx.sql<Picked[]>`
    with due as materialized (
      select b.id, b.program_id, ${batchTopic(tx)} as topic, b.program_version, b.member_id, b.expires_at, b.notice, b.notice_values, ${planVersion(tx)} as plan_version,
             b.run_id, b.run_step, run.closed_at is not null as run_is_over, run.paused_at is not null as run_is_paused
      from invite_batches b join programs p on p.id = b.program_id join tenants t on t.id = b.tenant_id left join runs run on run.tenant_id = b.tenant_id and run.id = b.run_id
      where b.id = any(${batchIds}::text[])
    ), picked as materialized (
      select i.batch_id, i.n, case
          when i.plan_version <> d.plan_version then 'stale'
          when d.expires_at <= ${now} or d.run_is_over then 'expired'
          when exists (${suppressionOf(tx, lane)}) or ${hasOptedOut(tx, lane)} or ${lacksOptIn(tx, lane)} then 'suppressed'
          when d.run_is_paused then 'parked'
          when i.permitted_until <= ${now} then 'stale'
          -- It counts in a span of its inviter's cap that is over: held up till now, it takes a place again.
          when i.step = 0 and i.cap_bucket < case length(i.cap_bucket) when 10 then ${capBucket(now, 'day', fence.zone)} else ${capBucket(now, 'hour', fence.zone)} end then 'stale'
          else 'send' end as verdict
      -- Batch by batch, each in the order of its primary key: free to choose, the planner reads all invites there are for a hundred.
      from (select * from due order by id) d cross join lateral (
        select * from invites i
        where i.batch_id = d.id and i.due_at <= ${now} and i.channel = ${lane.channel} and i.attempt_id is null and i.step is not null and not i.stale
          ${claimable === null ? tx.sql`` : tx.sql`and (i.batch_id, i.n) in (select * from unnest(${claimable.batchIds}::text[], ${claimable.ns}::smallint[]))`}
        order by i.n limit ${limit} for no key update skip locked
      ) i
      limit ${limit}
    ), attempt as (
      insert into attempts (tenant_id, lane, epoch, batch_ids, ns, claimed_at)
      select ${lane.tenantId}, ${lane.lane}, ${epoch}, array_agg(batch_id), array_agg(n), ${now} from picked where verdict = 'send' having count(*) > 0
      returning id
    )
    update invites i set
      attempt_id = case when k.verdict = 'send' then (select id from attempt) end,
      stale = k.verdict = 'stale',
      state = case when k.verdict = 'expired' then 'expired' when k.verdict = 'suppressed' and i.state = 'waiting' then 'refused' else i.state end,
      reason = case when k.verdict = 'parked' then 'run_paused' when k.verdict = 'expired' then 'expired' when k.verdict = 'suppressed' and i.state = 'waiting' then 'suppressed' else i.reason end,
      stop_reason = case when k.verdict = 'suppressed' and i.state = 'handed_off' then 'suppressed' else i.stop_reason end,
      step = case when k.verdict in ('send', 'stale', 'parked') then i.step end,
      due_at = case when k.verdict in ('send', 'stale') then i.due_at when k.verdict = 'parked' or (k.verdict = 'suppressed' and i.state = 'handed_off') then d.expires_at end
    from picked k join due d on d.id = k.batch_id
    where i.batch_id = k.batch_id and i.n = k.n
    returning i.batch_id as "batchId", i.n, i.step, i.tries, d.program_id as "programId", d.program_version as "programVersion", d.member_id as "memberId",
              i.contact_id as "contactId", ${addressHash(tx, lane)} as "recipientHash", i.relationship, i.consent_basis as "consentBasis", d.expires_at as "expiresAt", i.due_at as "dueAt", i.permitted_until as "permittedUntil",
              d.notice as "noticeKind", d.notice_values as "noticeValues", d.run_id as "runId", d.run_step as "runStep", k.verdict, i.attempt_id as "attemptId",
              case when k.verdict = 'suppressed' then coalesce((select reason from (${suppressionOf(tx, lane)}) as s limit 1), case when ${hasOptedOut(tx, lane)} then 'opted_out' else 'no_consent' end) end as "suppressedBy",
              case when d.notice is null and (k.verdict = 'expired' or (k.verdict = 'suppressed' and i.state = 'refused')) then ${endpointWants(tx, lane.tenantId, ['invite.refused', 'invite.expired'])} else false end as heard`;
  // So that what is exhausted, or was called due too early, is not looked at for ever.
  const reached = picked.length < limit ? BATCHES_A_CLAIM : lastReached(batchIds, picked);
  await refreshNextDue(tx, batchIds.slice(0, reached));
  if (picked.length === 0 && batchIds.length === due) return { outcome: 'nothing' };
  await endFound(tx, lane, picked, now);
  const messages = picked.filter(({ verdict }) => verdict === 'send').map(({ noticeKind, noticeValues, heard: _heard, runStep: _step, ...row }): ClaimedMessage => ({ ...row, channel: lane.channel, notice: noticeOf(noticeKind, noticeValues) }));
  return { outcome: 'claimed', attemptId: picked.find(({ verdict }) => verdict === 'send')?.attemptId ?? 0, messages, checkedAtMs, batches: Math.min(BATCHES_A_CLAIM, 2 * (reached + 1)) };
}

/** Writes of what this claim found at its end why it ended, and tells who wants to hear of it. */
async function endFound(tx: Tx, lane: Lane, picked: readonly Picked[], now: number): Promise<void> {
  const ended = picked.flatMap((row) => (row.verdict === 'expired' || row.verdict === 'suppressed' ? [{ ...row, end: row.verdict }] : []));
  await freeCooling(tx, lane.tenantId, ended);
  await decideEnds(tx, lane.tenantId, ended.map(({ batchId, n, end, suppressedBy }) => (end === 'expired' ? { batchId, n, end } : { batchId, n, end, reason: suppressedBy ?? 'suppressed' })), now);
  await tellOfInvites(tx, { tenantId: lane.tenantId, now, news: ended.flatMap(({ batchId, n, end, heard }): InviteNews[] =>
    (heard ? [{ batchId, n, ...(end === 'expired' ? { type: 'invite.expired' } : { type: 'invite.refused', reason: 'suppressed' }) }] : [])) });
  await tellOfMessages(tx, { tenantId: lane.tenantId, refs: ended.filter(({ runId }) => runId !== null), now });
}

function noticeOf(kind: Picked['noticeKind'], values: NoticeValues | null): ClaimedMessage['notice'] {
  if (kind === null) return null;
  return kind === RUN_MESSAGE ? readRunMessage(values) : { kind, values: values ?? {} };
}

/** A full group was picked batch by batch in this order: the last, whose place is told, may have more, those before it have not. */
function lastReached(batchIds: readonly BatchId[], picked: readonly Picked[]): number {
  const reached = new Set(picked.map((row) => row.batchId));
  return batchIds.findLastIndex((id) => reached.has(id));
}

/** Of an invite `i`: the keyed hash of the address by which this lane reaches it. */
function addressHash(tx: Tx, { channel }: Lane) {
  switch (channel) {
    case 'email': return tx.sql`i.recipient_hash`;
    case 'sms': return tx.sql`i.phone_hash`;
  }
}

/** What forbids to write to an invite's `i` recipient: about the address in use, or about the person. A mailbox that is gone forbids no SMS. */
function suppressionOf(tx: Tx, lane: Lane) {
  const live = (hash: ReturnType<typeof addressHash>) =>
    tx.sql`select s.reason from suppressions s where s.tenant_id = ${lane.tenantId} and s.recipient_hash = ${hash} and s.lifted_at is null`;
  return lane.channel === 'email' ? live(addressHash(tx, lane)) : tx.sql`${live(addressHash(tx, lane))} union all ${live(tx.sql`i.recipient_hash`)} and s.reason <> 'hard_bounce'`;
}

/** `*` of the mailbox means texts to the same invitee, too. */
function hasOptedOut(tx: Tx, lane: Lane) {
  const out = (hash: ReturnType<typeof addressHash>) => optedOut(tx, { tenantId: lane.tenantId, hash, topic: tx.sql`d.topic`, channel: tx.sql`${lane.channel}::text` });
  return lane.channel === 'email' ? out(addressHash(tx, lane)) : tx.sql`(${out(addressHash(tx, lane))} or ${out(tx.sql`i.recipient_hash`)})`;
}

/** An opt-in is about one number and its topics: another number may be the contact's by now, and the program about something else. */
function lacksOptIn(tx: Tx, lane: Lane) {
  if (lane.channel === 'email') return tx.sql`false`;
  const granted = hasGranted(tx, { tenantId: lane.tenantId, hash: addressHash(tx, lane), topic: tx.sql`d.topic`, channel: tx.sql`${lane.channel}::text` });
  return tx.sql`(not exists (select 1 from contacts c where c.id = i.contact_id and c.phone_hash = i.phone_hash) or (i.consent_basis is distinct from ${SMS_CONSENT_BASIS} and not ${granted}))`;
}
