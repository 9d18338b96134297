import type { Clock } from '../../db/clock.ts';
import { ledgersToSeal } from '../../db/read/ledgers-to-seal.ts';
import { sealBlock } from '../../db/write/ledger/seal-block.ts';
import type { TenantId } from '../../src/domain/ids.ts';
import { walkTenants, type Turn, type TenantsWalked, type WalkDeps } from '../walk-tenants.ts';

export type SealDeps = WalkDeps & { clock: Clock };

/** `next`: call again after this tenant; null: all have been looked at. */
export type SealTurn = Omit<TenantsWalked, 'isOver'> & Sealed;
type Sealed = { blocks: number; transfers: number };

/** So many blocks of one tenant, then the next tenant: who books much must not keep the others from being sealed. */
const BLOCKS_A_TENANT = 50;

/**
 * Seals what is booked, one tenant after another in the order of their ids, until the turn is over. A tenant whose books are
 * damaged is told in the log and passed over.
 */
export async function sealLedgers(deps: SealDeps, { after }: { after: TenantId | null }): Promise<SealTurn> {
  const sum: Sealed = { blocks: 0, transfers: 0 };
  const { isOver, next, ...walked } = await walkTenants(deps, {
    after,
    read: ledgersToSeal,
    onFailure: 'a ledger could not be sealed; flywheel ledger verify says what is wrong with it',
    visit: async (tenantId, turn) => {
      await sealTenant(deps, { tenantId, turn, sum });
      return 'done';
    },
  });
  return { ...walked, ...sum, next: isOver ? null : next };
}

/** Each block a transaction of its own: cut off anywhere, the next call goes on from there. */
async function sealTenant({ db, clock }: SealDeps, { tenantId, turn, sum }: { readonly tenantId: TenantId; readonly turn: Turn; readonly sum: Sealed }): Promise<void> {
  for (let made = 0; made < BLOCKS_A_TENANT; made += 1) {
    turn.beat();
    const sealed = await db.asTenant(tenantId, (tx) => sealBlock(tx, { tenantId, now: clock.now() }));
    if (sealed.outcome !== 'sealed') return;
    sum.blocks += 1;
    sum.transfers += sealed.transfers;
    if (!sealed.more || turn.mustEnd()) return;
  }
}
