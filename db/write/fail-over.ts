import { inviteId, type InviteId, type InviteRef, type TenantId } from '../../src/domain/ids.ts';
import type { Channel } from '../../src/domain/message/channel.ts';
import { failsOver, SMS_CONSENT_BASIS } from '../../src/domain/message/fail-over.ts';
import type { Tx } from '../client.ts';
import { hasGranted } from '../read/consent.ts';
import { recordDecisions } from './decide.ts';
import { laneOf, notifyLane } from './lane.ts';

/** A message of a channel that came to its end: refused for good, or bounced. `attemptId`: the claim it was made under, null once it is recorded. */
export type FailedMessage = InviteRef & { step: number; reason: string };
type Failed = { tenantId: TenantId; channel: Channel; attemptId: number | null; messages: readonly FailedMessage[]; now: number };

type Successor = FailedMessage & { to: Channel; consented: boolean; senderShards: number };

/**
 * Lets the next channel of the program take over what one refused for good: the invite goes on with the same step, by the
 * other address, to be planned under that channel's own rules. SMS takes over with the recipient's own opt-in only. Answers
 * the invites that go on; the rest end as they would. The batches are locked.
 */
export async function failOver(tx: Tx, failed: Failed): Promise<Set<InviteId>> {
  const messages = failed.messages.filter(({ reason }) => failsOver(failed.channel, reason));
  if (messages.length === 0) return new Set();
  const successors = await findSuccessors(tx, { ...failed, messages });
  const going = successors.filter(({ consented }) => consented);
  if (going.length > 0) await moveOn(tx, failed, going);
  await recordDecisions(tx, successors.map(({ batchId, n, step, reason, to, consented }) => ({
    tenantId: failed.tenantId, subjectId: batchId, ns: [n], actor: 'sender', now: failed.now,
    kind: consented ? 'failed_over' : 'not_failed_over',
    rule: consented
      ? `What ${failed.channel} refused for good goes by ${to}, under the rules that hold for ${to}.`
      : 'An SMS needs the recipient\'s own opt-in: there is none, so nothing takes over.',
    inputs: { step, from: failed.channel, to, because: reason, ...(consented ? {} : { reason: 'no_consent' }) },
  })));
  return new Set(going.map(inviteId));
}

/**
 * Of each invite that is still open the next of its program's channels by which it has an address; of two of its messages the
 * first is what goes on. One that a fence called unknown is known by its attempt: this is the late truth.
 */
async function findSuccessors(tx: Tx, { tenantId, channel, attemptId, messages, now }: Failed): Promise<Successor[]> {
  return tx.sql<Successor[]>`
    select distinct on (i.batch_id, i.n) i.batch_id as "batchId", i.n, f.step, f.reason, next.channel as to, t.sender_shards as "senderShards",
           next.channel <> 'sms' or i.consent_basis = ${SMS_CONSENT_BASIS}
             or ${hasGranted(tx, { tenantId, hash: tx.sql`i.phone_hash`, topic: tx.sql`p.topic`, channel: tx.sql`'sms'` })} as consented
    from unnest(${messages.map((row) => row.batchId)}::text[], ${messages.map((row) => row.n)}::smallint[], ${messages.map((row) => row.step)}::smallint[],
                ${messages.map((row) => row.reason)}::text[]) as f (batch_id, n, step, reason)
    join invites i on i.batch_id = f.batch_id and i.n = f.n
    join invite_batches b on b.id = i.batch_id
    join programs p on p.id = b.program_id
    join program_versions v on v.program_id = b.program_id and v.version = b.program_version
    join contacts c on c.id = i.contact_id
    join tenants t on t.id = i.tenant_id
    cross join lateral (
      select after.channel from jsonb_array_elements_text(v.terms -> 'channels') with ordinality as after (channel, place)
      where after.place > (select own.place from jsonb_array_elements_text(v.terms -> 'channels') with ordinality as own (channel, place) where own.channel = ${channel})
        and case after.channel when 'sms' then i.phone_hash = c.phone_hash else c.email_hash is not null end
      order by after.place limit 1
    ) next
    where i.channel = ${channel} and i.state in ('waiting', 'handed_off', 'unknown') and i.attempt_id is not distinct from ${attemptId}::bigint
      and i.stop_reason is null and b.expires_at > ${now}
    order by i.batch_id, i.n, f.step`;
}

async function moveOn(tx: Tx, { tenantId, now }: Failed, going: readonly Successor[]): Promise<void> {
  await tx.sql`
    update invites i set
      channel = g.channel, step = g.step, state = case when g.step = 0 then 'waiting' else 'handed_off' end,
      reason = null, due_at = ${now}, permitted_until = null, stale = true, attempt_id = null, tries = 0
    from unnest(${going.map((row) => row.batchId)}::text[], ${going.map((row) => row.n)}::smallint[], ${going.map((row) => row.step)}::smallint[],
                ${going.map((row) => row.to)}::text[]) as g (batch_id, n, step, channel)
    where i.batch_id = g.batch_id and i.n = g.n`;
  const waits = new Map(going.map((row) => [`${row.batchId} ${row.to}`, { ...row, lane: laneOf(row.batchId, row.to, row.senderShards) }]));
  const lanes = [...waits.values()];
  await tx.sql`
    insert into batch_lanes as q (batch_id, channel, tenant_id, lane, next_due_at)
    select w.batch_id, w.channel, ${tenantId}, w.lane, ${now}
    from unnest(${lanes.map((row) => row.batchId)}::text[], ${lanes.map((row) => row.to)}::text[], ${lanes.map((row) => row.lane)}::text[]) as w (batch_id, channel, lane)
    on conflict (batch_id, channel) do update set next_due_at = least(q.next_due_at, excluded.next_due_at)`;
  for (const lane of new Set(lanes.map((row) => row.lane))) await notifyLane(tx, tenantId, lane, now);
}
