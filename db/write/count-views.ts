import type { TouchId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';
import { REPEAT_WINDOW_MS } from './record-touch.ts';

/** Further than any fact we take lies ahead of our clock. */
const CLOCK_AHEAD_MS = 3_600_000;

/** A view an app tells us of. `visitorId` null: nobody knows whose, so each counts. `at` in epoch ms. */
export type NewView = { touchId: TouchId; code: string; visitorId: string | null; at: number };
export type JudgedView = NewView & { whyNot: 'repeat' | null };

/**
 * Which views count: of one visitor and link one an hour, whatever the order they come in. Views of the same visitor
 * that arrive at once wait for each other.
 */
export async function countViews(tx: Tx, views: readonly NewView[]): Promise<JudgedView[]> {
  const known = views.filter((view) => view.visitorId !== null);
  const countedAt = new Map<string, number[]>();
  if (known.length > 0) {
    const keys = [...new Set(known.map(keyOf))].toSorted();
    // The locks are a statement before the look, or the look would not see what was committed while they were waited for.
    await tx.sql`select pg_advisory_xact_lock(hashtextextended(k.key, 0)) from unnest(${keys.map((key) => `view ${key}`)}::text[]) with ordinality as k (key, place) order by k.place`;
    // What happened within an hour of the first of them was not recorded before then, but for an app's clock that runs ahead.
    const since = Math.min(...known.map((view) => view.at)) - REPEAT_WINDOW_MS - CLOCK_AHEAD_MS;
    const before = await tx.sql<{ code: string; visitorId: string; at: number }[]>`
      select t.code, t.visitor_id as "visitorId", t.at from touches t
      where t.tenant_id = current_tenant() and t.kind = 'view' and t.counted and t.recorded_at > ${since}
        and (t.code, t.visitor_id) in (select * from unnest(${known.map((view) => view.code)}::text[], ${known.map((view) => view.visitorId)}::text[]))`;
    for (const view of before) countedAt.set(keyOf(view), [...countedAt.get(keyOf(view)) ?? [], view.at]);
  }
  const judged = new Map<TouchId, JudgedView>();
  for (const view of views.toSorted((a, b) => a.at - b.at)) {
    const others = countedAt.get(keyOf(view)) ?? [];
    const repeats = view.visitorId !== null && others.some((at) => Math.abs(at - view.at) < REPEAT_WINDOW_MS);
    if (!repeats) countedAt.set(keyOf(view), [...others, view.at]);
    judged.set(view.touchId, { ...view, whyNot: repeats ? 'repeat' : null });
  }
  return [...judged.values()];
}

function keyOf({ code, visitorId }: { code: string; visitorId: string | null }): string {
  return `${code} ${visitorId ?? ''}`;
}
