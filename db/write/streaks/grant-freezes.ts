import { groupBy } from '../../../src/domain/group-by.ts';
import type { MemberId, TenantId } from '../../../src/domain/ids.ts';
import { USUAL_STREAK } from '../../../src/domain/streak/streak-names.ts';
import { nameOf, type StreakKey } from '../../read/streak-facts.ts';
import type { Tx } from '../../client.ts';
import { lockStreaks, settleStreaks } from './settle-streaks.ts';

/** Freezes for a member; a count below zero takes back. `at` (epoch ms): they cover no day that had ended by then. `sourceKey`: of what they are for; they are given once. `streak`: left out, the usual one. */
export type Freezes = { readonly memberId: MemberId; readonly count: number; readonly at: number; readonly sourceKey: string; readonly streak?: string | undefined };

/**
 * Gives freezes, each grant once by its key, and answers the keys of those that were given now. Where one was given before a day that went by without
 * practice, the streak is worked out again. It locks streaks, so it comes last in a transaction.
 */
export async function grantFreezes(tx: Tx, { tenantId, grants, now }: { tenantId: TenantId; grants: readonly Freezes[]; now: number }): Promise<Set<string>> {
  if (grants.length === 0) return new Set();
  const wanted = [...new Map(grants.map((grant) => [grant.sourceKey, { ...grant, streak: grant.streak ?? USUAL_STREAK }])).values()].toSorted((a, b) => (a.sourceKey < b.sourceKey ? -1 : 1));
  const locked = await lockStreaks(tx, { tenantId, keys: wanted, now });
  const given = await tx.sql<(StreakKey & { sourceKey: string; at: number })[]>`
    insert into streak_grants (tenant_id, source_key, member_id, streak, count, given_at, recorded_at)
    select ${tenantId}, n.source_key, n.member_id, n.streak, n.count, n.given_at, ${now}
    from unnest(${wanted.map(({ sourceKey }) => sourceKey)}::text[], ${wanted.map((grant): MemberId => grant.memberId)}::text[], ${wanted.map(({ streak }) => streak)}::text[],
                ${wanted.map(({ count }) => count)}::int[], ${wanted.map(({ at }) => at)}::timestamptz[]) with ordinality as n (source_key, member_id, streak, count, given_at, place)
    order by n.place
    on conflict (tenant_id, source_key) do nothing
    returning member_id as "memberId", streak, source_key as "sourceKey", given_at as at`;
  const byStreak = groupBy(given, nameOf);
  await settleStreaks(tx, {
    tenantId, now,
    locked: locked.filter((key) => byStreak.has(nameOf(key))),
    toldOf: (key) => ({ practices: [], changedFrom: Math.min(...(byStreak.get(nameOf(key)) ?? []).map(({ at }) => at)) }),
  });
  return new Set(given.map(({ sourceKey }) => sourceKey));
}
