import type { TenantId } from '../../src/domain/ids.ts';
import type { RailKind } from '../../src/domain/payout/rails.ts';
import type { Tx } from '../client.ts';

export type RailView = { readonly kind: RailKind; readonly url: string | null; readonly secretSealed: Uint8Array | null; readonly chosen: boolean; readonly changedAt: number };

/** The rail of a kind; null: never set. */
export async function readRail(tx: Tx, tenantId: TenantId, kind: RailKind): Promise<RailView | null> {
  const [row] = await tx.sql<RailView[]>`select kind, url, secret_sealed as "secretSealed", chosen, changed_at as "changedAt" from payout_rails where tenant_id = ${tenantId} and kind = ${kind}`;
  return row ?? null;
}

/** The rail that batches are approved for; null: none was chosen. */
export async function readChosenRail(tx: Tx, tenantId: TenantId): Promise<RailView | null> {
  const [row] = await tx.sql<RailView[]>`select kind, url, secret_sealed as "secretSealed", chosen, changed_at as "changedAt" from payout_rails where tenant_id = ${tenantId} and chosen`;
  return row ?? null;
}
