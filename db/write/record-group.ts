import { newId } from '../../src/config/new-id.ts';
import { inviteId, type InviteId, type InviteRef, type TenantId } from '../../src/domain/ids.ts';
import { bytesArray, flagsArray } from '../array-params.ts';
import type { Tx } from '../client.ts';
import type { InviteState } from '../schema/invites.ts';
import type { Channel } from '../../src/domain/message/channel.ts';
import { decideWhatFollows, type Before } from './decide-what-follows.ts';
import { failOver } from './fail-over.ts';
import { freeCooling } from './free-cooling.ts';
import { inviteIsHeard, tellOfInvites, type InviteNews } from './invite-news.ts';
import type { MessageRecord } from './message-record.ts';
import { UNKNOWN_FOR_MS } from './raise-epoch.ts';
import { lockBatches } from './refresh-next-due.ts';
import { isOfLiveRun, tellOfMessages } from './runs/tell-of-messages.ts';

/**
 * Records outcomes of a group in one transaction: all of them, or those that are known by now. The attempt is closed with
 * the last; records of one attempt come one after the other. Each record matches its attempt under any epoch: where a fence had
 * already called the message `unknown`, the late truth replaces it. A record never undoes an end that came meanwhile
 * (joined, canceled), but its message row is always kept.
 */
export async function recordGroup(tx: Tx, group: { tenantId: TenantId; channel: Channel; attemptId: number }, records: readonly MessageRecord[], now: number): Promise<void> {
  const refused = records.flatMap((record) => (record.outcome === 'refused' ? [record] : []));
  // Sent one behind the other, answered together: nobody waits for an answer that nothing depends on.
  const written = Promise.all([lockBatches(tx, records.map((record) => record.batchId)), recordMessages(tx, group, records, now)]);
  if (refused.length > 0) {
    await written;
    // Before their end is written: what goes on by another channel has none, and no longer bears this attempt.
    await failOver(tx, { ...group, messages: refused, now });
  }
  const [, moved] = await Promise.all([written, moveInvites(tx, group, records, now)]);
  // After them: it looks at what they left claimed.
  closeAttempt(tx, group.attemptId, records.length, now);
  const told = records.flatMap((record) => {
    const before = moved.get(inviteId(record));
    return before === undefined || before.stopped ? [] : [{ record, before }];
  });
  await decideWhatFollows(tx, group.tenantId, told, now);
  await suppressBadAddresses(tx, group.tenantId, records, now);
  await tellOfInvites(tx, { tenantId: group.tenantId, news: records.flatMap((record) => newsOf(record, group.channel, moved.get(inviteId(record)))), now });
  await tellOfMessages(tx, { tenantId: group.tenantId, refs: records.filter((record) => moved.get(inviteId(record))?.ofRun === true), now });
}

/** What webhooks hear of a record; of what ended as joined they were told when it did. */
function newsOf(record: MessageRecord, channel: Channel, moved: Moved | undefined): InviteNews[] {
  if (moved?.heard !== true) return [];
  const { batchId, n, step } = record;
  if (record.outcome === 'handed_off') return [{ batchId, n, type: 'invite.sent', channel, step }];
  if (moved.state === 'refused') return [{ batchId, n, type: 'invite.refused', reason: moved.ended ?? 'refused' }];
  return moved.state === 'canceled' ? [{ batchId, n, type: 'invite.canceled' }] : [];
}

/** While one of its messages is on the wire still, the next sender must find it there. */
function closeAttempt(tx: Tx, attemptId: number, recorded: number, now: number): void {
  tx.answerLater(tx.sql`
    update attempts a set closed_at = ${now} where a.id = ${attemptId} and a.closed_at is null and (cardinality(a.batch_ids) = ${recorded} or not exists (
      select 1 from unnest(a.batch_ids, a.ns) as c (batch_id, n) join invites i on i.batch_id = c.batch_id and i.n = c.n
      where i.attempt_id = a.id and i.state <> 'unknown'))`);
}

