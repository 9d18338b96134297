import type { TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';
import type { Stoppable } from '../../src/domain/message/channel.ts';

/** `since` in epoch ms. */
export type HardStopView = { channel: Stoppable; reason: string; since: number };

/** The channels of this tenant that are stopped now. */
export async function listHardStops(tx: Tx, tenantId: TenantId): Promise<HardStopView[]> {
  return tx.sql<HardStopView[]>`select channel, reason, since from hard_stops where tenant_id = ${tenantId} order by channel`;
}
