import type { Keyring } from '../../src/config/keyring.ts';
import type { EventDetail } from '../../src/domain/event/event-detail.ts';
import type { TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';
import type { BillingProvider } from '../schema/billing.ts';
import { ensureMembers } from './ensure-members.ts';
import { storeEvents } from './store-events.ts';
import type { EventFact } from './store-events.ts';

/** A fact of the vendor's, in the words of our own events. `at` in epoch ms. */
type BillingFact = { type: string; at: number; detail: EventDetail };

/** An event of the vendor's that was read. `externalId`: the member it names; `customer`: the vendor's customer. */
export type BillingEvent = {
  eventId: string;
  type: string;
  at: number;
  externalId: string | null;
  customer: string | null;
  says: { kind: 'fact'; fact: { type: string; detail: EventDetail } } | { kind: 'passed_over'; reason: string };
};

export type TakenBillingEvent =
  | { outcome: 'stored' | 'duplicate' }
  /** Kept, and stored as soon as an event names the member together with the customer. */
  | { outcome: 'waiting'; reason: 'member_not_known' }
  | { outcome: 'passed_over'; reason: string };

type Taking = { tenantId: TenantId; provider: BillingProvider; event: BillingEvent; now: number };

/**
 * Takes one event of a billing vendor, each once by its id, in any order. A payment needs a member: named by the event, or
 * known by its customer from another. An event that names both, paid or not, also stores what waited for that customer.
 */
export async function takeBillingEvent(tx: Tx, keyring: Keyring, { tenantId, provider, event, now }: Taking): Promise<TakenBillingEvent> {
  const { eventId, type, customer, says } = event;
  // Two events of one customer at one instant: the second sees what the first has taught, or left waiting.
  if (customer !== null) await tx.sql`select pg_advisory_xact_lock(hashtextextended(${`billing ${tenantId} ${provider} ${customer}`}, 0))`;
  const externalId = event.externalId ?? (customer === null ? null : await memberOf(tx, tenantId, provider, customer));
  const fact: BillingFact | null = says.kind === 'fact' ? { ...says.fact, at: Math.min(event.at, now) } : null;
  const taken = judge(event, externalId);
  const kept = await tx.sql`
    insert into billing_events (tenant_id, provider, event_id, type, outcome, reason, customer, fact, received_at)
    values (${tenantId}, ${provider}, ${eventId}, ${type}, ${taken.outcome}, ${'reason' in taken ? taken.reason : null}, ${customer},
            ${taken.outcome === 'waiting' ? JSON.stringify(fact) : null}, ${now})
    on conflict do nothing`;
  if (kept.count === 0) return { outcome: 'duplicate' };
  const facts = fact !== null && taken.outcome === 'stored' ? [factOf(provider, { eventId, type, fact, externalId })] : [];
  if (event.externalId !== null && customer !== null) {
    await nameCustomer(tx, keyring, { tenantId, provider, customer, externalId: event.externalId, at: Math.min(event.at, now), now });
    facts.push(...await takeWaiting(tx, { tenantId, provider, customer, externalId: event.externalId }));
  }
  const refused = await storeFacts(tx, keyring, { tenantId, provider, facts, now });
  const own = refused.get(`${provider}:${eventId}`);
  return own === undefined ? taken : { outcome: 'passed_over', reason: own };
}

async function passOver({ sql }: Tx, { tenantId, provider, eventId, reason }: { tenantId: TenantId; provider: BillingProvider; eventId: string; reason: string }): Promise<void> {
  await sql`update billing_events set outcome = 'passed_over', reason = ${reason} where tenant_id = ${tenantId} and provider = ${provider} and event_id = ${eventId}`;
}

type Storing = { tenantId: TenantId; provider: BillingProvider; facts: readonly EventFact[]; now: number };

/**
 * Stores facts; answers which contradict what is known of their payment, and why. The vendor knows what it gave back: where our payment
 * is smaller (it may have been told without tax), or a dispute is in another currency, it is about all of the payment.
 */
async function storeFacts(tx: Tx, keyring: Keyring, { tenantId, provider, facts, now }: Storing): Promise<Map<string, string>> {
  const first = await refusedOf(tx, keyring, { tenantId, facts, now });
  const again = facts.flatMap((fact) => {
    const whole = aboutAll(fact, first.get(fact.eventId));
    return whole === null ? [] : [whole];
  });
  const second = await refusedOf(tx, keyring, { tenantId, facts: again, now });
  const mended = new Set(again.map(({ eventId }) => eventId));
  const refused = new Map([...first].filter(([eventId]) => !mended.has(eventId)).concat([...second]));
  for (const [eventId, reason] of refused) await passOver(tx, { tenantId, provider, eventId: eventId.slice(provider.length + 1), reason });
  return refused;
}

async function refusedOf(tx: Tx, keyring: Keyring, { tenantId, facts, now }: Omit<Storing, 'provider'>): Promise<Map<string, string>> {
  if (facts.length === 0) return new Map();
  const outcomes = await storeEvents(tx, keyring, { tenantId, facts, now });
  return new Map(facts.flatMap(({ eventId }, place): [string, string][] => {
    const stored = outcomes[place];
    return stored?.outcome === 'refused' ? [[eventId, stored.reason]] : [];
  }));
}

/** The same fact without the amount that was refused; null where that would say something else. */
function aboutAll(fact: EventFact, refusal: string | undefined): EventFact | null {
  if (fact.detail === null || refusal === undefined) return null;
  if (fact.type === 'refunded' && refusal === 'refund_above_payment') return { ...fact, detail: { ...fact.detail, refundedMinor: undefined } };
  const disputed = fact.type.startsWith('dispute_') && (refusal === 'mixed_currencies' || refusal === 'refund_above_payment' || refusal === 'invalid_amount');
  return disputed ? { ...fact, detail: { ...fact.detail, amountMinor: undefined, currency: undefined } } : null;
}

type Judged = Exclude<TakenBillingEvent, { outcome: 'stored' | 'duplicate' }> | { outcome: 'stored' };

function judge({ says, customer }: BillingEvent, externalId: string | null): Judged {
  if (says.kind === 'passed_over') return { outcome: 'passed_over', reason: says.reason };
  if (says.fact.type !== 'converted' || externalId !== null) return { outcome: 'stored' };
  return customer === null ? { outcome: 'passed_over', reason: 'no_member' } : { outcome: 'waiting', reason: 'member_not_known' };
}

type Named = { eventId: string; type: string; fact: BillingFact; externalId: string | null };

/** Refunds and disputes belong to a payment; whose that is, the payment says. */
function factOf(provider: BillingProvider, { eventId, type, fact, externalId }: Named): EventFact {
  return {
    eventId: `${provider}:${eventId}`, type: fact.type, occurredAt: fact.at, externalId: fact.type === 'converted' ? externalId : null,
    clickId: null, code: null, properties: { source: provider, sourceType: type }, detail: fact.detail,
  };
}

async function memberOf({ sql }: Tx, tenantId: TenantId, provider: BillingProvider, customer: string): Promise<string | null> {
  const [row] = await sql<{ externalId: string }[]>`
    select m.external_id as "externalId" from billing_customers c join members m on m.tenant_id = c.tenant_id and m.id = c.member_id
    where c.tenant_id = ${tenantId} and c.provider = ${provider} and c.customer = ${customer}`;
  return row?.externalId ?? null;
}

type Told = { tenantId: TenantId; provider: BillingProvider; customer: string; externalId: string; at: number; now: number };

/** The latest word holds, by its own time. */
async function nameCustomer(tx: Tx, keyring: Keyring, { tenantId, provider, customer, externalId, at, now }: Told): Promise<void> {
  const memberId = (await ensureMembers(tx, keyring, { tenantId, externalIds: [externalId], now })).get(externalId)?.id;
  if (memberId === undefined) throw new Error('a member that was just made is gone');
  await tx.sql`
    insert into billing_customers (tenant_id, provider, customer, member_id, told_at) values (${tenantId}, ${provider}, ${customer}, ${memberId}, ${at})
    on conflict (tenant_id, provider, customer) do update set member_id = excluded.member_id, told_at = excluded.told_at where billing_customers.told_at <= excluded.told_at`;
}

/** What waited for the customer becomes facts of the member. */
async function takeWaiting({ sql }: Tx, { tenantId, provider, customer, externalId }: Omit<Told, 'at' | 'now'>): Promise<EventFact[]> {
  const waiting = await sql<{ eventId: string; type: string; fact: BillingFact }[]>`
    select event_id as "eventId", type, fact from billing_events
    where tenant_id = ${tenantId} and provider = ${provider} and customer = ${customer} and outcome = 'waiting' order by event_id for no key update`;
  if (waiting.length === 0) return [];
  await sql`
    update billing_events set outcome = 'stored', reason = null, fact = null
    where tenant_id = ${tenantId} and provider = ${provider} and event_id = any(${waiting.map(({ eventId }) => eventId)}::text[])`;
  return waiting.map(({ eventId, type, fact }) => factOf(provider, { eventId, type, fact, externalId }));
}
