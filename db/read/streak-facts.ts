import { groupBy } from '../../src/domain/group-by.ts';
import type { MemberId, TenantId } from '../../src/domain/ids.ts';
import { parseDate } from '../../src/domain/send-time/parse-time.ts';
import { zoneOffsets, type ZoneOffsets } from '../../src/domain/send-time/zone-offsets.ts';
import { knownZone, type Practice } from '../../src/domain/streak/practice.ts';
import type { FreezeGrant, Pause, StreakSupply } from '../../src/domain/streak/streak-supply.ts';
import type { Tx } from '../client.ts';

/** Whose streak of what. */
export type StreakKey = { readonly memberId: MemberId; readonly streak: string };

/** One text for a streak, for maps. */
export function nameOf({ memberId, streak }: StreakKey): string {
  return `${memberId} ${streak}`;
}

/** Days since 1970-01-01 of a stored date. */
export function dayOf(date: string): number {
  const day = parseDate(date);
  if (day === null) throw new RangeError(`${date} is no date`);
  return day;
}

/** A member's clock: the first of these zones that is one. */
export function clockOf(...names: readonly (string | null)[]): ZoneOffsets {
  for (const name of names) {
    const zone = zoneOffsets(name);
    if (zone !== null) return zone;
  }
  return knownZone('UTC');
}

/** The freezes and pauses of members' streaks, the pauses of all of the tenant's members included: by two statements, whatever the count. */
export async function readSupplies({ sql }: Tx, tenantId: TenantId, memberIds: readonly MemberId[]): Promise<(key: StreakKey) => StreakSupply> {
  const [given, paused] = await Promise.all([
    sql<(StreakKey & FreezeGrant)[]>`
      select member_id as "memberId", streak, given_at as at, count from streak_grants where tenant_id = ${tenantId} and member_id = any(${memberIds}::text[])`,
    sql<{ memberId: MemberId | null; first: string; last: string }[]>`
      select member_id as "memberId", first_day as first, last_day as last from streak_pauses
      where tenant_id = ${tenantId} and (member_id is null or member_id = any(${memberIds}::text[]))`,
  ]);
  const grants = groupBy(given, nameOf);
  const pauses = groupBy(paused, ({ memberId }) => memberId);
  const read = (memberId: MemberId | null): Pause[] => (pauses.get(memberId) ?? []).map(({ first, last }) => ({ firstDay: dayOf(first), lastDay: dayOf(last) }));
  const everybodys = read(null);
  return (key) => ({ freezes: 0, grants: (grants.get(nameOf(key)) ?? []).map(({ at, count }) => ({ at, count })), pauses: [...everybodys, ...read(key.memberId)] });
}

/** All that is kept of when these members practised. */
export async function readPractices({ sql }: Tx, tenantId: TenantId, keys: readonly StreakKey[]): Promise<(key: StreakKey) => readonly Practice[]> {
  if (keys.length === 0) return () => [];
  const rows = await sql<(StreakKey & { day: string; zone: string; at: number })[]>`
    select d.member_id as "memberId", d.streak, d.day, d.zone, p.at
    from unnest(${keys.map(({ memberId }) => memberId)}::text[], ${keys.map(({ streak }) => streak)}::text[]) as k (member_id, streak)
      join streak_days d on d.tenant_id = ${tenantId} and d.member_id = k.member_id and d.streak = k.streak
      cross join lateral unnest(d.practised_at) as p (at)`;
  const byStreak = groupBy(rows, nameOf);
  return (key) => (byStreak.get(nameOf(key)) ?? []).map(({ at, zone, day }) => ({ at, zone: knownZone(zone), day: dayOf(day) }));
}
