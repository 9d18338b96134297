import type { TenantId } from '../../src/domain/ids.ts';
import type { Hold } from '../../src/domain/sending/hold.ts';
import type { Tx } from '../client.ts';

/** Notes on a lane what holds it and until when; the note goes out of date by itself. The epoch stays. */
export async function holdLane(tx: Tx, lane: { tenantId: TenantId; lane: string }, { by, until }: Hold): Promise<void> {
  await tx.sql`update lanes set held_by = ${by}, held_until = ${until} where tenant_id = ${lane.tenantId} and lane = ${lane.lane}`;
}
