import { Context } from '@temporalio/activity';
import type { Clock } from '../../db/clock.ts';
import type { Database } from '../../db/client.ts';
import { tenantsAfter } from '../../db/read/tenants-after.ts';
import { pushDue } from '../../db/write/feed/push-due.ts';
import type { TenantId } from '../../src/domain/ids.ts';
import type { Logger } from '../../src/telemetry/logger.ts';

export type SweepPushesDeps = { db: Database; clock: Clock; log: Logger; /** Aborts when the worker drains: end after the batch at hand. */ draining: AbortSignal };

/** Unless it `isOver` (all have been looked at), call again after the tenant `next`; null: from the first. */
export type SweepPushesTurn = { next: TenantId | null; isOver: boolean; tenants: number; pushed: number; failed: number };

/** A call gives its slot back after this long. */
const TURN_MS = 20_000;
const TENANTS_A_PAGE = 200;
/** Items of one transaction. */
const BATCH = 200;

/**
 * Lets waiting pushes leave whose hour has come, one tenant after another, batch after batch, until the turn is over. A tenant that fails
 * is told in the log and passed over: in a minute it comes again. Where all of them fail it throws: then it is not theirs.
 */
export async function sweepDuePushes({ db, clock, log, draining }: SweepPushesDeps, { after }: { after: TenantId | null }): Promise<SweepPushesTurn> {
  const context = Context.current();
  const endsMs = performance.now() + TURN_MS;
  const turn: SweepPushesTurn = { next: after, isOver: false, tenants: 0, pushed: 0, failed: 0 };
  let failure: unknown;
  const mustEnd = (): boolean => draining.aborted || context.cancellationSignal.aborted || performance.now() > endsMs;
  const finish = (isOver: boolean): SweepPushesTurn => {
    if (turn.tenants > 0 && turn.failed === turn.tenants) throw failure;
    return { ...turn, isOver };
  };
  for (;;) {
    const ids = await tenantsAfter(db.sql, turn.next, TENANTS_A_PAGE);
    for (const tenantId of ids) {
      turn.tenants += 1;
      try {
        for (let more = true; more;) {
          const { looked, pushed } = await db.asTenant(tenantId, (tx) => pushDue(tx, { tenantId, now: clock.now(), most: BATCH }));
          context.heartbeat();
          turn.pushed += pushed;
          more = looked === BATCH;
          // Not past this tenant: it has more.
          if (more && mustEnd()) return finish(false);
        }
      } catch (error) {
        log.error({ tenantId, err: error }, 'due pushes could not leave; the next sweep tries again');
        failure = error;
        turn.failed += 1;
      }
      turn.next = tenantId;
      if (mustEnd()) return finish(false);
    }
    if (ids.length < TENANTS_A_PAGE) return finish(true);
  }
}
