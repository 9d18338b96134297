import { newId } from '../../src/config/new-id.ts';
import type { ContactId, MemberId, ProgramId, ReferralId, TenantId } from '../../src/domain/ids.ts';
import { feedItemsOfNotices } from '../../src/domain/feed/feed-items-of-notices.ts';
import { NOTICE_TOPIC, type NoticeKind } from '../../src/domain/notice/notice-kinds.ts';
import type { NoticeValues } from '../../src/domain/notice/notice-values.ts';
import { bytesArray } from '../array-params.ts';
import type { Tx } from '../client.ts';
import { optedOut } from '../read/consent.ts';
import { noticesSent } from '../read/notices-sent.ts';
import { queueFeedItems } from './feed/queue-feed-items.ts';
import { LANE_SIGNAL, laneOf } from './lane.ts';

/** What a member is to be told. */
export type Notice = {
  /** Of the business fact it tells of, ids alone: there is one notice a key. Begins with the id of what it is about: `ref_…:signed_up`. */
  readonly key: string;
  readonly kind: NoticeKind;
  readonly programId: ProgramId;
  readonly memberId: MemberId;
  readonly values: NoticeValues;
  /** What could not be told by then is let go (epoch ms); after a week it always is. */
  readonly expiresAt?: number;
};

/** Which notices programs send. */
export type NoticesSent = ReadonlyMap<ProgramId, ReadonlySet<string>>;
type ToQueue = { readonly tenantId: TenantId; readonly notices: readonly Notice[]; readonly now: number; /** Where the caller has read it; left out: it is looked up with the rest. */ readonly sent?: NoticesSent };

const HOUR_MS = 3_600_000;
const NEWS_FOR_MS = 7 * 24 * HOUR_MS;

/**
 * Queues notices to members in the transaction of what they tell of: each key once, whoever else asks for it, and of a kind one an
 * hour for each member and program; what comes within that hour is folded into the one before. Only what the program sends is asked
 * for; to whom nothing may or can be sent gets none, and the reason is kept as a decision about what it would have told of. Planned by the sender, by
 * the rules that hold when it looks; in the feed of the app it stands at once, whatever becomes of the mail. Four statements whatever the count, one where the program sends none; waits for nobody but who tells the same member of the same kind at once.
 */
export async function queueNotices(tx: Tx, { tenantId, notices, now, sent }: ToQueue): Promise<void> {
  const fresh = notices.filter(({ expiresAt, programId, kind }) => (expiresAt === undefined || expiresAt > now) && (sent === undefined || sent.get(programId)?.has(kind) === true));
  if (fresh.length === 0) return;
  const wanted = await findWanted(tx, { tenantId, notices: fresh, now });
  if (wanted.length === 0) return;
  writeNotices(tx, { tenantId, notices: wanted, now });
  await queueFeedItems(tx, { tenantId, items: feedItemsOfNotices(wanted), now });
}

/** One that its program sends. `reason`: why it is not to be sent all the same. */
type Wanted = Notice & { programVersion: number; senderShards: number; contactId: ContactId | null; recipientHash: Buffer | null; fold: string; reason: 'no_address' | 'suppressed' | 'folded' | null; because: string | null };
type Found = Pick<Wanted, 'programVersion' | 'senderShards' | 'contactId' | 'recipientHash' | 'because'> & { place: number; toldLately: boolean };

async function findWanted(tx: Tx, { tenantId, notices, now }: ToQueue): Promise<Wanted[]> {
  const hour = Math.floor(now / HOUR_MS);
  const folds = notices.map((notice) => foldOf(notice, hour));
  const rows = await tx.sql<Found[]>`
    select n.place::int - 1 as place, p.version as "programVersion", t.sender_shards as "senderShards", c.id as "contactId", c.email_hash as "recipientHash",
           coalesce((select s.reason from suppressions s where s.tenant_id = ${tenantId} and s.recipient_hash = c.email_hash and s.lifted_at is null),
             case when ${optedOut(tx, { tenantId, hash: tx.sql`c.email_hash`, topic: tx.sql`${NOTICE_TOPIC}::text`, channel: tx.sql`'email'` })} then 'opted_out' end) as because,
           exists (select 1 from invite_batches b where b.tenant_id = ${tenantId} and b.notice_fold in (n.fold, n.before) and b.created_at > ${now - HOUR_MS}) as "toldLately"
    from unnest(${notices.map(({ kind }) => kind)}::text[], ${notices.map(({ programId }) => programId)}::text[], ${notices.map(({ memberId }) => memberId)}::text[],
                ${folds}::text[], ${notices.map((notice) => foldOf(notice, hour - 1))}::text[]) with ordinality as n (kind, program_id, member_id, fold, before, place)
    cross join lateral (select id, version from programs where id = n.program_id limit 1) p
    cross join lateral (select terms from program_versions where program_id = p.id and version = p.version limit 1) v
    cross join lateral (select sender_shards from tenants where id = ${tenantId} limit 1) t
    cross join lateral (select contact_id from members where id = n.member_id limit 1) m
    left join lateral (select id, email_hash from contacts where id = m.contact_id limit 1) c on true
    where ${noticesSent(tx, tx.sql`v.terms`)} @> to_jsonb(n.kind)`;
  return rows.flatMap(({ place, toldLately, ...found }): Wanted[] => {
    const [notice, fold] = [notices[place], folds[place]];
    if (notice === undefined || fold === undefined) return [];
    const reason = found.recipientHash === null ? 'no_address' : found.because !== null ? 'suppressed' : toldLately ? 'folded' : null;
    return [{ ...notice, ...found, fold, reason }];
  });
}

