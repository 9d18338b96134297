import { newId } from '../../src/config/new-id.ts';
import { inviteId, type BatchId, type InviteId, type InviteRef, type TenantId } from '../../src/domain/ids.ts';
import { CHANNELS } from '../../src/domain/message/channel.ts';
import { bytesArray } from '../array-params.ts';
import type { Tx } from '../client.ts';
import { messageKey } from '../read/messages-by-provider-id.ts';
import { addSuppression } from './add-suppression.ts';
import { applyEvidence } from './apply-evidence.ts';
import { isOpen } from './close-invites.ts';
import { recordDecisions } from './decide.ts';
import { aboutInvite } from './delivery-fact.ts';
import type { DeliveryFact, NewFact } from './delivery-fact.ts';
import { failOver } from './fail-over.ts';
import { tellOfInvites, type InviteNews } from './invite-news.ts';
import { loadMessageStates } from './message-states.ts';
import type { MessageState } from './message-states.ts';
import { lockBatches, refreshNextDue } from './refresh-next-due.ts';
import { tellOfBounced } from './runs/tell-of-bounced.ts';
import { tellOfMessages } from './runs/tell-of-messages.ts';

/** `unknown_message`: nothing of this tenant was handed over, or is on its way, under that invite and step. */
export type DeliveryOutcome = 'recorded' | 'duplicate' | 'unknown_message';

/**
 * Does it say anything of this message that is not known better? Of another try, or of something else that the vendor made, it
 * does not; what was delivered is not taken back; that the vendor has it is news where that was unknown, and before its
 * sender has recorded it that is the sender's to say.
 */
function isNews({ kind, of, failure }: DeliveryFact, state: MessageState): boolean {
  if (of !== undefined && (of.attemptId !== state.attemptId || (state.providerMessageId !== null && state.providerMessageId !== of.providerMessageId))) return false;
  if (failure !== undefined && state.deliveredAt !== null) return false;
  return kind !== 'handed_off' || (state.open && !state.claimed);
}

/**
 * Records delivery facts, each once by its event id, in any order; answers them in the order given. Any of them proves
 * that a message was handed over: what was `unknown` becomes `handed_off`, and so does one whose own record is not in
 * yet. A permanent bounce ends the invite as `refused`/`bounced` and suppresses the mailbox; so does a complaint for the mailbox.
 */
export async function recordDeliveryEvents(tx: Tx, input: { tenantId: TenantId; facts: readonly DeliveryFact[]; actor: string; now: number }): Promise<DeliveryOutcome[]> {
  const { tenantId, facts, actor, now } = input;
  const batchIds = await lockForFacts(tx, facts);
  const states = await loadMessageStates(tx, tenantId, facts.map(({ message }) => message));
  const known = new Map<string, NewFact>();
  for (const fact of facts) {
    const state = states.get(messageKey(fact.message));
    if (state !== undefined && isNews(fact, state) && !known.has(fact.eventId)) known.set(fact.eventId, { ...fact, state });
  }
  const fresh = await writeReceipts(tx, tenantId, [...known.values()], now);
  await applyEvidence(tx, tenantId, fresh, { actor, now });
  // A phone that is out of reach ends nothing, but this message: another channel may do better.
  const bounced = fresh.filter(({ kind, permanent, failure }) => kind === 'bounced' && (permanent || failure !== undefined));
  const going = await failOverBounced(tx, tenantId, bounced, now);
  await endBounced(tx, tenantId, bounced.filter(({ message, permanent }) => permanent && !going.has(inviteId(message))), { actor, now });
  await suppress(tx, tenantId, fresh, { actor, now });
  await refreshNextDue(tx, batchIds);
  await tellOfInvites(tx, { tenantId, now, news: fresh.flatMap(newsOf) });
  await tellRunsOf(tx, tenantId, fresh, { bounced: bounced.filter(({ message }) => !going.has(inviteId(message))), now });
  const recorded = new Set(fresh.map(({ eventId }) => eventId));
  return facts.map(({ eventId, message }): DeliveryOutcome => {
    if (!states.has(messageKey(message))) return 'unknown_message';
    return recorded.delete(eventId) ? 'recorded' : 'duplicate';
  });
}

