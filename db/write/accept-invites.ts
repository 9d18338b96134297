import type { Keyring } from '../../src/config/keyring.ts';
import { newId } from '../../src/config/new-id.ts';
import { parseEmailAddress } from '../../src/domain/contact/email-address.ts';
import { untagged } from '../../src/domain/contact/untagged.ts';
import type { BatchId, InviteRef, ProgramId, TenantId } from '../../src/domain/ids.ts';
import { decideInvites, type InviteDecision } from '../../src/domain/invite/decide-invites.ts';
import { localDay } from '../../src/domain/invite/local-day.ts';
import { CONSENT_BASES } from '../../src/domain/invite/refusal-reasons.ts';
import type { SendPlan } from '../../src/domain/send-time/plan-send.ts';
import { isBetterSource, zoneCandidates, type ZoneCandidates } from '../../src/domain/zone/zone-candidates.ts';
import type { Tx } from '../client.ts';
import { loadInviter, loadOffer, type Inviter, type InviterRef, type Offer } from '../read/offer.ts';
import { loadRecipients, type KnownRecipient } from '../read/recipients.ts';
import { planFor } from './plan-for.ts';
import { writeBatch, type InviteRow } from './write-batch.ts';

/** One invitee as the app gave it. Zones are IANA names, country ISO 3166-1 alpha-2, phone E.164. */
export type Invitee = {
  email: string;
  name?: string | undefined;
  zone?: string | undefined;
  deviceZone?: string | undefined;
  country?: string | undefined;
  phone?: string | undefined;
  locale?: string | undefined;
  relationship?: string | undefined;
  consent?: { basis: string } | undefined;
  /** What about the row cannot be used, as a sentence: it is refused `invalid_invitee`, and only that is kept. */
  problem?: string | undefined;
};

export type AcceptRequest = {
  tenantId: TenantId;
  programId: ProgramId;
  /** null: the tenant itself invites, uncapped. */
  inviter: InviterRef | null;
  invitees: readonly Invitee[];
  now: number;
  actor: string;
};

export type AcceptedBatch = {
  outcome: 'accepted';
  batchId: BatchId;
  expiresAt: number;
  decisions: readonly InviteDecision[];
};
export type NotAccepted = { outcome: 'unknown_program' | 'unknown_member' | 'program_paused' };

const HOUR_MS = 3_600_000;

type Prepared = {
  invitee: Invitee;
  address: string | null;
  hash: Buffer | null;
  known: KnownRecipient | null;
  candidates: ZoneCandidates;
  planKey: string;
};

/**
 * Accepts 1 to 1,000 invitees in one transaction: decides each, plans its send time, writes batch, rows, contacts,
 * cooling, cap, decisions and one outbox row. Everything a person is told by the answer is in the database with it.
 */
export async function acceptInvites(tx: Tx, keyring: Keyring, request: AcceptRequest): Promise<AcceptedBatch | NotAccepted> {
  const { tenantId, now } = request;
  const [offer, inviter] = await Promise.all([
    loadOffer(tx, request.programId),
    request.inviter === null ? null : loadInviter(tx, tenantId, request.inviter),
  ]);
  if (offer === null) return { outcome: 'unknown_program' };
  if (offer.programPaused) return { outcome: 'program_paused' };
  if (request.inviter !== null && inviter === null) return { outcome: 'unknown_member' };

  const addressed = request.invitees.map((invitee) => readAddress(tenantId, keyring, invitee));
  const hashes = addressed.flatMap(({ hash }) => hash ?? []);
  const [known, used] = await Promise.all([
    loadRecipients(tx, tenantId, hashes, now),
    inviter === null ? 0 : lockMemberDay(tx, tenantId, inviter, localDay(now, offer.tenantZone)),
  ]);
  const prepared = addressed.map((row) => prepare(row, known, offer));
  const expiresAt = now + offer.terms.expiresAfterHours * HOUR_MS;
  const isInviter = inviterTest(tenantId, keyring, inviter);
  const decisions = decide(prepared, { offer, inviter, isInviter, used, now, expiresAt });

  const batchId = newId('bat', now);
  const lost = await writeBatch(tx, {
    batchId,
    tenantId,
    offer,
    memberId: inviter?.memberId ?? null,
    memberDay: localDay(now, offer.tenantZone),
    now,
    expiresAt,
    coolUntil: now + offer.terms.coolingHours * HOUR_MS,
    actor: request.actor,
    rows: decisions.map((decision, n): InviteRow => rowOf(tenantId, keyring, decision, prepared[n], now)),
  });
  return { outcome: 'accepted', batchId, expiresAt, decisions: decisions.map((decision) => lostToAnother(decision, lost)) };
}

function readAddress(tenantId: TenantId, keyring: Keyring, invitee: Invitee): Pick<Prepared, 'invitee' | 'address' | 'hash'> {
  const parsed = parseEmailAddress(invitee.email);
  if (parsed.outcome === 'invalid') return { invitee, address: null, hash: null };
  return { invitee, address: parsed.address, hash: keyring.hashRecipient(tenantId, parsed.mailbox) };
}