async function recordMessages(tx: Tx, group: { tenantId: TenantId; channel: Channel; attemptId: number }, records: readonly MessageRecord[], now: number): Promise<void> {
  const final = records.filter((record) => record.outcome !== 'put_back');
  const putBack = records.filter((record) => record.outcome === 'put_back');
  if (putBack.length > 0) await forgetUnknown(tx, group.attemptId, putBack);
  if (final.length === 0) return;
  await tx.sql`
    insert into messages (batch_id, n, step, channel, tenant_id, attempt_id, state, reason, provider_message_id, receipt, recorded_at)
    select r.batch_id, r.n, r.step, ${group.channel}, ${group.tenantId}, ${group.attemptId}, r.state, r.reason, r.provider_id, r.receipt, ${now}
    from unnest(${final.map((r) => r.batchId)}::text[], ${final.map((r) => r.n)}::smallint[], ${final.map((r) => r.step)}::smallint[],
                ${final.map((r) => r.outcome)}::text[], ${final.map((r) => ('reason' in r ? r.reason : null))}::text[],
                ${final.map((r) => ('providerMessageId' in r ? r.providerMessageId : null))}::text[], ${final.map((r) => ('receipt' in r ? r.receipt : null))}::text[])
      as r (batch_id, n, step, state, reason, provider_id, receipt)
    on conflict (batch_id, n, step, channel) do update
      set state = excluded.state, attempt_id = excluded.attempt_id, reason = excluded.reason, provider_message_id = excluded.provider_message_id, receipt = excluded.receipt,
          recorded_at = excluded.recorded_at
      where messages.attempt_id <= excluded.attempt_id and messages.state in ('unknown', 'unknown_expired')`;
}

/** A fence had called them unknown; now we know that nothing of them ever left. */
async function forgetUnknown(tx: Tx, attemptId: number, putBack: readonly MessageRecord[]): Promise<void> {
  await tx.sql`
    delete from messages m using unnest(${putBack.map((r) => r.batchId)}::text[], ${putBack.map((r) => r.n)}::smallint[], ${putBack.map((r) => r.step)}::smallint[]) as r (batch_id, n, step)
    where m.batch_id = r.batch_id and m.n = r.n and m.step = r.step and m.attempt_id = ${attemptId} and m.state = 'unknown'`;
}

type Move = { state: string; reason: string | null; step: number | null; dueAt: number | null; permittedUntil: number | null; planVersion: number | null; tried: boolean };

/** Where a record takes its invite, if nobody stopped it meanwhile. */
function moveOf(record: MessageRecord, now: number): Move {
  const still = { step: null, permittedUntil: null, planVersion: null, tried: false };
  switch (record.outcome) {
    case 'handed_off':
      if (record.next?.outcome !== 'planned') return { ...still, state: 'handed_off', reason: null, dueAt: record.expiresAt };
      return { ...still, ...record.next, state: 'handed_off', reason: null };
    case 'refused':
      // The invite did arrive: a reminder that is refused for another reason than a bad address ends the reminders only.
      if (record.step > 0 && !record.suppress) return { ...still, state: 'handed_off', reason: record.reason, dueAt: record.expiresAt };
      return { ...still, state: 'refused', reason: record.reason, dueAt: null };
    case 'unknown': return { ...still, state: 'unknown', reason: record.reason, dueAt: now + UNKNOWN_FOR_MS };
    case 'put_back':
      return { ...still, state: record.step === 0 ? 'waiting' : 'handed_off', reason: record.reason, step: record.step, dueAt: record.dueAt, tried: record.tried };
  }
}

/** `stopped`: somebody ended it meanwhile; `ended`: why, where it did end; `heard`: a webhook is to be told. */
type Moved = Before & { state: InviteState; stopped: boolean; ended: string | null; heard: boolean; ofRun: boolean };

/**
 * Returns the invites that were moved, as they were before. A plan made of rules that changed meanwhile is due at once,
 * to be made again. The lane is told where the first of them is due earlier than it knew; that something is later it finds at its next look.
 */
