import { Context } from '@temporalio/activity';
import type { Clock } from '../../db/clock.ts';
import { dueRewards } from '../../db/read/due-rewards.ts';
import { releaseDue, releaseDueMilestones } from '../../db/write/rewards/release-due.ts';
import type { MemberId, ReferralId, TenantId } from '../../src/domain/ids.ts';
import { walkTenants, type TenantsWalked, type WalkDeps } from '../walk-tenants.ts';

export type SweepRewardsDeps = WalkDeps & { clock: Clock };

export type SweepTurn = TenantsWalked & { released: number; expired: number };

/** Rewards of one transaction: small enough that events of the same tenant do not wait for long. */
const BATCH = 200;

/**
 * Releases and expires what lies, one tenant after another, batch after batch, until the turn is over; the same rules as a run's own look.
 * A referral that fails is told in the log and passed over, and so is a tenant of which nothing goes well: in five minutes it comes again.
 */
export async function sweepDueRewards(deps: SweepRewardsDeps, { after }: { after: TenantId | null }): Promise<SweepTurn> {
  const sum = { released: 0, expired: 0 };
  const walked = await walkTenants(deps, {
    after,
    onFailure: 'due rewards could not be released; the next sweep tries again',
    visit: async (tenantId, { beat, mustEnd }) => {
      const passedOver = new Set<Owner>();
      for (;;) {
        const { released, expired } = await sweepBatch(deps, tenantId, passedOver);
        beat();
        sum.released += released;
        sum.expired += expired;
        if (released + expired === 0) return 'done';
        if (mustEnd()) return 'more';
      }
    },
  });
  return { ...walked, ...sum };
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
