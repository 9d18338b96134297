import type { FeedChoice } from '../../../src/domain/feed/choices.ts';
import type { MemberId, TenantId } from '../../../src/domain/ids.ts';
import type { Tx } from '../../client.ts';
import { recordDecisions } from '../decide.ts';

type ToSave = { tenantId: TenantId; memberId: MemberId; choices: readonly FeedChoice[]; actor: string; now: number };

/**
 * Keeps what a member switched off or on: of a topic and channel the last word holds, and each change is on record. What is in the feed stays;
 * what comes is judged by it, a push that waits too. Repeating it changes nothing.
 */
export async function saveFeedChoices(tx: Tx, { tenantId, memberId, choices, actor, now }: ToSave): Promise<void> {
  const last = [...new Map(choices.map((choice) => [`${choice.topic} ${choice.channel}`, choice])).values()];
  const changed = await tx.sql<FeedChoice[]>`
    insert into feed_choices as c (tenant_id, member_id, topic, channel, state, decided_at)
    select ${tenantId}, ${memberId}, n.topic, n.channel, n.state, ${now}
    from unnest(${last.map(({ topic }) => topic)}::text[], ${last.map(({ channel }) => channel)}::text[], ${last.map(({ state }) => state)}::text[]) as n (topic, channel, state)
    order by n.topic, n.channel
    on conflict (tenant_id, member_id, topic, channel) do update set state = excluded.state, decided_at = excluded.decided_at where excluded.state <> c.state
    returning topic, channel, state`;
  await recordDecisions(tx, changed.map(({ topic, channel, state }) => ({
    tenantId, subjectId: memberId, kind: state === 'out' ? 'feed_switched_off' : 'feed_switched_on', actor, now,
    rule: 'Members choose what the app shows and pushes to them; the last word holds.', inputs: { topic, channel },
  })));
}
