import { groupBy } from '../../../src/domain/group-by.ts';
import type { MemberId, TenantId } from '../../../src/domain/ids.ts';
import { readStreak } from '../../../src/domain/streak/read-streak.ts';
import { USUAL_STREAK } from '../../../src/domain/streak/streak-names.ts';
import { unusedFreezes, type GivenFreezes } from '../../../src/domain/streak/unused-freezes.ts';
import { readSupplies } from '../../read/streak-facts.ts';
import type { Tx } from '../../client.ts';
import { grantFreezes } from './grant-freezes.ts';
import { lockStreaks, type LockedStreak } from './settle-streaks.ts';

/** What was given under this key, to the usual streak. */
export type ExpiredFreezes = { readonly memberId: MemberId; readonly sourceKey: string };

/**
 * Takes back, once, what nobody has used of freezes that may be used no more: those that were given first were used first, days that are covered by
 * now included. It locks streaks, so it comes last in a transaction.
 */
export async function takeBackUnused(tx: Tx, { tenantId, expired, now }: { tenantId: TenantId; expired: readonly ExpiredFreezes[]; now: number }): Promise<void> {
  if (expired.length === 0) return;
  const locked = await lockStreaks(tx, { tenantId, keys: expired.map(({ memberId }) => ({ memberId, streak: USUAL_STREAK })), now });
  const [supplyOf, given] = await Promise.all([readSupplies(tx, tenantId, locked.map(({ memberId }) => memberId)), readGiven(tx, tenantId, locked)]);
  for (const streak of locked) {
    const { standing, zone, memberId } = streak;
    const { frozenDays } = readStreak(standing, { now: Math.max(now, standing.latest?.at ?? now), zone, supply: supplyOf(streak) });
    let left = given.get(memberId) ?? [];
    for (const { sourceKey } of expired.filter((one) => one.memberId === memberId)) {
      const count = unusedFreezes(left, { source: sourceKey, used: frozenDays.length });
      left = left.map((one) => (one.source === sourceKey ? { ...one, count: one.count - count } : one));
      if (count > 0) await grantFreezes(tx, { tenantId, now, grants: [{ memberId, count: -count, at: now, sourceKey: `${sourceKey}:expired` }] });
    }
  }
}

/** By member, what each source has given, less what was taken back of it: that has the source's key with a word behind it. */
async function readGiven({ sql }: Tx, tenantId: TenantId, locked: readonly LockedStreak[]): Promise<Map<MemberId, GivenFreezes[]>> {
  const rows = await sql<(GivenFreezes & { memberId: MemberId })[]>`
    select g.member_id as "memberId", g.source_key as source, g.given_at as at, g.count + coalesce(sum(b.count), 0)::int as count
    from streak_grants g left join streak_grants b on b.tenant_id = g.tenant_id and b.member_id = g.member_id and b.count < 0 and starts_with(b.source_key, g.source_key || ':')
    where g.tenant_id = ${tenantId} and g.member_id = any(${locked.map(({ memberId }) => memberId)}::text[]) and g.streak = ${USUAL_STREAK} and g.count > 0
    group by g.tenant_id, g.source_key`;
  return groupBy(rows, ({ memberId }) => memberId);
}