function prepare(row: Pick<Prepared, 'invitee' | 'address' | 'hash'>, known: ReadonlyMap<string, KnownRecipient>, offer: Offer): Prepared {
  const recipient = row.hash === null ? null : (known.get(row.hash.toString('hex')) ?? null);
  const { zone, deviceZone, country, phone } = row.invitee;
  const given = zoneCandidates({ explicit: zone, device: deviceZone, country, phone }, offer.tenantZone);
  const keepKnown = recipient !== null && recipient.zoneSource !== null && recipient.zones.length > 0
    && !isBetterSource(given.source, recipient.zoneSource);
  const candidates = keepKnown ? { zones: recipient.zones, source: recipient.zoneSource ?? 'tenant' } : given;
  const quiet = recipient?.memberQuiet ?? null;
  return { ...row, known: recipient, candidates, planKey: JSON.stringify([candidates.zones, quiet]) };
}

/** The same mailbox, or the inviter's address with another tag behind a plus. */
function inviterTest(tenantId: TenantId, keyring: Keyring, inviter: Inviter | null): (row: Prepared) => boolean {
  const own = inviter?.emailSealed == null ? null : untagged(keyring.open(tenantId, inviter.emailSealed));
  return ({ address, hash }) => own !== null && address !== null && (hash?.toString('hex') === inviter?.recipientKey || untagged(address) === own);
}

type Asked = { offer: Offer; inviter: Inviter | null; isInviter(row: Prepared): boolean; used: number; now: number; expiresAt: number };

function decide(prepared: readonly Prepared[], { offer, inviter, isInviter, used, now, expiresAt }: Asked): InviteDecision[] {
  const plans = new Map<string, SendPlan>();
  const byKey = new Map(prepared.map((row) => [row.planKey, row]));
  const plan = (planKey: string): SendPlan => {
    const row = byKey.get(planKey);
    if (row === undefined) throw new Error('a plan key without a row');
    const planned = plans.get(planKey) ?? planFor(offer, inviter?.eventDates ?? [], row.candidates.zones, row.known?.memberQuiet ?? null, now, expiresAt);
    plans.set(planKey, planned);
    return planned;
  };
  const facts = { suppressed: new Set<string>(), members: new Set<string>(), cooling: new Map<string, InviteRef>() };
  for (const { hash, known } of prepared) {
    const key = hash?.toString('hex');
    if (key === undefined || known === null) continue;
    if (known.suppressed) facts.suppressed.add(key);
    if (known.memberId !== null) facts.members.add(key);
    if (known.cooling !== null) facts.cooling.set(key, known.cooling);
  }
  return decideInvites(
    prepared.map((row, n) => ({
      n,
      recipientKey: row.hash?.toString('hex') ?? null,
      consentBasis: row.invitee.consent?.basis ?? null,
      problem: row.invitee.problem ?? null,
      isInviter: isInviter(row),
      planKey: row.planKey,
    })),
    {
      acceptedBases: offer.terms.consentBases ?? CONSENT_BASES,
      existingMembers: offer.terms.existingMembers,
      capLeft: inviter === null ? null : Math.max(0, offer.terms.cap.perMemberPerDay - used),
    },
    facts,
    plan,
  );
}

/** Locks the member's counter of the day, so that two requests cannot both take the last place; returns what is used. */
async function lockMemberDay(tx: Tx, tenantId: TenantId, inviter: Inviter, day: string): Promise<number> {
  const [row] = await tx.sql<{ used: number }[]>`
    insert into member_days (tenant_id, member_id, day, used) values (${tenantId}, ${inviter.memberId}, ${day}::date, 0)
    on conflict (tenant_id, member_id, day) do update set used = member_days.used
    returning used`;
  return row?.used ?? 0;
}

function rowOf(tenantId: TenantId, keyring: Keyring, decision: InviteDecision, row: Prepared | undefined, now: number): InviteRow {
  if (row === undefined) throw new Error('a decision without an invitee');
  const base = { n: decision.n, hash: row.hash, relationship: row.invitee.relationship ?? null, consentBasis: row.invitee.consent?.basis ?? null };
  if (decision.outcome === 'refused') return { ...base, decision, contact: null };
  if (row.address === null) throw new Error('an invite was accepted without an address');
  const { name, locale } = row.invitee;
  return {
    ...base,
    decision,
    contact: {
      id: row.known?.contactId ?? newId('cnt', now),
      isNew: row.known?.contactId == null,
      emailSealed: keyring.seal(tenantId, row.address),
      nameSealed: name === undefined ? null : keyring.seal(tenantId, name),
      zones: row.candidates.zones,
      zoneSource: row.candidates.source,
      zonesChanged: row.known?.contactId != null && JSON.stringify(row.known.zones) !== JSON.stringify(row.candidates.zones),
      locale: locale ?? null,
    },
  };
}

/** Another request took the recipient between the look-up and the write: the database says which invite won. */
function lostToAnother(decision: InviteDecision, lost: ReadonlyMap<number, InviteRef>): InviteDecision {
  const winner = lost.get(decision.n);
  return winner === undefined ? decision : { n: decision.n, outcome: 'refused', reason: 'duplicate_in_cooling_period', duplicateOf: winner };
}
