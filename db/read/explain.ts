import type { ClaimFact, DecisionFact, HardStopFact, InviteFact, MessageFact, ProgramFact, ReceiptFact, RecipientFact, StoryFacts, SuppressionFact } from '../../src/domain/explain/facts.ts';
import { capRuleOf, sayCap, type CapRule, type ProgramCap } from '../../src/domain/invite/cap.ts';
import type { InviteRef } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';
import { laneHold } from './lane-hold.ts';
import { readAnswers } from './explain-answers.ts';

/** More than any invite has that lives as it should; a story never reads without bound. */
const MOST_ROWS = 500;

type Head = InviteFact & {
  attemptId: number | null;
  recipient: RecipientFact;
  program: ProgramFact;
  tenantPausedAt: number | null;
  recipientHash: Uint8Array | null;
  hardStop: HardStopFact | null;
};

/** All that is stored of one invite of this tenant and of what surrounds it; null where there is none. Opens no address and no name. */
export async function readStoryFacts(tx: Tx, ref: InviteRef, now: number): Promise<StoryFacts | null> {
  const head = await readHead(tx, ref);
  if (head === null) return null;
  const { recipient, program, tenantPausedAt, recipientHash, hardStop, attemptId, ...invite } = head;
  const [held, decisions, surroundings, messages, claim, receipts, suppressions] = await Promise.all([
    invite.step === null ? null : laneHold(tx, invite, now),
    readDecisions(tx, invite), readSurroundings(tx, invite), readMessages(tx, ref), readClaim(tx, attemptId), readReceipts(tx, invite), readSuppressions(tx, recipientHash),
  ]);
  const answers = await readAnswers(tx, { linkCode: invite.linkCode, memberIds: membersIn(recipient, decisions), createdAt: invite.createdAt });
  return { invite, recipient, program, tenant: { pausedAt: tenantPausedAt }, hardStop, laneHold: held, decisions, surroundings, messages, claim, receipts, suppressions, ...answers };
}

type HeadRow = Omit<Head, 'recipient' | 'program' | 'hardStop'> & RecipientRow & ProgramRow & { stopReason: InviteFact['stopReason']; holdReason: string | null; holdSince: number | null };
type RecipientRow = { contactId: RecipientFact['contactId']; zones: string[]; zoneSource: RecipientFact['zoneSource']; recipientMemberId: RecipientFact['memberId'] };
type ProgramRow = { programTitle: string; programPausedAt: number | null; coolingHours: number; cap: ProgramCap; tenantCap: CapRule | null; consentBases: string[] | null; remindersAfterHours: number[] };

async function readHead(tx: Tx, ref: InviteRef): Promise<Head | null> {
  const [row] = await tx.sql<HeadRow[]>`
    select i.batch_id as "batchId", i.n, i.tenant_id as "tenantId", b.program_id as "programId", b.program_version as "programVersion", b.member_id as "memberId",
           i.channel, (select q.lane from batch_lanes q where q.batch_id = i.batch_id and q.channel = i.channel) as lane, b.invite_count as "inviteCount", i.state, i.reason, i.duplicate_of as "duplicateOf", i.relationship, i.consent_basis as "consentBasis",
           i.step, i.due_at as "dueAt", i.permitted_until as "permittedUntil", i.stale, i.stop_reason as "stopReason", i.tries, i.attempt_id as "attemptId",
           b.created_at as "createdAt", b.expires_at as "expiresAt", (select l.code from links l where l.batch_id = i.batch_id and l.n = i.n) as "linkCode",
           case when b.notice is not null then jsonb_build_object('kind', b.notice, 'key', b.notice_key) end as notice,
           i.recipient_hash as "recipientHash", i.contact_id as "contactId", coalesce(case when r.zone is not null then array[r.zone] else c.zones end, '{}') as zones,
           case when r.zone is not null then r.zone_source else c.zone_source end as "zoneSource", r.id as "recipientMemberId",
           v.title as "programTitle", p.paused_at as "programPausedAt", coalesce((v.terms ->> 'coolingHours')::float8, 0) as "coolingHours",
           v.terms -> 'cap' as cap, t.limits -> 'cap' as "tenantCap", v.terms -> 'consentBases' as "consentBases",
           array(select (reminder ->> 'afterHours')::float8 from jsonb_array_elements(case when b.notice is null then coalesce(v.terms -> 'reminders', '[]') else '[]' end) with ordinality as r (reminder, place) order by place)
             as "remindersAfterHours",
           t.paused_at as "tenantPausedAt", h.reason as "holdReason", h.since as "holdSince"
    from invites i
    join invite_batches b on b.id = i.batch_id
    join programs p on p.id = b.program_id
    join program_versions v on v.program_id = b.program_id and v.version = b.program_version
    join tenants t on t.id = i.tenant_id
    left join hard_stops h on h.tenant_id = i.tenant_id and h.channel = i.channel
    left join contacts c on c.id = i.contact_id
    left join lateral (select * from members m where m.contact_id = c.id order by m.id limit 1) r on true
    where i.batch_id = ${ref.batchId} and i.n = ${ref.n}`;
  if (row === undefined) return null;
  const {
    zones, zoneSource, contactId, recipientMemberId, programTitle, programPausedAt, coolingHours, cap, tenantCap, consentBases, remindersAfterHours, holdReason, holdSince, ...rest
  } = row;
  return {
    ...rest,
    recipient: { contactId, hasAddressHash: row.recipientHash !== null, zones, zoneSource, memberId: recipientMemberId },
    program: { title: programTitle, pausedAt: programPausedAt, coolingHours, cap: sayCap(capRuleOf(cap, tenantCap ?? undefined)), consentBases, remindersAfterHours },
    hardStop: holdReason === null || holdSince === null ? null : { reason: holdReason, since: holdSince },
  };
}

