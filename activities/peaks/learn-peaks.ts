import { Context } from '@temporalio/activity';
import type { Clock } from '../../db/clock.ts';
import type { Database } from '../../db/client.ts';
import { answerSpan, readAnswers, type AnswerPage } from '../../db/read/answer-slots.ts';
import { tenantsAfter } from '../../db/read/tenants-after.ts';
import { learnPeaks as learn, type PeaksLearnt } from '../../db/write/learn-peaks.ts';
import type { BatchId, ProgramId, TenantId } from '../../src/domain/ids.ts';
import { slotCounter } from '../../src/domain/send-time/local-slots.ts';
import type { Logger } from '../../src/telemetry/logger.ts';

export type PeaksDeps = { db: Database; clock: Clock; log: Logger; /** Aborts when the worker drains: end after the tenant at hand. */ draining: AbortSignal };

/** `next`: call again after this tenant; null: all have been looked at. */
export type PeaksTurn = { next: TenantId | null; tenants: number; changed: number; replanned: number; failed: number };

/** A call gives its slot back after this long, or when the tenant at hand is done. */
const TURN_MS = 20_000;
const TENANTS_A_PAGE = 50;

/**
 * Learns the peak times of one tenant after another, in the order of their ids, until the turn is over. One that fails is
 * told in the log and passed over: next week comes. Where all of them fail it throws: then it is not theirs.
 */
export async function learnPeaks(deps: PeaksDeps, { after }: { after: TenantId | null }): Promise<PeaksTurn> {
  const context = Context.current();
  const endsMs = performance.now() + TURN_MS;
  const turn: PeaksTurn = { next: after, tenants: 0, changed: 0, replanned: 0, failed: 0 };
  let failure: unknown;
  const isOver = (): boolean => deps.draining.aborted || context.cancellationSignal.aborted || performance.now() > endsMs;
  const finish = (next: TenantId | null): PeaksTurn => {
    if (turn.tenants > 0 && turn.failed === turn.tenants) throw failure;
    return { ...turn, next };
  };
  for (;;) {
    const ids = await tenantsAfter(deps.db.sql, turn.next, TENANTS_A_PAGE);
    for (const tenantId of ids) {
      if (turn.tenants > 0 && isOver()) return finish(turn.next);
      try {
        const learnt = await learnOf(deps, tenantId, () => { context.heartbeat(); });
        turn.changed += learnt.changed.length;
        turn.replanned += learnt.replanned.length;
      } catch (error) {
        deps.log.error({ tenantId, err: error }, 'peak times could not be learnt; the tenant keeps those it has');
        failure = error;
        turn.failed += 1;
      }
      turn.tenants += 1;
      turn.next = tenantId;
    }
    if (ids.length < TENANTS_A_PAGE) return finish(null);
  }
}

/** Page by page, each a short transaction; then one that writes. */
async function learnOf({ db, clock }: PeaksDeps, tenantId: TenantId, beat: () => void): Promise<PeaksLearnt> {
  const now = clock.now();
  const span = answerSpan(now);
  const zone = await db.asTenant(tenantId, async ({ sql }) => (await sql<{ zone: string }[]>`select zone from tenants where id = ${tenantId}`)[0]?.zone ?? 'UTC');
  const counter = slotCounter<ProgramId>(zone);
  const readPage = (after: BatchId | null): Promise<AnswerPage> => db.asTenant(tenantId, (tx) => readAnswers(tx, { tenantId, span, after }));
  for (let page = await readPage(null); ; page = await readPage(page.next)) {
    beat();
    counter.add(page.counts);
    if (page.next === null) break;
  }
  beat();
  return db.asTenant(tenantId, (tx) => learn(tx, { tenantId, counter, span, now }));
}
