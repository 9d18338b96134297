import type { TenantId } from '../../src/domain/ids.ts';
import type { Tier } from '../../src/domain/limits/tiers.ts';
import type { Channel } from '../../src/domain/message/channel.ts';
import type { TenantLimits } from '../../src/domain/program/tenant-limits.ts';
import { messagesPerMinuteOf } from '../../src/domain/sending/send-rate.ts';
import type { Tx } from '../client.ts';

/** How many messages a minute a tenant may send on a channel now; null: no limit. */
export async function messagesPerMinute(tx: Tx, lane: { tenantId: TenantId; channel: Channel }): Promise<number | null> {
  const [tenant] = await tx.sql<{ tier: Tier; limits: TenantLimits }[]>`select tier, limits from tenants where id = ${lane.tenantId}`;
  return tenant === undefined ? null : messagesPerMinuteOf(tenant.tier, tenant.limits.messagesPerMinute, lane.channel);
}