async function moveInvites(tx: Tx, group: { tenantId: TenantId; channel: Channel; attemptId: number }, records: readonly MessageRecord[], now: number): Promise<Map<InviteId, Moved>> {
  const moves = records.map((record) => moveOf(record, now));
  const moved = await tx.sql<(InviteRef & Moved)[]>`
    with move as (
      select m.*, i.stop_reason as stopped, i.reason as was, i.tries, case
          when i.stop_reason = 'joined' then 'joined'
          when i.stop_reason is not null and m.state = 'waiting' then case i.stop_reason when 'canceled' then 'canceled' else 'refused' end
          else m.state end as ends
      from unnest(${records.map((r) => r.batchId)}::text[], ${records.map((r) => r.n)}::smallint[], ${moves.map((m) => m.state)}::text[], ${moves.map((m) => m.reason)}::text[],
                  ${moves.map((m) => m.step)}::smallint[], ${moves.map((m) => m.dueAt)}::timestamptz[], ${moves.map((m) => m.permittedUntil)}::timestamptz[],
                  ${moves.map((m) => m.planVersion)}::integer[], ${flagsArray(moves.map((m) => m.tried))}::boolean[], ${records.map((r) => r.expiresAt)}::timestamptz[])
             as m (batch_id, n, state, reason, step, due_at, permitted_until, plan_version, tried, expires_at)
      join invites i on i.batch_id = m.batch_id and i.n = m.n and i.attempt_id = ${group.attemptId}
    ), moved as (
      update invites i set
        state = m.ends,
        reason = case when m.stopped is not null and m.ends <> m.state and m.ends <> 'joined' then m.stopped else m.reason end,
        step = case when m.stopped is null then m.step end,
        due_at = case when m.ends in ('joined', 'canceled', 'refused') then null when m.stopped is not null and m.ends = 'handed_off' then m.expires_at
                      when i.stale and m.step is not null then least(m.due_at, ${now}) else m.due_at end,
        stale = i.stale and m.stopped is null and m.step is not null,
        permitted_until = coalesce(m.permitted_until, i.permitted_until),
        plan_version = coalesce(m.plan_version, i.plan_version),
        tries = case when m.tried then i.tries + 1 when m.ends = 'handed_off' then 0 else i.tries end,
        attempt_id = case when m.ends = 'unknown' then i.attempt_id end
      from move m where i.batch_id = m.batch_id and i.n = m.n
      returning i.batch_id, i.n, i.state, i.reason as ended, i.due_at, m.stopped is not null as stopped, m.was, m.tries
    ), waits as (
      update batch_lanes q set next_due_at = d.at
      from (select batch_id, min(due_at) as at from moved where due_at is not null group by batch_id) d
      where q.batch_id = d.batch_id and q.channel = ${group.channel} and (q.next_due_at is null or q.next_due_at > d.at)
    )
    select batch_id as "batchId", n, state, ended, stopped, was as reason, tries,
           ${inviteIsHeard(tx, group.tenantId, ['invite.sent', 'invite.refused', 'invite.canceled'], tx.sql`moved.batch_id`)} as heard,
           ${isOfLiveRun(tx, group.tenantId, tx.sql`moved.batch_id`)} as "ofRun" from moved`;
  await freeCooling(tx, group.tenantId, moved.filter(({ state }) => state === 'refused' || state === 'canceled' || state === 'joined'));
  return new Map(moved.map((row): [InviteId, Moved] => [inviteId(row), row]));
}

async function suppressBadAddresses(tx: Tx, tenantId: TenantId, records: readonly MessageRecord[], now: number): Promise<void> {
  const bad = records.flatMap((record) => (record.outcome === 'refused' && record.suppress ? [record] : []));
  if (bad.length === 0) return;
  // That somebody told the vendor to stop is his own word, and no fault of the number.
  await tx.sql`
    insert into suppressions (id, tenant_id, recipient_hash, reason, created_at)
    select b.id, ${tenantId}, b.hash, b.reason, ${now}
    from unnest(${bad.map(() => newId('sup', now))}::text[], ${bytesArray(bad.map(({ recipientHash }) => recipientHash))}::bytea[],
                ${bad.map(({ reason }) => (reason === 'opted_out' ? 'sms_stop' : 'hard_bounce'))}::text[]) as b (id, hash, reason)
    on conflict (tenant_id, recipient_hash) where lifted_at is null do nothing`;
}
