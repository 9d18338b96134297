import { createHash } from 'node:crypto';
import type { BatchId, TenantId } from '../../src/domain/ids.ts';
import type { Channel } from '../../src/domain/message/channel.ts';
import type { Tx } from '../client.ts';

/** The channel on which Postgres tells relay and idle senders that a lane has something new. */
export const LANE_SIGNAL = 'flywheel_lane';

/** A batch's lane on a channel: the channel and, by a hash of the batch's id, one of the tenant's shards (`email-0`). Fixed for its life. */
export function laneOf(batchId: BatchId, channel: Channel, senderShards: number): string {
  return `${channel}-${String(createHash('sha1').update(batchId).digest().readUInt32BE(0) % senderShards)}`;
}

/** Writes the outbox row for a lane; with the commit, relay and idle senders are told. */
export async function notifyLane(tx: Tx, tenantId: TenantId, lane: string, now: number): Promise<void> {
  tx.answerLater(tx.sql`
    with told as (insert into outbox (tenant_id, kind, lane, created_at) values (${tenantId}, 'nudge', ${lane}, ${now}))
    select pg_notify(${LANE_SIGNAL}, ${`${tenantId}/${lane}`})`);
}
