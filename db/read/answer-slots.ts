import type { BatchId, ProgramId, TenantId } from '../../src/domain/ids.ts';
import { makeId } from '../../src/domain/ids.ts';
import type { AnswerCount } from '../../src/domain/send-time/local-slots.ts';
import type { Tx } from '../client.ts';

/** How far back peaks are learnt from: a season, so that habits of last year do not count. */
export const LEARNT_FROM_DAYS = 90;
/** An answer counts for the message that was the last before it, within a day; a younger message has not had its chance yet. */
export const ANSWERED_WITHIN_MS = 24 * 3_600_000;
/** Requests a page: a page is one short transaction. */
const BATCHES_A_PAGE = 500;

/** Hand-offs that are looked at: instants in epoch ms, both included. */
export type AnswerSpan = { sinceAt: number; untilAt: number };
export type AnswerPage = { counts: AnswerCount<ProgramId>[]; /** Null: this was the last page. */ next: BatchId | null };

/** The hand-offs of the last 90 days that have had their day to be answered. */
export function answerSpan(now: number): AnswerSpan {
  return { sinceAt: now - LEARNT_FROM_DAYS * 24 * 3_600_000, untilAt: now - ANSWERED_WITHIN_MS };
}

/**
 * Counts messages handed off and those answered (first counted click, or joined), of the next requests accepted in the
 * span, in the order of their ids; begin with `after` null. Ids tell when a request was made and start the tenant's index,
 * so nothing older is read. Left out: notices, which ask for no answer, what bounced, and what left after the answer had come.
 */
export async function readAnswers(tx: Tx, of: { tenantId: TenantId; span: AnswerSpan; after: BatchId | null }): Promise<AnswerPage> {
  const { tenantId, span } = of;
  const after = of.after ?? makeId('bat', Math.max(0, span.sinceAt), new Uint8Array(10));
  const batches = await tx.sql<{ id: BatchId }[]>`
    select id from invite_batches where tenant_id = ${tenantId} and id > ${after} and id < ${makeId('bat', span.untilAt + 1, new Uint8Array(10))}
      and notice is null
    order by id limit ${BATCHES_A_PAGE}`;
  const ids = batches.map(({ id }) => id);
  if (ids.length === 0) return { counts: [], next: null };
  const counts = await tx.sql<AnswerCount<ProgramId>[]>`
    with sent as materialized (
      select batch_id, n, recorded_at, bounced_at, lead(recorded_at) over (partition by batch_id, n order by recorded_at, step) as next_at
      from messages where batch_id = any(${ids}::text[]) and state = 'handed_off' and recorded_at >= ${span.sinceAt}
    ), answers as materialized (
      select batch_id, n, min(at) as at from (
        select l.batch_id, l.n, t.at from links l join touches t on t.tenant_id = l.tenant_id and t.code = l.code
        where l.batch_id = any(${ids}::text[]) and t.kind = 'click' and t.counted and t.recorded_at >= ${span.sinceAt}
        union all
        select d.subject_id, place.n, d.at from decisions d cross join unnest(d.ns) as place (n)
        where d.tenant_id = ${tenantId} and d.subject_id = any(${ids}::text[]) and d.kind = 'joined' and d.at >= ${span.sinceAt}
      ) answer group by batch_id, n
    )
    select b.program_id as scope, s.batch_id as batch, coalesce(case when m.zone is not null then array[m.zone] else c.zones end, '{}') as zones,
           date_bin('15 minutes', s.recorded_at, 'epoch') as "sentAt", count(*)::int as sent,
           (count(*) filter (where a.at < s.recorded_at + ${ANSWERED_WITHIN_MS} * interval '1 millisecond' and (s.next_at is null or a.at < s.next_at)))::int as answered
    from sent s
    join invite_batches b on b.id = s.batch_id
    join invites i on i.batch_id = s.batch_id and i.n = s.n
    left join contacts c on c.id = i.contact_id
    left join lateral (select r.zone from members r where r.contact_id = c.id order by r.id limit 1) m on true
    left join answers a on a.batch_id = s.batch_id and a.n = s.n
    where s.recorded_at <= ${span.untilAt} and s.bounced_at is null and (a.at is null or a.at >= s.recorded_at)
    group by 1, 2, 3, 4`;
  return { counts: [...counts], next: ids.length < BATCHES_A_PAGE ? null : (ids.at(-1) ?? null) };
}