/** Runs hear that a message of theirs had left, where nobody had recorded it, and that one came back; one that goes on by another channel did not. */
async function tellRunsOf(tx: Tx, tenantId: TenantId, fresh: readonly NewFact[], { bounced, now }: { bounced: readonly NewFact[]; now: number }): Promise<void> {
  const back = bounced.filter(({ state }) => state.ofRun);
  const proved = fresh.filter((fact) => fact.state.ofRun && fact.state.open && !back.includes(fact));
  await tellOfMessages(tx, { tenantId, refs: proved.map(({ message }) => message), now });
  await tellOfBounced(tx, { tenantId, now, bounced: back.map(({ message: { batchId, n }, failure }) => ({ batchId, n, reason: failure?.reason ?? 'bounced' })) });
}

/** A bounce that is neither for good nor a failure with a reason is a delay: the provider goes on trying. */
function newsOf({ kind, message, permanent, failure, at, state }: NewFact): InviteNews[] {
  if (!state.heard) return [];
  const { batchId, n, step, channel } = message;
  switch (kind) {
    case 'handed_off': return []; // where it was news, the invite was told to be sent
    case 'delivered': return [{ batchId, n, type: 'invite.delivered', channel, step, at }];
    case 'complained': return [{ batchId, n, type: 'invite.complained', channel, step, at }];
    case 'bounced': return permanent || failure !== undefined ? [{ batchId, n, type: 'invite.bounced', channel, step, reason: failure?.reason ?? 'bounced', permanent, at }] : [];
  }
}

/** Locks the facts' batches, and those of other open invites to mailboxes that will be suppressed, at once and in order. */
async function lockForFacts(tx: Tx, facts: readonly DeliveryFact[]): Promise<BatchId[]> {
  const own = facts.map(({ message }) => message.batchId);
  const ending = facts.filter(endsContact).map(({ message }) => message);
  const others = ending.length === 0 ? [] : await tx.sql<{ batchId: BatchId }[]>`
    with ending as materialized (
      select i.recipient_hash, i.phone_hash from invites i
      join unnest(${ending.map(({ batchId }) => batchId)}::text[], ${ending.map(({ n }) => n)}::smallint[]) as r (batch_id, n) using (batch_id, n)
    )
    select o.batch_id as "batchId" from invites o where ${isOpen(tx)} and o.recipient_hash in (select recipient_hash from ending)
    union
    select o.batch_id from invites o where ${isOpen(tx)} and o.phone_hash in (select phone_hash from ending)`;
  await lockBatches(tx, [...own, ...others.map(({ batchId }) => batchId)]);
  return own;
}

function endsContact({ kind, permanent }: DeliveryFact): boolean {
  return kind === 'complained' || (kind === 'bounced' && permanent);
}

/** The facts that were not told before: each event's id is kept apart from its receipt, whose table knows no key beyond a month. That the vendor has it stands with the message. */
async function writeReceipts(tx: Tx, tenantId: TenantId, facts: readonly NewFact[], now: number): Promise<NewFact[]> {
  if (facts.length === 0) return [];
  const sorted = facts.toSorted((a, b) => (a.eventId < b.eventId ? -1 : 1));
  const rows = await tx.sql<{ eventId: string }[]>`
    with fresh as (
      insert into provider_events (tenant_id, provider_event_id, recorded_at)
      select ${tenantId}, e.event_id, ${now} from unnest(${sorted.map(({ eventId }) => eventId)}::text[]) with ordinality as e (event_id, place) order by e.place
      on conflict (tenant_id, provider_event_id) do nothing
      returning provider_event_id
    ), told as (
      insert into receipts (id, tenant_id, batch_id, n, step, kind, provider_event_id, detail, at, recorded_at, channel)
      select r.id, ${tenantId}, r.batch_id, r.n, r.step, r.kind, r.event_id, r.detail, r.at, ${now}, r.channel
      from unnest(${sorted.map(() => newId('rcp', now))}::text[], ${sorted.map(({ message }) => message.batchId)}::text[], ${sorted.map(({ message }) => message.n)}::smallint[],
                  ${sorted.map(({ message }) => message.step)}::smallint[], ${sorted.map(({ kind }) => kind)}::text[], ${sorted.map(({ eventId }) => eventId)}::text[],
                  ${sorted.map(({ failure }) => failure?.detail ?? null)}::text[], ${sorted.map(({ at }) => at)}::timestamptz[], ${sorted.map(({ message }) => message.channel)}::text[])
        as r (id, batch_id, n, step, kind, event_id, detail, at, channel)
      where r.event_id in (select provider_event_id from fresh) and r.kind <> 'handed_off'
    )
    select provider_event_id as "eventId" from fresh`;
  const fresh = new Set(rows.map(({ eventId }) => eventId));
  return facts.filter(({ eventId }) => fresh.has(eventId));
}

