import type { TenantId } from '../../src/domain/ids.ts';
import { flagsArray } from '../array-params.ts';
import type { Tx } from '../client.ts';
import { messageKey } from '../read/messages-by-provider-id.ts';
import { recordDecisions } from './decide.ts';
import { aboutInvite } from './delivery-fact.ts';
import type { DeliveryKind, NewFact } from './delivery-fact.ts';
import { tellOfInvites } from './invite-news.ts';
import { nudgeLanes } from './nudge-lanes.ts';

type By = { actor: string; now: number };

/**
 * What facts prove: their messages were handed over, and when they were delivered, bounced, complained about (the
 * earliest instant told counts, so that their order does not). Invites whose message was not settled go on from there.
 */
export async function applyEvidence(tx: Tx, tenantId: TenantId, facts: readonly NewFact[], by: By): Promise<void> {
  if (facts.length === 0) return;
  const byMessage = new Map<string, NewFact[]>();
  for (const fact of facts) byMessage.set(messageKey(fact.message), [...byMessage.get(messageKey(fact.message)) ?? [], fact]);
  await writeMessages(tx, tenantId, [...byMessage.values()], by.now);
  const settled = [...byMessage.values()].flatMap(([first]) => (first?.state.open === true ? [first] : []));
  await settleInvites(tx, tenantId, settled, by);
}

async function writeMessages(tx: Tx, tenantId: TenantId, groups: readonly NewFact[][], now: number): Promise<void> {
  const rows = groups.flatMap((facts) => {
    const [first] = facts;
    return first === undefined ? [] : [{
      ...first.message, ...first.state, providerMessageId: first.state.providerMessageId ?? facts.find(({ of }) => of !== undefined)?.of?.providerMessageId ?? null,
      delivered: earliest(facts, 'delivered'), bounced: earliest(facts, 'bounced'), complained: earliest(facts, 'complained'),
    }];
  });
  await tx.sql`
    insert into messages as m (batch_id, n, step, channel, tenant_id, attempt_id, state, provider_message_id, recorded_at, delivered_at, bounced_at, complained_at)
    select r.batch_id, r.n, r.step, r.channel, ${tenantId}, r.attempt_id, 'handed_off', r.provider_id, ${now}, r.delivered, r.bounced, r.complained
    from unnest(${rows.map((r) => r.batchId)}::text[], ${rows.map((r) => r.n)}::smallint[], ${rows.map((r) => r.step)}::smallint[], ${rows.map((r) => r.channel)}::text[],
                ${rows.map((r) => r.attemptId)}::bigint[], ${rows.map((r) => r.providerMessageId)}::text[], ${rows.map((r) => r.delivered)}::timestamptz[],
                ${rows.map((r) => r.bounced)}::timestamptz[], ${rows.map((r) => r.complained)}::timestamptz[])
      as r (batch_id, n, step, channel, attempt_id, provider_id, delivered, bounced, complained)
    on conflict (batch_id, n, step, channel) do update set
      state = case when m.state in ('unknown', 'unknown_expired') then 'handed_off' else m.state end,
      reason = case when m.state in ('unknown', 'unknown_expired') then null else m.reason end,
      recorded_at = case when m.state in ('unknown', 'unknown_expired') then excluded.recorded_at else m.recorded_at end,
      provider_message_id = coalesce(m.provider_message_id, excluded.provider_message_id),
      delivered_at = least(m.delivered_at, excluded.delivered_at),
      bounced_at = least(m.bounced_at, excluded.bounced_at),
      complained_at = least(m.complained_at, excluded.complained_at)`;
}

function earliest(facts: readonly NewFact[], kind: DeliveryKind): number | null {
  const times = facts.flatMap((fact) => (fact.kind === kind ? [fact.at] : []));
  return times.length === 0 ? null : Math.min(...times);
}

/**
 * Moves invites that waited for the truth to where a record would have taken them. The next reminder is left to be
 * planned by the sender: stale, so that it cannot leave before. A record that comes later finds another attempt's row
 * and changes nothing.
 */
async function settleInvites(tx: Tx, tenantId: TenantId, settled: readonly NewFact[], { actor, now }: By): Promise<void> {
  if (settled.length === 0) return;
  const moved = await tx.sql<{ batchId: string; n: number; stale: boolean }[]>`
    update invites i set
      state = case when i.stop_reason = 'joined' then 'joined' else 'handed_off' end,
      reason = null,
      step = case when i.stop_reason is null and r.has_next then r.step + 1 end,
      due_at = case when i.stop_reason = 'joined' then null when i.stop_reason is null and r.has_next then ${now}::timestamptz else r.expires_at end,
      permitted_until = null,
      stale = i.stop_reason is null and r.has_next,
      attempt_id = null,
      tries = 0
    from unnest(${settled.map(({ message }) => message.batchId)}::text[], ${settled.map(({ message }) => message.n)}::smallint[], ${settled.map(({ message }) => message.step)}::smallint[],
                ${settled.map(({ message }) => message.channel)}::text[], ${flagsArray(settled.map(({ state }) => state.hasNext))}::boolean[], ${settled.map(({ state }) => state.expiresAt)}::timestamptz[]) as r (batch_id, n, step, channel, has_next, expires_at)
    where i.batch_id = r.batch_id and i.n = r.n and i.channel = r.channel and (i.state in ('unknown', 'unknown_expired') or (i.attempt_id is not null and i.step = r.step))
    returning i.batch_id as "batchId", i.n, i.stale`;
  const keys = new Set(moved.map(({ batchId, n }) => `${batchId} ${String(n)}`));
  const proved = settled.filter(({ message }) => keys.has(`${message.batchId} ${String(message.n)}`));
  await tellOfInvites(tx, { tenantId, now, news: proved.flatMap(({ message: { batchId, n, step, channel }, state }) => (state.heard ? [{ batchId, n, type: 'invite.sent', channel, step }] : [])) });
  await recordDecisions(tx, proved.map((fact) =>
    aboutInvite(fact, { tenantId, kind: 'settled_by_evidence', rule: 'What the provider tells of a message proves that it was handed over.', actor, now })));
  if (moved.some(({ stale }) => stale)) await nudgeLanes(tx, { tenantId, now });
}
