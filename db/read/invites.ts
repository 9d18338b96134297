import type { BatchId, MemberId, ProgramId } from '../../src/domain/ids.ts';
import type { Channel } from '../../src/domain/message/channel.ts';
import type { Tx } from '../client.ts';
import type { InviteState } from '../schema/invites.ts';

/** An invite's state as it is told: `sending` is one that is claimed right now. */
export type ShownState = InviteState | 'sending';

export type InviteView = {
  batchId: BatchId;
  n: number;
  programId: ProgramId;
  memberId: MemberId | null;
  state: ShownState;
  reason: string | null;
  duplicateOf: string | null;
  /** The next message: 0 the invite itself, then its reminders; null when none is left. */
  nextStep: number | null;
  nextChannel: Channel | null;
  nextAt: number | null;
  expiresAt: number;
  createdAt: number;
  messages: { step: number; channel: string; state: string; reason: string | null; recordedAt: string; deliveredAt: string | null; bouncedAt: string | null; complainedAt: string | null }[];
};

/** Invites of a batch (none of a notice's) in their order, from place `from`; one with `limit` 1. */
export async function readInvites(tx: Tx, batchId: BatchId, from: number, limit: number): Promise<InviteView[]> {
  return tx.sql<InviteView[]>`
    select i.batch_id as "batchId", i.n, b.program_id as "programId", b.member_id as "memberId", ${shownState(tx)} as state, i.reason, i.duplicate_of as "duplicateOf",
           i.step as "nextStep", case when i.step is not null then i.channel end as "nextChannel", case when i.step is not null then i.due_at end as "nextAt", b.expires_at as "expiresAt", b.created_at as "createdAt",
           coalesce((select jsonb_agg(jsonb_build_object('step', m.step, 'channel', m.channel, 'state', m.state, 'reason', m.reason, 'recordedAt', m.recorded_at,
                       'deliveredAt', m.delivered_at, 'bouncedAt', m.bounced_at, 'complainedAt', m.complained_at) order by m.step, m.recorded_at)
                     from messages m where m.batch_id = i.batch_id and m.n = i.n), '[]') as messages
    from invites i join invite_batches b on b.id = i.batch_id
    where i.batch_id = ${batchId} and b.notice is null and i.n >= ${from} order by i.n limit ${limit}`;
}

function shownState(tx: Tx) {
  return tx.sql`case when i.attempt_id is not null and i.state in ('waiting', 'handed_off') then 'sending' else i.state end`;
}

export type BatchView = {
  id: BatchId;
  programId: ProgramId;
  programVersion: number;
  memberId: MemberId | null;
  inviteCount: number;
  nextDueAt: number | null;
  expiresAt: number;
  createdAt: number;
  counts: Partial<Record<ShownState, number>>;
};

/** One batch with its invites counted by state; null where there is none. */
export async function readBatch(tx: Tx, batchId: BatchId): Promise<BatchView | null> {
  const [row] = await tx.sql<BatchView[]>`
    select b.id, b.program_id as "programId", b.program_version as "programVersion", b.member_id as "memberId", b.invite_count as "inviteCount",
           (select min(q.next_due_at) from batch_lanes q where q.batch_id = b.id) as "nextDueAt", b.expires_at as "expiresAt", b.created_at as "createdAt",
           (select coalesce(jsonb_object_agg(s.state, s.count), '{}') from (
              select ${shownState(tx)} as state, count(*) as count from invites i where i.batch_id = b.id group by 1) as s) as counts
    from invite_batches b where b.id = ${batchId} and b.notice is null`;
  return row ?? null;
}