type By = { actor: string; now: number };

/** An invite whose message bounced goes on by its next channel, if it has one: each channel by itself. */
async function failOverBounced(tx: Tx, tenantId: TenantId, bounced: readonly NewFact[], now: number): Promise<Set<InviteId>> {
  const going = new Set<InviteId>();
  for (const channel of CHANNELS) {
    const messages = bounced.flatMap(({ message, failure }) => (message.channel === channel ? [{ ...message, reason: failure?.reason ?? 'bounced' }] : []));
    for (const id of await failOver(tx, { tenantId, channel, attemptId: null, messages, now })) going.add(id);
  }
  return going;
}

/** A mailbox that does not exist gets nothing more. A reminder that is on the wire keeps its course, and nothing follows it. */
async function endBounced(tx: Tx, tenantId: TenantId, facts: readonly NewFact[], { actor, now }: By): Promise<void> {
  if (facts.length === 0) return;
  const ended = await tx.sql<InviteRef[]>`
    update invites i set
      state = case when i.attempt_id is null or i.state = 'unknown' then 'refused' else i.state end,
      reason = case when i.attempt_id is null or i.state = 'unknown' then r.reason else i.reason end,
      stop_reason = case when i.attempt_id is null or i.state = 'unknown' then i.stop_reason else 'suppressed' end,
      step = case when i.attempt_id is null or i.state = 'unknown' then null else i.step end,
      due_at = case when i.attempt_id is null or i.state = 'unknown' then null else i.due_at end,
      attempt_id = case when i.state = 'unknown' then null else i.attempt_id end,
      stale = false
    from (select distinct on (batch_id, n, channel) * from unnest(${facts.map(({ message }) => message.batchId)}::text[], ${facts.map(({ message }) => message.n)}::smallint[],
      ${facts.map(({ message }) => message.channel)}::text[], ${facts.map(({ failure }) => failure?.reason ?? 'bounced')}::text[]) as r (batch_id, n, channel, reason)) r
    where i.batch_id = r.batch_id and i.n = r.n and i.channel = r.channel and ${isOpen(tx)}
    returning i.batch_id as "batchId", i.n`;
  // What goes on by another channel, or had ended before, is not told to have ended by this.
  const ids = new Set(ended.map(inviteId));
  await recordDecisions(tx, facts.filter(({ message }) => ids.has(inviteId(message))).map((fact) => aboutInvite(fact, { tenantId, kind: 'bounced', rule: 'A permanent bounce ends the invite.', actor, now })));
}

async function suppress(tx: Tx, tenantId: TenantId, facts: readonly NewFact[], { actor, now }: By): Promise<void> {
  const complaints = facts.filter(({ kind }) => kind === 'complained');
  await recordDecisions(tx, complaints.map((fact) => aboutInvite(fact, { tenantId, kind: 'complained', rule: 'Whoever complains is not written to again.', actor, now })));
  const hashes = complaints.flatMap(({ state }) => state.recipientHash ?? []);
  if (hashes.length > 0) {
    // A complaint weighs more than what the tenant or a bounce said: those may be lifted without asking.
    await tx.sql`
      update suppressions set lifted_at = ${now}
      where tenant_id = ${tenantId} and recipient_hash = any(${bytesArray(hashes)}::bytea[]) and lifted_at is null and reason in ('manual', 'hard_bounce')`;
  }
  // Complaints first: where both are told of one mailbox, the heavier reason stays.
  for (const { kind, failure, state: { recipientHash } } of [...complaints, ...facts.filter((fact) => fact.kind !== 'complained' && endsContact(fact))]) {
    if (recipientHash !== null) await addSuppression(tx, { tenantId, recipientHash, reason: kind === 'complained' ? 'complaint' : failure?.suppressFor ?? 'hard_bounce', actor, now });
  }
}
