import type { TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';

/** Where a run's life stands, as its workflow of this generation says it. `dueAt`: its next deadline, epoch ms; null: it waits for facts alone. */
export type RunMove = { readonly tenantId: TenantId; readonly runId: string; readonly generation: number; readonly stage: string; readonly dueAt: number | null; readonly now: number };

/** `superseded`: the run is closed or has a later generation; who says it is a life that is over. */
export async function moveRun(tx: Tx, { tenantId, runId, generation, stage, dueAt, now }: RunMove): Promise<'moved' | 'superseded'> {
  const moved = await tx.sql`
    update runs set stage = ${stage}, due_at = ${dueAt}, moved_at = ${now}, seen_at = ${now}
    where tenant_id = ${tenantId} and id = ${runId} and generation = ${generation} and closed_at is null returning 1`;
  return moved.length === 0 ? 'superseded' : 'moved';
}
