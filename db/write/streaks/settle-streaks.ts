import type { MemberId, TenantId } from '../../../src/domain/ids.ts';
import type { ZoneOffsets } from '../../../src/domain/send-time/zone-offsets.ts';
import { dateText } from '../../../src/domain/streak/local-calendar.ts';
import { inOrder, type Practice } from '../../../src/domain/streak/practice.ts';
import { readStreak, type Streak } from '../../../src/domain/streak/read-streak.ts';
import { addPractice, standingOf, type StreakStanding } from '../../../src/domain/streak/streak-standing.ts';
import type { StreakSupply } from '../../../src/domain/streak/streak-supply.ts';
import { clockOf, nameOf, readPractices, readSupplies, type StreakKey } from '../../read/streak-facts.ts';
import { standingIn, type StandingRow } from '../../read/streaks.ts';
import type { Tx } from '../../client.ts';

/** A streak whose row is locked, and the member's clock. */
export type LockedStreak = StreakKey & { readonly standing: StreakStanding; readonly zone: ZoneOffsets };
/** What is new about a locked streak: practices of it, and from which instant on the facts are others than before. */
export type Told = { readonly practices: readonly Practice[]; readonly changedFrom: number };
type Settled = StreakKey & { readonly standing: StreakStanding; readonly streak: string; readonly zone: ZoneOffsets; readonly seen: Streak };

/**
 * Locks these streaks, made empty where there are none, in the order of member and name: after everything else that a transaction
 * locks. What is told of them is stored under the lock, then settled.
 */
export async function lockStreaks({ sql }: Tx, { tenantId, keys, now }: { tenantId: TenantId; keys: readonly StreakKey[]; now: number }): Promise<LockedStreak[]> {
  const wanted = [...new Map(keys.map((key) => [nameOf(key), key])).values()];
  const [memberIds, names] = [wanted.map(({ memberId }) => memberId), wanted.map(({ streak }) => streak)];
  // Sent together; the second sees what was committed by those whom the first waited for.
  const [, rows] = await Promise.all([
    sql`
      insert into streaks (tenant_id, member_id, streak, current, longest, frozen_days, zone, freezes_left, worked_out_at)
      select ${tenantId}, k.member_id, k.streak, 0, 0, '{}', 'UTC', 0, ${now} from unnest(${memberIds}::text[], ${names}::text[]) as k (member_id, streak)
      order by k.member_id collate "C", k.streak collate "C" on conflict do nothing`,
    sql<(StreakKey & StandingRow & { memberZone: string | null; tenantZone: string })[]>`
      select s.member_id as "memberId", s.streak, s.current, s.longest, s.latest_at as "latestAt", s.latest_zone as "latestZone", s.latest_day as "latestDay",
             s.credited_day as "creditedDay", s.frozen_days::text[] as "frozenDays", m.zone as "memberZone", t.zone as "tenantZone"
      from unnest(${memberIds}::text[], ${names}::text[]) as k (member_id, streak)
        join streaks s on s.tenant_id = ${tenantId} and s.member_id = k.member_id and s.streak = k.streak
        join members m on m.id = s.member_id join tenants t on t.id = s.tenant_id
      order by s.member_id collate "C", s.streak collate "C" for no key update of s`,
  ]);
  return rows.map((row) => ({ memberId: row.memberId, streak: row.streak, standing: standingIn(row), zone: clockOf(row.memberZone, row.tenantZone) }));
}

/**
 * Brings the rows of locked streaks up to date with what was told of them, which is stored already. Where all of it is later than the latest practice it
 * is added to what stands there; where it reaches back, the row is worked out from its facts again.
 */
export async function settleStreaks(tx: Tx, { tenantId, locked, toldOf, now }: { tenantId: TenantId; locked: readonly LockedStreak[]; toldOf: (key: StreakKey) => Told; now: number }): Promise<void> {
  const reachesBack = (key: LockedStreak) => key.standing.latest !== null && toldOf(key).changedFrom <= key.standing.latest.at;
  const [supplyOf, practicesOf] = await Promise.all([
    readSupplies(tx, tenantId, [...new Set(locked.map(({ memberId }) => memberId))]),
    readPractices(tx, tenantId, locked.filter(reachesBack)),
  ]);
  writeStreaks(tx, tenantId, locked.map((key): Settled => {
    const supply = supplyOf(key);
    const standing = reachesBack(key) ? standingOf(practicesOf(key), supply) : addAll(key.standing, toldOf(key).practices, supply);
    return { ...key, standing, seen: readStreak(standing, { now: Math.max(now, standing.latest?.at ?? now), zone: key.zone, supply }) };
  }), now);
}

function addAll(standing: StreakStanding, practices: readonly Practice[], supply: StreakSupply): StreakStanding {
  return inOrder(practices).reduce((so, practice) => addPractice(so, practice, supply), standing);
}

function writeStreaks(tx: Tx, tenantId: TenantId, rows: readonly Settled[], now: number): void {
  if (rows.length === 0) return;
  const date = (day: number | null | undefined): string | null => (day === null || day === undefined ? null : dateText(day));
  tx.answerLater(tx.sql`
    update streaks s set current = n.current, longest = n.longest, latest_at = n.latest_at, latest_zone = n.latest_zone, latest_day = n.latest_day, credited_day = n.credited_day,
      frozen_days = n.frozen_days::date[], zone = n.zone, freezes_left = n.freezes_left, expires_at = n.expires_at, day_ends_at = n.day_ends_at, worked_out_at = ${now}
    from unnest(
      ${rows.map((row): MemberId => row.memberId)}::text[], ${rows.map(({ streak }) => streak)}::text[], ${rows.map(({ standing }) => standing.current)}::int[],
      ${rows.map(({ standing }) => standing.longest)}::int[], ${rows.map(({ standing }) => standing.latest?.at ?? null)}::timestamptz[],
      ${rows.map(({ standing }) => standing.latest?.zone.name ?? null)}::text[], ${rows.map(({ standing }) => date(standing.latest?.day))}::date[],
      ${rows.map(({ standing }) => date(standing.creditedDay))}::date[], ${rows.map(({ standing }) => `{${standing.frozenDays.map(dateText).join(',')}}`)}::text[],
      ${rows.map(({ zone }) => zone.name)}::text[], ${rows.map(({ seen }) => seen.freezesLeft)}::int[], ${rows.map(({ seen }) => seen.expiresAt)}::timestamptz[],
      ${rows.map(({ seen }) => seen.dayEndsAt)}::timestamptz[]
    ) as n (member_id, streak, current, longest, latest_at, latest_zone, latest_day, credited_day, frozen_days, zone, freezes_left, expires_at, day_ends_at)
    where s.tenant_id = ${tenantId} and s.member_id = n.member_id and s.streak = n.streak`);
}
