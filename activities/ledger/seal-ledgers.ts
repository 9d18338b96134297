import { Context } from '@temporalio/activity';
import type { Clock } from '../../db/clock.ts';
import type { Database } from '../../db/client.ts';
import { ledgersToSeal } from '../../db/read/ledgers-to-seal.ts';
import { sealBlock } from '../../db/write/ledger/seal-block.ts';
import type { TenantId } from '../../src/domain/ids.ts';
import type { Logger } from '../../src/telemetry/logger.ts';

export type SealDeps = { db: Database; clock: Clock; log: Logger; /** Aborts when the worker drains: end after the block at hand. */ draining: AbortSignal };

/** `next`: call again after this tenant; null: all have been looked at. */
export type SealTurn = { next: TenantId | null; tenants: number; blocks: number; transfers: number; failed: number };

/** A call gives its slot back after this long. */
const TURN_MS = 20_000;
/** So many blocks of one tenant, then the next tenant: who books much must not keep the others from being sealed. */
const BLOCKS_A_TENANT = 50;
const TENANTS_A_PAGE = 50;

/**
 * Seals what is booked, one tenant after another in the order of their ids, until the turn is over. A tenant whose books are
 * damaged is told in the log and passed over; where all fail it throws: then it is not theirs.
 */
export async function sealLedgers(deps: SealDeps, { after }: { after: TenantId | null }): Promise<SealTurn> {
  const context = Context.current();
  const endsMs = performance.now() + TURN_MS;
  const turn: SealTurn = { next: after, tenants: 0, blocks: 0, transfers: 0, failed: 0 };
  let failure: unknown;
  const isOver = (): boolean => deps.draining.aborted || context.cancellationSignal.aborted || performance.now() > endsMs;
  const finish = (next: TenantId | null): SealTurn => {
    if (turn.tenants > 0 && turn.failed === turn.tenants) throw failure;
    return { ...turn, next };
  };
  for (;;) {
    const ids = await ledgersToSeal(deps.db.sql, turn.next, TENANTS_A_PAGE);
    for (const tenantId of ids) {
      if (turn.tenants > 0 && isOver()) return finish(turn.next);
      try {
        await sealTenant(deps, { tenantId, turn, isOver, beat: () => { context.heartbeat(); } });
      } catch (error) {
        deps.log.error({ tenantId, err: error }, 'a ledger could not be sealed; flywheel ledger verify says what is wrong with it');
        failure = error;
        turn.failed += 1;
      }
      turn.tenants += 1;
      turn.next = tenantId;
    }
    if (ids.length < TENANTS_A_PAGE) return finish(null);
  }
}

type Tenant = { readonly tenantId: TenantId; readonly turn: SealTurn; readonly isOver: () => boolean; readonly beat: () => void };

/** Each block a transaction of its own: cut off anywhere, the next call goes on from there. */
async function sealTenant({ db, clock }: SealDeps, { tenantId, turn, isOver, beat }: Tenant): Promise<void> {
  for (let made = 0; made < BLOCKS_A_TENANT; made += 1) {
    beat();
    const sealed = await db.asTenant(tenantId, (tx) => sealBlock(tx, { tenantId, now: clock.now() }));
    if (sealed.outcome !== 'sealed') return;
    turn.blocks += 1;
    turn.transfers += sealed.transfers;
    if (!sealed.more || isOver()) return;
  }
}
