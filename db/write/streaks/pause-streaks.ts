import { groupBy } from '../../../src/domain/group-by.ts';
import type { MemberId, TenantId } from '../../../src/domain/ids.ts';
import { DAY_MS } from '../../../src/domain/send-time/parse-time.ts';
import { dateText } from '../../../src/domain/streak/local-calendar.ts';
import type { Pause } from '../../../src/domain/streak/streak-supply.ts';
import { dayOf, type StreakKey } from '../../read/streak-facts.ts';
import type { Tx } from '../../client.ts';
import { lockStreaks, settleStreaks } from './settle-streaks.ts';

/** Local dates that a member cannot miss; `memberId` null: nobody of the tenant can. */
export type PauseToStore = Pause & { readonly memberId: MemberId | null };

/** A date begins up to 16 hours before it does in UTC, and a day that is missed is the one before. */
const REACHES_BACK_MS = 2 * DAY_MS;

/**
 * Stores pauses, each once, and says of each, in the order given, whether it is new. The streaks of the members they name are brought up to
 * date at once, worked out again where a pause reaches back. Everybody's must not: their rows are brought up to date by `refreshPaused`, before the next
 * sweep. It locks streaks, so it comes last in a transaction.
 */
export async function pauseStreaks(tx: Tx, { tenantId, pauses, now }: { tenantId: TenantId; pauses: readonly PauseToStore[]; now: number }): Promise<boolean[]> {
  const keys = pauses.map(({ memberId, firstDay, lastDay }) => `${memberId ?? 'everybody'}:${dateText(firstDay)}:${dateText(lastDay)}`);
  const rows = [...new Map(pauses.map((pause, place) => [keys[place] ?? '', pause])).entries()].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const memberIds = [...new Set(pauses.flatMap(({ memberId }) => memberId ?? []))];
  const theirs = memberIds.length === 0 ? [] : await tx.sql<StreakKey[]>`select member_id as "memberId", streak from streaks where tenant_id = ${tenantId} and member_id = any(${memberIds}::text[])`;
  const locked = theirs.length === 0 ? [] : await lockStreaks(tx, { tenantId, keys: theirs, now });
  const stored = await tx.sql<{ key: string; memberId: MemberId | null; first: string }[]>`
    insert into streak_pauses (tenant_id, key, member_id, first_day, last_day, recorded_at)
    select ${tenantId}, n.key, n.member_id, n.first_day, n.last_day, ${now}
    from unnest(${rows.map(([key]) => key)}::text[], ${rows.map(([, { memberId }]) => memberId)}::text[], ${rows.map(([, { firstDay }]) => dateText(firstDay))}::date[],
                ${rows.map(([, { lastDay }]) => dateText(lastDay))}::date[]) with ordinality as n (key, member_id, first_day, last_day, place)
    order by n.place
    on conflict (tenant_id, key) do nothing
    returning key, member_id as "memberId", first_day as first`;
  const byMember = groupBy(stored, ({ memberId }) => memberId);
  await settleStreaks(tx, {
    tenantId, now,
    locked: locked.filter(({ memberId }) => byMember.has(memberId)),
    toldOf: ({ memberId }) => ({ practices: [], changedFrom: Math.min(...(byMember.get(memberId) ?? []).map(({ first }) => dayOf(first) * DAY_MS - REACHES_BACK_MS)) }),
  });
  const left = new Set(stored.map(({ key }) => key));
  return keys.map((key) => left.delete(key));
}
