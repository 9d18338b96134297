import type { TenantId } from '../../src/domain/ids.ts';
import type { Channel } from '../../src/domain/message/channel.ts';
import { breakerHold, type Hold } from '../../src/domain/sending/hold.ts';
import type { Tx } from '../client.ts';

/** What holds a lane at `now` besides pauses and stops: the breaker of its channel's provider, or its send rate; null where neither does. */
export async function laneHold({ sql }: Tx, lane: { tenantId: TenantId; lane: string; channel: Channel }, now: number): Promise<Hold | null> {
  const [breaker] = await sql<{ provider: string; reason: string; until: number }[]>`
    select provider, coalesce(reason, 'unknown') as reason, open_until as until from breakers
    where opened_at is not null and open_until > ${now} and split_part(provider, ':', 1) = ${lane.channel} order by open_until desc limit 1`;
  if (breaker !== undefined) return breakerHold(breaker.provider, breaker);
  const [rate] = await sql<Hold[]>`
    select held_by as by, held_until as until from lanes where tenant_id = ${lane.tenantId} and lane = ${lane.lane} and held_until > ${now}`;
  return rate ?? null;
}
