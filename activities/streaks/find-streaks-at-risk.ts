import type { Clock } from '../../db/clock.ts';
import { readStreakOffering } from '../../db/read/streak-offering.ts';
import { streaksAtRisk, type AtRiskPlace } from '../../db/read/streaks-at-risk.ts';
import { offerAtRisk, STREAK_AT_RISK } from '../../db/write/prompts/offer-at-risk.ts';
import { refreshPaused } from '../../db/write/streaks/refresh-streaks.ts';
import type { TenantId } from '../../src/domain/ids.ts';
import { walkTenants, type TenantsWalked, type WalkDeps } from '../walk-tenants.ts';
import { atRiskMs, loopsFor, sayOfferOf } from './words-of-offers.ts';

export type FindStreaksDeps = WalkDeps & { clock: Clock };

/** Where a tenant's pages go on; null: at their beginning. */
export type StreaksPlace = { readonly tenantId: TenantId; readonly after: AtRiskPlace };
/** `within`: where the tenant after `next` is not done yet. `found`: streaks at risk. */
export type FindStreaksTurn = TenantsWalked & { within: StreaksPlace | null; found: number; offered: number };

/** Streaks of one transaction. */
const PAGE = 1_000;
const REFRESHED_AT_ONCE = 500;

/**
 * Finds, one tenant after another, members whose streaks end within hours and who have not practised on that day, and stores what they are offered,
 * page by page; no run is started by it. A tenant without an open program for this moment is passed over at once; one that fails comes again in an hour.
 */
export async function findStreaksAtRisk(deps: FindStreaksDeps, { after, within }: { after: TenantId | null; within: StreaksPlace | null }): Promise<FindStreaksTurn> {
  const sum = { found: 0, offered: 0 };
  let stopped: StreaksPlace | null = null;
  const walked = await walkTenants(deps, {
    after,
    onFailure: 'streaks at risk could not be looked for; the next sweep tries again',
    visit: async (tenantId, { beat, mustEnd }) => {
      let place = within?.tenantId === tenantId ? within.after : null;
      if (place === null) await bringUpToDate(deps, tenantId, beat);
      for (;;) {
        const { found, offered, next } = await offerPage(deps, tenantId, place);
        beat();
        sum.found += found;
        sum.offered += offered;
        if (next === null) return 'done';
        place = next;
        if (!mustEnd()) continue;
        stopped = { tenantId, after: place };
        return 'more';
      }
    },
  });
  return { ...walked, ...sum, within: stopped };
}

/** Streaks that a pause of everybody put off are at no risk. */
async function bringUpToDate({ db, clock }: FindStreaksDeps, tenantId: TenantId, beat: () => void): Promise<void> {
  const isOffered = await db.asTenant(tenantId, (tx) => readStreakOffering(tx, tenantId, [...loopsFor(STREAK_AT_RISK).keys()]));
  if (isOffered === null) return;
  for (let refreshed = REFRESHED_AT_ONCE; refreshed === REFRESHED_AT_ONCE; beat()) {
    refreshed = await db.asTenant(tenantId, (tx) => refreshPaused(tx, { tenantId, now: clock.now(), limit: REFRESHED_AT_ONCE }));
  }
}

async function offerPage({ db, clock }: FindStreaksDeps, tenantId: TenantId, after: AtRiskPlace | null): Promise<{ found: number; offered: number; next: AtRiskPlace | null }> {
  const now = clock.now();
  const loops = loopsFor(STREAK_AT_RISK);
  return db.asTenant(tenantId, async (tx) => {
    const offering = await readStreakOffering(tx, tenantId, [...loops.keys()]);
    if (offering === null) return { found: 0, offered: 0, next: null };
    const until = now + Math.max(...offering.programs.map(atRiskMs));
    const atRisk = await streaksAtRisk(tx, { tenantId, from: now, until, after, limit: PAGE });
    const { offered } = await offerAtRisk(tx, { tenantId, atRisk, offering, loops, atRiskMs, say: sayOfferOf, now });
    return { found: atRisk.length, offered, next: atRisk.length < PAGE ? null : atRisk.at(-1) ?? null };
  });
}
