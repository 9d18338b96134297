import { Context } from '@temporalio/activity';
import type { Clock } from '../../db/clock.ts';
import type { Database } from '../../db/client.ts';
import { dueRewards } from '../../db/read/due-rewards.ts';
import { tenantsAfter } from '../../db/read/tenants-after.ts';
import { releaseDue, releaseDueMilestones } from '../../db/write/rewards/release-due.ts';
import type { MemberId, ReferralId, TenantId } from '../../src/domain/ids.ts';
import type { Logger } from '../../src/telemetry/logger.ts';

export type SweepRewardsDeps = { db: Database; clock: Clock; log: Logger; /** Aborts when the worker drains: end after the batch at hand. */ draining: AbortSignal };

/** Unless it `isOver` (all have been looked at), call again after the tenant `next`; null: from the first. */
export type SweepTurn = { next: TenantId | null; isOver: boolean; tenants: number; released: number; expired: number; failed: number };

/** A call gives its slot back after this long. */
const TURN_MS = 20_000;
const TENANTS_A_PAGE = 200;
/** Rewards of one transaction: small enough that events of the same tenant do not wait for long. */
const BATCH = 200;

/**
 * Releases and expires what lies, one tenant after another in the order of their ids, batch after batch, until the turn is
 * over; the same rules as a run's own look. A referral that fails is told in the log and passed over, and so is a tenant of which nothing
 * goes well: in five minutes it comes again. Where all tenants fail it throws: then it is not theirs.
 */
export async function sweepDueRewards(deps: SweepRewardsDeps, { after }: { after: TenantId | null }): Promise<SweepTurn> {
  const context = Context.current();
  const endsMs = performance.now() + TURN_MS;
  const turn: SweepTurn = { next: after, isOver: false, tenants: 0, released: 0, expired: 0, failed: 0 };
  let failure: unknown;
  const mustEnd = (): boolean => deps.draining.aborted || context.cancellationSignal.aborted || performance.now() > endsMs;
  const finish = (isOver: boolean): SweepTurn => {
    if (turn.tenants > 0 && turn.failed === turn.tenants) throw failure;
    return { ...turn, isOver };
  };
  for (;;) {
    const ids = await tenantsAfter(deps.db.sql, turn.next, TENANTS_A_PAGE);
    for (const tenantId of ids) {
      turn.tenants += 1;
      try {
        const passedOver = new Set<Owner>();
        for (let more = true; more;) {
          const swept = await sweepBatch(deps, tenantId, passedOver);
          context.heartbeat();
          turn.released += swept.released;
          turn.expired += swept.expired;
          more = swept.released + swept.expired > 0;
          // Not past this tenant: it has more.
          if (more && mustEnd()) return finish(false);
        }
      } catch (error) {
        deps.log.error({ tenantId, err: error }, 'due rewards could not be released; the next sweep tries again');
        failure = error;
        turn.failed += 1;
      }
      turn.next = tenantId;
      if (mustEnd()) return finish(false);
    }
    if (ids.length < TENANTS_A_PAGE) return finish(true);
  }
}

type Owner = ReferralId | MemberId;
type Swept = { readonly released: number; readonly expired: number };
/** `failures`: what failed by itself, too. */
type Tried = { readonly done: readonly Swept[]; readonly failures: readonly { readonly owner: Owner; readonly error: unknown }[] };

/**
 * Referrals and milestones each in a transaction of their own: the books' lock is taken last, and once. What fails is told in the log and,
 * in this turn, `passedOver`. Throws where nothing of a first batch goes well.
 */
async function sweepBatch({ db, clock, log }: SweepRewardsDeps, tenantId: TenantId, passedOver: Set<Owner>): Promise<Swept> {
  const now = clock.now();
  const { referralIds, pairs } = await db.asTenant(tenantId, (tx) => dueRewards(tx, { tenantId, now, most: BATCH, passedOver: [...passedOver] }));
  const referrals = await sweepEach(referralIds, (id) => id, (ids) => db.asTenant(tenantId, (tx) => releaseDue(tx, { tenantId, referralIds: ids, now })));
  const others = await sweepEach(pairs, ({ referrerId }) => referrerId, (some) => db.asTenant(tenantId, (tx) => releaseDueMilestones(tx, { tenantId, pairs: some, now })));
  const [done, failures] = [[...referrals.done, ...others.done], [...referrals.failures, ...others.failures]];
  const [first] = failures;
  if (first !== undefined && done.length === 0 && passedOver.size === 0) throw first.error;
  for (const { owner, error } of failures) {
    log.error({ tenantId, ownerId: owner, err: error }, 'due rewards of one referral or member could not be released; the next sweep tries again');
    passedOver.add(owner);
  }
  return { released: done.reduce((all, { released }) => all + released, 0), expired: done.reduce((all, { expired }) => all + expired, 0) };
}

/** All at once; where that fails each by itself, so that none waits for another's damage. */
async function sweepEach<T>(due: readonly T[], ownerOf: (one: T) => Owner, release: (some: readonly T[]) => Promise<Swept>): Promise<Tried> {
  if (due.length === 0) return { done: [], failures: [] };
  try {
    return { done: [await release(due)], failures: [] };
  } catch (error) {
    if (due.length === 1) return { done: [], failures: due.map((one) => ({ owner: ownerOf(one), error })) };
  }
  const tried: Tried[] = [];
  for (const one of due) {
    tried.push(await sweepEach([one], ownerOf, release));
    Context.current().heartbeat();
  }
  return { done: tried.flatMap(({ done }) => done), failures: tried.flatMap(({ failures }) => failures) };
}
