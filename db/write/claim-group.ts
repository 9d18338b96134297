import { capBucket } from '../../src/domain/invite/cap-bucket.ts';
import type { BatchId, ContactId, MemberId, ProgramId, TenantId } from '../../src/domain/ids.ts';
import type { TenantLimits } from '../../src/domain/program/tenant-limits.ts';
import type { Tx } from '../client.ts';
import { planVersion } from '../read/plan-version.ts';
import type { Channel } from '../schema/programs.ts';
import { decideEnds } from './decide-ends.ts';
import { freeCooling } from './free-cooling.ts';
import { holdRecipients } from './recipient-limits.ts';
import { refreshNextDue } from './refresh-next-due.ts';

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
};

/** `checkedAtMs`: performance.now() right before the checks, after every wait for a lock. */
export type ClaimedGroup = { outcome: 'claimed'; attemptId: number; messages: ClaimedMessage[]; checkedAtMs: number } | { outcome: 'nothing' } | { outcome: 'fenced' };

/** Batches looked at for one group: enough for groups made of requests with a single invitee. */
const BATCHES_A_CLAIM = 128;

type Verdict = 'send' | 'stale' | 'expired' | 'suppressed';
type Picked = ClaimedMessage & { verdict: Verdict; attemptId: number | null; suppressedBy: string | null };

/**
 * Claims up to `limit` due messages of a lane under its epoch, in one short transaction. Everything is checked afresh
 * here: hard stop, pause, suppression, expiry, window, the inviter's cap, and that the plan was made under today's rules. What no longer fits
 * is marked stale (to be planned again), expired or refused (a reminder: let go), and is not claimed. Locks go lane,
 * batches, invites, as everywhere.
 */