/** About this invite, its whole batch, its link, or what a notice tells of; not who read it, which the audit tells. */
async function readDecisions({ sql }: Tx, { batchId, n, linkCode, createdAt, notice }: InviteFact): Promise<DecisionFact[]> {
  return sql<DecisionFact[]>`
    select id, subject_id as "subjectId", kind, rule, inputs, actor, at from decisions
    where tenant_id = current_tenant() and at >= ${createdAt} and kind <> 'explain_opened' and ((subject_id = ${batchId} and (ns is null or ${n}::smallint = any(ns))) or subject_id = ${linkCode}
      or (subject_id = ${notice?.key.split(':')[0] ?? null} and inputs ->> 'batchId' = ${batchId}))
    order by at, id limit ${MOST_ROWS}`;
}

/** Pauses, hard stops and new rules of its program and tenant: since it was accepted, and the last of each subject and kind before. */
async function readSurroundings({ sql }: Tx, { programId, tenantId, channel, createdAt }: InviteFact): Promise<DecisionFact[]> {
  const subjects = [programId, tenantId, channel];
  const concerning = sql`tenant_id = current_tenant() and subject_id = any(${subjects}::text[]) and kind ~ '^(program|tenant)_(paused|resumed|changed|updated)$|^hard_stop_|^law_changed$'`;
  return sql<DecisionFact[]>`
    with before as (
      select distinct on (subject_id, kind) id, subject_id, kind, rule, inputs, actor, at from decisions
      where ${concerning} and at < ${createdAt} order by subject_id, kind, at desc, id desc
    ), since as (
      select id, subject_id, kind, rule, inputs, actor, at from decisions where ${concerning} and at >= ${createdAt} order by at, id limit ${MOST_ROWS}
    )
    select id, subject_id as "subjectId", kind, rule, inputs, actor, at from (select * from before union all select * from since) told order by at, id`;
}

async function readMessages({ sql }: Tx, ref: InviteRef): Promise<MessageFact[]> {
  return sql<MessageFact[]>`
    select m.step, m.channel, m.state, m.reason, m.provider_message_id as "providerMessageId", m.receipt, m.recorded_at as "recordedAt", m.attempt_id as "attemptId",
           a.epoch, a.claimed_at as "claimedAt", a.closed_at as "closedAt", a.fenced_at as "fencedAt"
    from messages m join attempts a on a.id = m.attempt_id
    where m.batch_id = ${ref.batchId} and m.n = ${ref.n} order by m.step, m.recorded_at`;
}

async function readClaim({ sql }: Tx, attemptId: number | null): Promise<ClaimFact | null> {
  if (attemptId === null) return null;
  const [row] = await sql<ClaimFact[]>`select id as "attemptId", epoch, claimed_at as "claimedAt" from attempts where id = ${attemptId}`;
  return row ?? null;
}

async function readReceipts({ sql }: Tx, { batchId, n, createdAt }: InviteFact): Promise<ReceiptFact[]> {
  return sql<ReceiptFact[]>`
    select id, step, channel, kind, provider_event_id as "providerEventId", detail, at, recorded_at as "recordedAt"
    from receipts where tenant_id = current_tenant() and batch_id = ${batchId} and n = ${n} and recorded_at >= ${createdAt} order by at, id limit ${MOST_ROWS}`;
}

async function readSuppressions({ sql }: Tx, recipientHash: Uint8Array | null): Promise<SuppressionFact[]> {
  if (recipientHash === null) return [];
  return sql<SuppressionFact[]>`
    select id, reason, created_at as "createdAt", lifted_at as "liftedAt" from suppressions
    where tenant_id = current_tenant() and recipient_hash = ${recipientHash} order by created_at desc limit ${MOST_ROWS}`;
}

/** The recipient as a member, now and when the invite closed as joined. */
function membersIn(recipient: RecipientFact, decisions: readonly DecisionFact[]): string[] {
  const joined = decisions.flatMap(({ kind, inputs }) => (kind === 'joined' && typeof inputs['memberId'] === 'string' ? [inputs['memberId']] : []));
  return [...new Set([...joined, ...(recipient.memberId === null ? [] : [recipient.memberId])])];
}
