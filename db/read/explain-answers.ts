import type { EventFact, StoryFacts, TouchFact } from '../../src/domain/explain/facts.ts';
import type { Tx } from '../client.ts';

const MOST_TOUCHES = 100;
const MOST_EVENTS = 50;

/**
 * What came back of an invite: the first openings of its link, and what the app reported of its recipient as a member:
 * sign-ups, and whatever named this link or a click on it (a view is an opening already). Nothing of visitors is read.
 */
export async function readAnswers({ sql }: Tx, of: { linkCode: string | null; memberIds: readonly string[]; createdAt: number }): Promise<Pick<StoryFacts, 'touches' | 'touchCount' | 'events'>> {
  const { linkCode, memberIds, createdAt } = of;
  // A link is as old as its invite at most: months before it are not looked at.
  const ofLink = sql`where tenant_id = current_tenant() and code = ${linkCode} and recorded_at >= ${createdAt}`;
  const [touches, [counted], events] = await Promise.all([
    linkCode === null ? [] : sql<TouchFact[]>`
      select id, kind, why_not as "whyNot", at from touches ${ofLink} order by at, id limit ${MOST_TOUCHES}`,
    linkCode === null ? [] : sql<{ count: number }[]>`select count(*)::int as count from touches ${ofLink}`,
    memberIds.length === 0 ? [] : sql<EventFact[]>`
      select e.event_id as "eventId", e.type, e.member_id as "memberId", e.touch_id as "touchId", e.occurred_at as "occurredAt", e.received_at as "receivedAt"
      from events e
      where e.tenant_id = current_tenant() and e.member_id = any(${[...memberIds]}::text[]) and e.type <> 'link_viewed'
        and (e.type = 'signed_up' or e.code = ${linkCode} or e.touch_id in (select id from touches ${ofLink}))
      order by e.occurred_at, e.event_id limit ${MOST_EVENTS}`,
  ]);
  return { touches: [...touches], touchCount: counted?.count ?? 0, events: [...events] };
}
