import type { Clock } from '../../db/clock.ts';
import { pushDue } from '../../db/write/feed/push-due.ts';
import type { TenantId } from '../../src/domain/ids.ts';
import { walkTenants, type TenantsWalked, type WalkDeps } from '../walk-tenants.ts';

export type SweepPushesDeps = WalkDeps & { clock: Clock };

export type SweepPushesTurn = TenantsWalked & { pushed: number };

/** Items of one transaction. */
const BATCH = 200;

/** Lets waiting pushes leave whose hour has come, one tenant after another, batch after batch, until the turn is over. A tenant that fails comes again in a minute. */
export async function sweepDuePushes(deps: SweepPushesDeps, { after }: { after: TenantId | null }): Promise<SweepPushesTurn> {
  let left = 0;
  const walked = await walkTenants(deps, {
    after,
    onFailure: 'due pushes could not leave; the next sweep tries again',
    visit: async (tenantId, { beat, mustEnd }) => {
      for (;;) {
        const { looked, pushed } = await deps.db.asTenant(tenantId, (tx) => pushDue(tx, { tenantId, now: deps.clock.now(), most: BATCH }));
        beat();
        left += pushed;
        if (looked < BATCH) return 'done';
        if (mustEnd()) return 'more';
      }
    },
  });
  return { ...walked, pushed: left };
}
