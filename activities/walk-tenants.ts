import { Context } from '@temporalio/activity';
import type { Database, Sql } from '../db/client.ts';
import { tenantsAfter } from '../db/read/tenants-after.ts';
import type { TenantId } from '../src/domain/ids.ts';
import type { Logger } from '../src/telemetry/logger.ts';

/** A call gives its slot back after this long, or when what it is at is done. */
export const TURN_MS = 20_000;
const TENANTS_A_PAGE = 200;

/** Ids of tenants in their order, after one or (null) from the first. */
export type ReadTenants = (sql: Sql, after: TenantId | null, most: number) => Promise<readonly TenantId[]>;

/** Every tenant after `after`, in the order of their ids, read page by page. */
export async function* tenantsInOrder(sql: Sql, after: TenantId | null, read: ReadTenants = tenantsAfter): AsyncGenerator<TenantId, void> {
  for (let last = after; ;) {
    const ids = await read(sql, last, TENANTS_A_PAGE);
    yield* ids;
    last = ids.at(-1) ?? last;
    if (ids.length < TENANTS_A_PAGE) return;
  }
}

export type WalkDeps = { readonly db: Database; readonly log: Logger; /** Aborts when the worker drains. */ readonly draining: AbortSignal };

/** What a visit may know of its turn: `mustEnd` once its time is over, the worker drains or the run is canceled. */
export type Turn = { readonly beat: () => void; readonly mustEnd: () => boolean };

export type TenantsWalk = {
  readonly after: TenantId | null;
  /** Left out: all tenants. */
  readonly read?: ReadTenants;
  /** 'more': the turn ends here, and the next goes on with the same tenant. */
  readonly visit: (tenantId: TenantId, turn: Turn) => Promise<'done' | 'more'>;
  /** What the log says of a tenant whose visit failed. */
  readonly onFailure: string;
};

/** Unless it `isOver` (all have been looked at), call again after the tenant `next`; null: from the first. */
export type TenantsWalked = { next: TenantId | null; isOver: boolean; tenants: number; failed: number };

/**
 * One turn of an activity over tenants, one after another in the order of their ids; at least one is visited. A tenant that fails is told in the log and
 * passed over: the next run visits it again. Where all of them fail it throws what the last one failed with: then it is not theirs.
 */
export async function walkTenants({ db, log, draining }: WalkDeps, { after, read, visit, onFailure }: TenantsWalk): Promise<TenantsWalked> {
  const context = Context.current();
  const endsMs = performance.now() + TURN_MS;
  const turn: Turn = {
    beat: () => { context.heartbeat(); },
    mustEnd: () => draining.aborted || context.cancellationSignal.aborted || performance.now() > endsMs,
  };
  const walked: TenantsWalked = { next: after, isOver: false, tenants: 0, failed: 0 };
  let failure: unknown;
  const finish = (isOver: boolean): TenantsWalked => {
    if (walked.tenants > 0 && walked.failed === walked.tenants) throw failure;
    return { ...walked, isOver };
  };
  for await (const tenantId of tenantsInOrder(db.sql, after, read)) {
    if (walked.tenants > 0 && turn.mustEnd()) return finish(false);
    walked.tenants += 1;
    try {
      if (await visit(tenantId, turn) === 'more') return finish(false);
    } catch (error) {
      log.error({ tenantId, err: error }, onFailure);
      failure = error;
      walked.failed += 1;
    }
    walked.next = tenantId;
  }
  return finish(true);
}
