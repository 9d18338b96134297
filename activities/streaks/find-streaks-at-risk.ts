import { Context } from '@temporalio/activity';
import type { Clock } from '../../db/clock.ts';
import type { Database } from '../../db/client.ts';
import { readStreakOffering } from '../../db/read/streak-offering.ts';
import { streaksAtRisk, type AtRiskPlace } from '../../db/read/streaks-at-risk.ts';
import { tenantsAfter } from '../../db/read/tenants-after.ts';
import { offerAtRisk, STREAK_AT_RISK } from '../../db/write/prompts/offer-at-risk.ts';
import { refreshPaused } from '../../db/write/streaks/refresh-streaks.ts';
import type { TenantId } from '../../src/domain/ids.ts';
import type { Logger } from '../../src/telemetry/logger.ts';
import { atRiskMs, loopsFor, sayOfferOf } from './words-of-offers.ts';

export type FindStreaksDeps = { db: Database; clock: Clock; log: Logger; /** Aborts when the worker drains: end after the page at hand. */ draining: AbortSignal };

/** Where a tenant's pages go on; null: at their beginning. */
export type StreaksPlace = { readonly tenantId: TenantId; readonly after: AtRiskPlace };
/** Unless it `isOver` (all have been looked at), call again after the tenant `next`; null: from the first. `found`: streaks at risk. */
export type FindStreaksTurn = { next: TenantId | null; within: StreaksPlace | null; isOver: boolean; tenants: number; found: number; offered: number; failed: number };

/** A call gives its slot back after this long. */
const TURN_MS = 20_000;
const TENANTS_A_PAGE = 200;
/** Streaks of one transaction. */
const PAGE = 1_000;
const REFRESHED_AT_ONCE = 500;

/**
 * Finds, one tenant after another, members whose streaks end within hours and who have not practised on that day, and stores what they are offered,
 * page by page; no run is started by it. A tenant without an open program for this moment is passed over at once. A tenant that fails is told in the log and
 * passed over: in an hour it comes again. Where all of them fail it throws: then it is not theirs.
 */
export async function findStreaksAtRisk(deps: FindStreaksDeps, { after, within }: { after: TenantId | null; within: StreaksPlace | null }): Promise<FindStreaksTurn> {
  const context = Context.current();
  const endsMs = performance.now() + TURN_MS;
  const turn: FindStreaksTurn = { next: after, within, isOver: false, tenants: 0, found: 0, offered: 0, failed: 0 };
  let failure: unknown;
  const mustEnd = (): boolean => deps.draining.aborted || context.cancellationSignal.aborted || performance.now() > endsMs;
  const finish = (isOver: boolean): FindStreaksTurn => {
    if (turn.tenants > 0 && turn.failed === turn.tenants) throw failure;
    return { ...turn, isOver };
  };
  for (;;) {
    const ids = await tenantsAfter(deps.db.sql, turn.next, TENANTS_A_PAGE);
    for (const tenantId of ids) {
      turn.tenants += 1;
      try {
        let place = turn.within?.tenantId === tenantId ? turn.within.after : null;
        if (place === null) await bringUpToDate(deps, tenantId, () => { context.heartbeat(); });
        for (;;) {
          const page = await offerPage(deps, tenantId, place);
          context.heartbeat();
          turn.found += page.found;
          turn.offered += page.offered;
          place = page.next;
          if (place === null) break;
          turn.within = { tenantId, after: place };
          // Not past this tenant: it has more.
          if (mustEnd()) return finish(false);
        }
      } catch (error) {
        deps.log.error({ tenantId, err: error }, 'streaks at risk could not be looked for; the next sweep tries again');
        failure = error;
        turn.failed += 1;
      }
      turn.next = tenantId;
      turn.within = null;
      if (mustEnd()) return finish(false);
    }
    if (ids.length < TENANTS_A_PAGE) return finish(true);
  }
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