/** Which notices the programs of these referrals send. */
export async function noticesSentFor(tx: Tx, tenantId: TenantId, referralIds: readonly ReferralId[]): Promise<NoticesSent> {
  const rows = await tx.sql<{ programId: ProgramId; kinds: string[] }[]>`
    select p.id as "programId", v.kinds
    from (select distinct r.program_id from unnest(${referralIds}::text[]) as n (id)
          cross join lateral (select program_id from referrals where tenant_id = ${tenantId} and id = n.id limit 1) r) as named
    cross join lateral (select id, version from programs where id = named.program_id limit 1) p
    cross join lateral (select ${noticesSent(tx, tx.sql`terms`)} as kinds from program_versions where program_id = p.id and version = p.version limit 1) v`;
  return new Map(rows.map(({ programId, kinds }) => [programId, new Set(kinds)]));
}

function foldOf({ programId, memberId, kind }: Notice, hour: number): string {
  return `${programId} ${memberId} ${kind} ${String(hour)}`;
}

/** Batch, row, lane, decision and nudge. Stale until the sender has planned it: it cannot leave before. */
function writeNotices(tx: Tx, { tenantId, notices, now }: { tenantId: TenantId; notices: readonly Wanted[]; now: number }): void {
  const rows = notices.map((notice) => {
    const batchId = newId('bat', now);
    return { ...notice, batchId, lane: laneOf(batchId, 'email', notice.senderShards), expiresAt: Math.min(notice.expiresAt ?? Infinity, now + NEWS_FOR_MS) };
  });
  tx.answerLater(tx.sql`
    with asked as materialized (
      select * from unnest(
        ${rows.map(({ batchId }) => batchId)}::text[], ${rows.map(({ key }) => key)}::text[], ${rows.map(({ fold }) => fold)}::text[], ${rows.map(({ kind }) => kind)}::text[],
        ${rows.map(({ values }) => JSON.stringify(values))}::jsonb[], ${rows.map(({ programId }) => programId)}::text[], ${rows.map(({ programVersion }) => programVersion)}::integer[],
        ${rows.map(({ memberId }) => memberId)}::text[], ${rows.map(({ contactId }) => contactId)}::text[], ${bytesArray(rows.map(({ recipientHash }) => recipientHash))}::bytea[],
        ${rows.map(({ lane }) => lane)}::text[], ${rows.map(({ expiresAt }) => expiresAt)}::timestamptz[], ${rows.map(({ reason }) => reason)}::text[],
        ${rows.map(({ because }) => because)}::text[], ${rows.map(() => newId('dec', now))}::text[])
        as n (batch_id, key, fold, kind, vals, program_id, program_version, member_id, contact_id, hash, lane, expires_at, reason, because, decision_id)
    ), made as (
      insert into invite_batches (id, tenant_id, program_id, program_version, invite_count, expires_at, created_at, notice, notice_values, notice_key, notice_fold)
      select batch_id, ${tenantId}, program_id, program_version, 1, expires_at, ${now}, kind, vals, key, fold from asked where reason is null order by fold, key -- two who queue the same never wait for each other in a ring
      on conflict do nothing
      returning id
    ), queued as (
      select * from asked where batch_id in (select id from made)
    ), written as (
      insert into invites (batch_id, n, tenant_id, recipient_hash, contact_id, state, step, due_at, stale, channel)
      select batch_id, 0, ${tenantId}, hash, contact_id, 'waiting', 0, ${now}, true, 'email' from queued
    ), waits as (
      insert into batch_lanes (batch_id, channel, tenant_id, lane, next_due_at) select batch_id, 'email', ${tenantId}, lane, ${now} from queued
    ), decided as (
      insert into decisions (id, tenant_id, subject_id, kind, rule, inputs, actor, at)
      select a.decision_id, ${tenantId}, split_part(a.key, ':', 1), case when q.batch_id is null then 'notice_not_sent' else 'notice_queued' end, ${ruleOf(tx)},
             jsonb_strip_nulls(jsonb_build_object('notice', a.kind, 'key', a.key, 'programId', a.program_id, 'memberId', a.member_id, 'batchId', q.batch_id,
               'reason', case when q.batch_id is null then coalesce(a.reason, 'folded') end, 'because', a.because)), 'system', ${now}
      from asked a left join queued q on q.batch_id = a.batch_id
    ), lanes as (
      select distinct lane from queued
    ), told as (
      insert into outbox (tenant_id, kind, lane, created_at) select ${tenantId}, 'nudge', lane, ${now} from lanes
    )
    select pg_notify(${LANE_SIGNAL}, ${tenantId} || '/' || lane) from lanes`);
}

/** Of an asked row `a`, queued as `q`: why. */
function ruleOf(tx: Tx) {
  return tx.sql`case
    when q.batch_id is not null then 'Members hear of each step by the rules of any message: the sender plans it.'
    when a.reason = 'no_address' then 'Nobody is told who has no e-mail address.'
    when a.reason = 'suppressed' then 'Who wants no such messages, or none at all, is not written to.'
    else 'The same is told once, and of a kind one notice an hour.' end`;
}

