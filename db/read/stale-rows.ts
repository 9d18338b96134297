import type { BatchId, MemberId, ProgramId, TenantId } from '../../src/domain/ids.ts';
import type { Channel } from '../../src/domain/message/channel.ts';
import type { ZoneOrigin } from '../../src/domain/zone/zone-candidates.ts';
import type { Tx } from '../client.ts';
import type { QuietHours } from '../schema/people.ts';
import { located, whereabouts } from './whereabouts.ts';

/** Most rows that are planned again in one transaction. */
const ROWS_A_CALL = 500;

/** A row to be planned again, with the recipient as known today. Instants in epoch ms. */
export type StaleRow = {
  batchId: BatchId;
  n: number;
  step: number;
  channel: Channel;
  programId: ProgramId;
  /** The inviter, and where this invite counts in the inviter's cap. */
  memberId: MemberId | null;
  capBucket: string | null;
  pinnedAfterHours: number;
  expiresAt: number;
  zones: string[];
  zoneSource: ZoneOrigin | null;
  places: string[];
  isMinor: boolean;
  memberQuiet: QuietHours | null;
  eventDates: string[];
  previousAt: number | null;
  /** When a row that was put off may be tried again. */
  retryAt: number | null;
};

/** The first stale rows of a lane that nobody has claimed; `among`: of these batches only. */
export async function staleRows(tx: Tx, lane: { tenantId: TenantId; lane: string }, among: readonly BatchId[] | null = null): Promise<StaleRow[]> {
  const rows = await tx.sql<StaleRow[]>`
    select i.batch_id as "batchId", i.n, i.step, i.channel, b.program_id as "programId", b.member_id as "memberId", i.cap_bucket as "capBucket", b.expires_at as "expiresAt",
           case when i.step > 0 then (v.terms -> 'reminders' -> (i.step - 1) ->> 'afterHours')::float8 else 0 end as "pinnedAfterHours",
           ${whereabouts(tx)},
           coalesce(inviter.event_dates::text[], '{}') as "eventDates", (select max(prev.recorded_at) from messages prev where prev.batch_id = i.batch_id and prev.n = i.n and prev.step = i.step - 1) as "previousAt",
           case when i.tries > 0 or i.reason = 'recipient_cap' then i.due_at end as "retryAt"
    from invites i
    join batch_lanes q on q.batch_id = i.batch_id and q.channel = i.channel
    join invite_batches b on b.id = i.batch_id
    join program_versions v on v.program_id = b.program_id and v.version = b.program_version
    join contacts c on c.id = i.contact_id
    left join members inviter on inviter.id = b.member_id
    left join lateral (select * from members m where m.contact_id = c.id order by m.id limit 1) m on true
    where i.stale and i.tenant_id = ${lane.tenantId} and q.lane = ${lane.lane} and i.step is not null and i.attempt_id is null
      ${among === null ? tx.sql`` : tx.sql`and i.batch_id = any(${among}::text[])`}
    order by i.batch_id, i.n limit ${ROWS_A_CALL}`;
  return rows.map(located);
}