export async function claimGroup(tx: Tx, lane: Lane, epoch: number, limit: number, now: number): Promise<ClaimedGroup> {
  const [fence] = await tx.sql<{ epoch: number; limits: TenantLimits; zone: string }[]>`
    select l.epoch, t.limits, t.zone from lanes l join tenants t on t.id = l.tenant_id
    where l.tenant_id = ${lane.tenantId} and l.lane = ${lane.lane} for share of l`;
  if (fence?.epoch !== epoch) return { outcome: 'fenced' };
  const batchIds = await lockDueBatches(tx, lane, now);
  if (batchIds.length === 0) return { outcome: 'nothing' };
  const claimable = await holdRecipients(tx, { tenantId: lane.tenantId, limits: fence.limits, tenantZone: fence.zone, batchIds, limit, now });
  const checkedAtMs = performance.now();
  const picked = await tx.sql<Picked[]>`
    with due as materialized (
      select b.id, b.program_id, b.program_version, b.member_id, b.expires_at, ${planVersion(tx)} as plan_version
      from invite_batches b join programs p on p.id = b.program_id join tenants t on t.id = b.tenant_id
      where b.id = any(${batchIds}::text[])
    ), picked as materialized (
      select i.batch_id, i.n, case
          when i.plan_version <> d.plan_version then 'stale'
          when d.expires_at <= ${now} then 'expired'
          when exists (select 1 from suppressions s where s.tenant_id = ${lane.tenantId} and s.recipient_hash = i.recipient_hash and s.lifted_at is null) then 'suppressed'
          when i.permitted_until <= ${now} then 'stale'
          -- It counts in a span of its inviter's cap that is over: held up till now, it takes a place again.
          when i.step = 0 and i.cap_bucket < case length(i.cap_bucket) when 10 then ${capBucket(now, 'day', fence.zone)} else ${capBucket(now, 'hour', fence.zone)} end then 'stale'
          else 'send' end as verdict
      from due d join invites i on i.batch_id = d.id
      where i.due_at <= ${now} and i.attempt_id is null and i.step is not null and not i.stale
        ${claimable === null ? tx.sql`` : tx.sql`and (i.batch_id, i.n) in (select * from unnest(${claimable.batchIds}::text[], ${claimable.ns}::smallint[]))`}
      limit ${limit} for no key update of i skip locked
    ), attempt as (
      insert into attempts (tenant_id, lane, epoch, batch_ids, ns, claimed_at)
      select ${lane.tenantId}, ${lane.lane}, ${epoch}, array_agg(batch_id), array_agg(n), ${now} from picked where verdict = 'send' having count(*) > 0
      returning id
    )
    update invites i set
      attempt_id = case when k.verdict = 'send' then (select id from attempt) end,
      stale = k.verdict = 'stale',
      state = case when k.verdict = 'expired' then 'expired' when k.verdict = 'suppressed' and i.state = 'waiting' then 'refused' else i.state end,
      reason = case when k.verdict = 'expired' then 'expired' when k.verdict = 'suppressed' and i.state = 'waiting' then 'suppressed' else i.reason end,
      stop_reason = case when k.verdict = 'suppressed' and i.state = 'handed_off' then 'suppressed' else i.stop_reason end,
      step = case when k.verdict in ('send', 'stale') then i.step end,
      due_at = case when k.verdict in ('send', 'stale') then i.due_at when k.verdict = 'suppressed' and i.state = 'handed_off' then d.expires_at end
    from picked k join due d on d.id = k.batch_id
    where i.batch_id = k.batch_id and i.n = k.n
    returning i.batch_id as "batchId", i.n, i.step, i.tries, d.program_id as "programId", d.program_version as "programVersion", d.member_id as "memberId",
              i.contact_id as "contactId", i.recipient_hash as "recipientHash", i.relationship, i.consent_basis as "consentBasis", d.expires_at as "expiresAt",
              k.verdict, i.attempt_id as "attemptId",
              case when k.verdict = 'suppressed' then (
                select s.reason from suppressions s where s.tenant_id = ${lane.tenantId} and s.recipient_hash = i.recipient_hash and s.lifted_at is null) end as "suppressedBy"`;
  // Of all batches looked at, so that one whose next_due_at was too early is not looked at for ever.
  await refreshNextDue(tx, picked.length === 0 ? batchIds : picked.map((row) => row.batchId));
  if (picked.length === 0) return { outcome: 'nothing' };
  const ended = picked.flatMap((row) => (row.verdict === 'expired' || row.verdict === 'suppressed' ? [{ ...row, end: row.verdict }] : []));
  await freeCooling(tx, lane.tenantId, ended);
  await decideEnds(tx, lane.tenantId, ended.map(({ batchId, n, end, suppressedBy }) => (end === 'expired' ? { batchId, n, end } : { batchId, n, end, reason: suppressedBy ?? 'suppressed' })), now);
  const messages = picked.filter((row) => row.verdict === 'send');
  const attemptId = messages[0]?.attemptId;
  return attemptId == null ? { outcome: 'claimed', attemptId: 0, messages: [], checkedAtMs } : { outcome: 'claimed', attemptId, messages, checkedAtMs };
}

/** The first batches with something due that nothing holds, locked in the order of their ids like everywhere. */
async function lockDueBatches(tx: Tx, lane: Lane, now: number): Promise<BatchId[]> {
  const rows = await tx.sql<{ id: BatchId }[]>`
    with due as materialized (
      select b.id from invite_batches b join programs p on p.id = b.program_id join tenants t on t.id = b.tenant_id
      where b.tenant_id = ${lane.tenantId} and b.lane = ${lane.lane} and b.next_due_at <= ${now}
        and p.paused_at is null and t.paused_at is null
        and not exists (select 1 from hard_stops h where h.tenant_id = b.tenant_id and h.channel = b.channel)
      order by b.next_due_at, b.id limit ${BATCHES_A_CLAIM}
    )
    select id from invite_batches where id in (select id from due) order by id for no key update`;
  return rows.map((row) => row.id);
}
