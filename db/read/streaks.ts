import type { MemberId, TenantId } from '../../src/domain/ids.ts';
import { readStreak, type Streak } from '../../src/domain/streak/read-streak.ts';
import { standingOf, type StreakStanding } from '../../src/domain/streak/streak-standing.ts';
import { knownZone } from '../../src/domain/streak/practice.ts';
import type { Tx } from '../client.ts';
import { clockOf, dayOf, readPractices, readSupplies, type StreakKey } from './streak-facts.ts';

export type StandingRow = {
  readonly current: number;
  readonly longest: number;
  readonly latestAt: number | null;
  readonly latestZone: string | null;
  readonly latestDay: string | null;
  readonly creditedDay: string | null;
  readonly frozenDays: readonly string[];
};

/** A stored row as the rules read it. */
export function standingIn({ current, longest, latestAt, latestZone, latestDay, creditedDay, frozenDays }: StandingRow): StreakStanding {
  const latest = latestAt === null || latestZone === null || latestDay === null ? null : { at: latestAt, zone: knownZone(latestZone), day: dayOf(latestDay) };
  return { current, longest, latest, creditedDay: creditedDay === null ? null : dayOf(creditedDay), frozenDays: frozenDays.map(dayOf) };
}

/** A streak as it stands at an instant. `zone`: the clock it is read by. */
export type StreakView = Streak & { readonly streak: string; readonly zone: string };

/** A member's streaks as they stand at `now`, by name: from the rows and what may cover days since, nothing is written. Null where there is no such member. */
export async function readStreaks(tx: Tx, tenantId: TenantId, which: { id: MemberId } | { externalId: string }, now: number): Promise<{ memberId: MemberId; externalId: string; streaks: StreakView[] } | null> {
  const rows = await tx.sql<(StandingRow & { memberId: MemberId; externalId: string; streak: string | null; memberZone: string | null; tenantZone: string })[]>`
    select m.id as "memberId", m.external_id as "externalId", m.zone as "memberZone", t.zone as "tenantZone", s.streak, coalesce(s.current, 0) as current,
           coalesce(s.longest, 0) as longest, s.latest_at as "latestAt", s.latest_zone as "latestZone", s.latest_day as "latestDay", s.credited_day as "creditedDay",
           coalesce(s.frozen_days, '{}')::text[] as "frozenDays"
    from members m join tenants t on t.id = m.tenant_id left join streaks s on s.tenant_id = m.tenant_id and s.member_id = m.id
    where m.tenant_id = ${tenantId} and ${'id' in which ? tx.sql`m.id = ${which.id}` : tx.sql`m.external_id = ${which.externalId}`}
    order by s.streak`;
  const [member] = rows;
  if (member === undefined) return null;
  const supplyOf = await readSupplies(tx, tenantId, [member.memberId]);
  const zone = clockOf(member.memberZone, member.tenantZone);
  const streaks = rows.flatMap((row): StreakView[] => {
    if (row.streak === null) return [];
    const supply = supplyOf({ memberId: row.memberId, streak: row.streak });
    return [{ streak: row.streak, zone: zone.name, ...readStreak(standingIn(row), { now: Math.max(now, row.latestAt ?? now), zone, supply }) }];
  });
  return { memberId: member.memberId, externalId: member.externalId, streaks };
}

/** What the facts alone come to, whatever the row says. */
export async function rebuildStreak(tx: Tx, tenantId: TenantId, key: StreakKey): Promise<StreakStanding> {
  const [practicesOf, supplyOf] = [await readPractices(tx, tenantId, [key]), await readSupplies(tx, tenantId, [key.memberId])];
  return standingOf(practicesOf(key), supplyOf(key));
}
