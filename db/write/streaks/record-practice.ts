import { groupBy } from '../../../src/domain/group-by.ts';
import type { MemberId, TenantId } from '../../../src/domain/ids.ts';
import { zoneOffsets } from '../../../src/domain/send-time/zone-offsets.ts';
import { dateText } from '../../../src/domain/streak/local-calendar.ts';
import { practiceAt, type Practice } from '../../../src/domain/streak/practice.ts';
import { streakOf } from '../../../src/domain/streak/streak-names.ts';
import { nameOf, type StreakKey } from '../../read/streak-facts.ts';
import type { Tx } from '../../client.ts';
import type { EventRow } from '../write-events.ts';
import { lockStreaks, settleStreaks } from './settle-streaks.ts';

type Practised = StreakKey & { readonly at: number; readonly zoneName: string | null };
type Dated = StreakKey & { readonly practice: Practice };

/**
 * Facts that were just stored: those that are practice go to their members' streaks, however late or often they come. The date of each is fixed here, in
 * the zone that it names as its property `zone`, else in the member's, else in the tenant's. Without such a fact nothing is asked; else it takes
 * the same few statements whatever the count. It locks streaks, so it comes last in a transaction.
 */
export async function recordPractice(tx: Tx, { tenantId, rows, now }: { tenantId: TenantId; rows: readonly EventRow[]; now: number }): Promise<void> {
  const practised = rows.flatMap(practisedIn);
  if (practised.length === 0) return;
  const locked = await lockStreaks(tx, { tenantId, keys: practised, now });
  const zones = new Map(locked.map((key) => [nameOf(key), key.zone]));
  const dated = practised.flatMap(({ memberId, streak, at, zoneName }): Dated[] => {
    const zone = zoneOffsets(zoneName) ?? zones.get(nameOf({ memberId, streak }));
    return zone === undefined ? [] : [{ memberId, streak, practice: practiceAt(at, zone) }];
  });
  writeDays(tx, tenantId, dated);
  const byStreak = groupBy(dated, nameOf);
  await settleStreaks(tx, {
    tenantId, locked, now,
    toldOf: (key) => {
      const practices = (byStreak.get(nameOf(key)) ?? []).map(({ practice }) => practice);
      return { practices, changedFrom: Math.min(...practices.map(({ at }) => at)) };
    },
  });
}

function practisedIn({ fact, memberId }: EventRow): Practised[] {
  const streak = streakOf(fact.type);
  const { zone } = fact.properties;
  return streak === undefined || memberId === null ? [] : [{ memberId, streak, at: fact.occurredAt, zoneName: typeof zone === 'string' ? zone : null }];
}

/** One row for each day in each zone. What is later than all that is kept of its day, as most is, is put behind it. */
function writeDays(tx: Tx, tenantId: TenantId, dated: readonly Dated[]): void {
  const days = [...groupBy(dated, ({ memberId, streak, practice }) => `${memberId} ${streak} ${String(practice.day)} ${practice.zone.name}`).values()].flatMap((rows) => {
    const [first] = rows;
    const instants = [...new Set(rows.map(({ practice }) => practice.at))].toSorted((a, b) => a - b);
    return first === undefined ? [] : [{ ...first, instants: `{${endsOf(instants).map((at) => new Date(at).toISOString()).join(',')}}` }];
  });
  tx.answerLater(tx.sql`
    insert into streak_days as d (tenant_id, member_id, streak, day, zone, practised_at)
    select ${tenantId}, n.member_id, n.streak, n.day, n.zone, n.instants::timestamptz[]
    from unnest(${days.map((row): MemberId => row.memberId)}::text[], ${days.map(({ streak }) => streak)}::text[], ${days.map(({ practice }) => dateText(practice.day))}::date[],
                ${days.map(({ practice }) => practice.zone.name)}::text[], ${days.map(({ instants }) => instants)}::text[]) as n (member_id, streak, day, zone, instants)
    on conflict (tenant_id, member_id, streak, day, zone) do update set practised_at = case
      when d.practised_at[cardinality(d.practised_at)] < excluded.practised_at[1] and cardinality(d.practised_at) + cardinality(excluded.practised_at) <= ${2 * KEPT_AT_EACH_END}
        then d.practised_at || excluded.practised_at
      else ends_of_day(d.practised_at || excluded.practised_at) end
    where not d.practised_at @> excluded.practised_at`);
}

/** As `ends_of_day` has it. */
const KEPT_AT_EACH_END = 48;

function endsOf(instants: readonly number[]): readonly number[] {
  return instants.length <= 2 * KEPT_AT_EACH_END ? instants : [...instants.slice(0, KEPT_AT_EACH_END), ...instants.slice(-KEPT_AT_EACH_END)];
}
