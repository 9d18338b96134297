import type { Keyring } from '../../src/config/keyring.ts';
import { newId } from '../../src/config/new-id.ts';
import type { BatchId, InviteRef, ProgramId, RunId, TenantId } from '../../src/domain/ids.ts';
import { capRuleOf } from '../../src/domain/invite/cap.ts';
import { decideInvites, type InviteDecision, type RecipientFacts } from '../../src/domain/invite/decide-invites.ts';
import type { LawfulPlan } from '../../src/domain/invite/lawful-plan.ts';
import { CONSENT_BASES } from '../../src/domain/invite/refusal-reasons.ts';
import type { CapState } from '../../src/domain/invite/take-cap.ts';
import type { Tx } from '../client.ts';
import { loadInviter, loadOffer, type Inviter, type InviterRef, type Offer } from '../read/offer.ts';
import { loadRecipients } from '../read/recipients.ts';
import { loadUnanswered } from '../read/unanswered.ts';
import { heedLateMembers } from './heed-late-members.ts';
import { lockCap } from './member-caps.ts';
import { planFor } from './plan-for.ts';
import { inviterTest, prepareInvitee, readAddress, type Addressed, type Invitee, type Prepared } from './prepare-invitees.ts';
import type { InviteRow } from './batch-rows.ts';
import { writeBatch } from './write-batch.ts';

export type { Invitee } from './prepare-invitees.ts';

export type AcceptRequest = {
  tenantId: TenantId;
  programId: ProgramId;
  /** null: the tenant itself invites, uncapped. */
  inviter: InviterRef | null;
  invitees: readonly Invitee[];
  /** The run of a live loop that they are asked into; left out: the program's loop is `invite`. */
  run?: { readonly runId: RunId; readonly step: string };
  now: number;
  actor: string;
};

export type AcceptedBatch = {
  outcome: 'accepted';
  batchId: BatchId;
  expiresAt: number;
  decisions: readonly InviteDecision[];
};
export type NotAccepted = { outcome: 'unknown_program' | 'not_inviting' | 'unknown_member' | 'program_paused' };

const HOUR_MS = 3_600_000;
/** The one loop whose life is addressed invites; the others' programs invite nobody by themselves. */
export const INVITE_LOOP = 'invite';

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
  if (request.run === undefined && offer.loop !== INVITE_LOOP) return { outcome: 'not_inviting' };
  if (offer.programPaused) return { outcome: 'program_paused' };
  if (request.inviter !== null && inviter === null) return { outcome: 'unknown_member' };

  const addressed = request.invitees.map((invitee) => readAddress(tenantId, keyring, invitee, offer.terms.channels));
  const recipients = addressed.flatMap(({ hash, phone }) => (hash === null ? [] : [{ hash, phoneHash: phone?.hash ?? null }]));
  const cap = inviter === null ? null : await lockCap(tx, { tenantId, memberId: inviter.memberId, rule: capRuleOf(offer.terms.cap, offer.limits.cap), zone: offer.tenantZone, now });
  const [known, unanswering] = await Promise.all([
    loadRecipients(tx, { tenantId, topic: offer.topic, recipients, now }),
    loadUnanswered(tx, { tenantId, hashes: recipients.map(({ hash }) => hash), most: offer.limits.stopAfterUnanswered, now }),
  ]);
  const prepared = addressed.map((row) => prepareInvitee(row, known, offer));
  const expiresAt = now + offer.terms.expiresAfterHours * HOUR_MS;
  const isInviter = inviterTest(tenantId, keyring, inviter);
  const decisions = decide(prepared, { offer, inviter, isInviter, unanswering, cap, now, expiresAt });

  const batchId = newId('bat', now);
  const lost = await writeBatch(tx, {
    batchId,
    tenantId,
    offer,
    memberId: inviter?.memberId ?? null,
    keepsPlaces: cap?.rule.excess === 'defer',
    now,
    expiresAt,
    coolUntil: now + offer.terms.coolingHours * HOUR_MS,
    run: request.run ?? null,
    actor: request.actor,
    rows: decisions.map((decision, n): InviteRow => rowOf(tenantId, keyring, decision, prepared[n], now)),
  });
  await heedLateMembers(tx, { tenantId, batchId, topic: offer.topic, known, existingMembers: offer.terms.existingMembers, now });
  return { outcome: 'accepted', batchId, expiresAt, decisions: decisions.map((decision) => lostToAnother(decision, lost)) };
}

type Asked = {
  offer: Offer;
  inviter: Inviter | null;
  isInviter(row: Addressed): boolean;
  unanswering: ReadonlySet<string>;
  cap: CapState | null;
  now: number;
  expiresAt: number;
};

function decide(prepared: readonly Prepared[], { offer, inviter, isInviter, unanswering, cap, now, expiresAt }: Asked): InviteDecision[] {
  const plans = new Map<string, LawfulPlan>();
  const byKey = new Map(prepared.map((row) => [row.planKey, row.plans]));
  const plan = (planKey: string, notBefore: number | null): LawfulPlan => {
    const recipient = byKey.get(planKey);
    if (recipient === undefined) throw new Error('a plan key without a row');
    const key = `${planKey} ${String(notBefore)}`;
    const planned = plans.get(key) ?? planFor(offer, recipient, { from: now, notBefore, expiresAt, eventDates: inviter?.eventDates ?? [] });
    plans.set(key, planned);
    return planned;
  };
  return decideInvites(
    prepared.map((row, n) => ({
      n,
      recipientKey: row.hash?.toString('hex') ?? null,
      consentBasis: row.invitee.consent?.basis ?? null,
      needsOptIn: row.channel === 'sms' && row.known?.wantsSms !== true,
      problem: row.invitee.problem ?? null,
      isInviter: isInviter(row),
      planKey: row.planKey,
    })),
    { acceptedBases: offer.terms.consentBases ?? CONSENT_BASES, existingMembers: offer.terms.existingMembers, cap },
    factsOf(prepared, unanswering),
    now,
    plan,
  );
}

function factsOf(prepared: readonly Prepared[], unanswering: ReadonlySet<string>): RecipientFacts {
  const facts = { suppressed: new Set<string>(), members: new Set<string>(), cooling: new Map<string, InviteRef>(), unanswering };
  for (const { hash, known, channel } of prepared) {
    const key = hash?.toString('hex');
    if (key === undefined || known === null) continue;
    if (known.stopped[channel] !== null) facts.suppressed.add(key);
    if (known.memberId !== null) facts.members.add(key);
    if (known.cooling !== null) facts.cooling.set(key, known.cooling);
  }
  return facts;
}

function rowOf(tenantId: TenantId, keyring: Keyring, decision: InviteDecision, row: Prepared | undefined, now: number): InviteRow {
  if (row === undefined) throw new Error('a decision without an invitee');
  const base = { n: decision.n, hash: row.hash, channel: row.channel, phoneHash: row.phone?.hash ?? null, relationship: row.invitee.relationship ?? null, consentBasis: row.invitee.consent?.basis ?? null };
  if (decision.outcome === 'refused') return { ...base, decision, contact: null };
  if (row.hash === null) throw new Error('an invite was accepted without an address');
  const { name, locale } = row.invitee;
  return {
    ...base,
    decision,
    contact: {
      id: row.known?.contactId ?? newId('cnt', now),
      isNew: row.known?.contactId == null,
      emailSealed: row.email === null ? null : keyring.seal(tenantId, row.email),
      phoneSealed: row.phone === null ? null : keyring.seal(tenantId, row.phone.number),
      nameSealed: name === undefined ? null : keyring.seal(tenantId, name),
      zones: row.plans.zones,
      zoneSource: row.plans.zoneSource,
      places: row.plans.places,
      moved: row.known?.contactId != null && JSON.stringify([row.known.zones, row.known.places]) !== JSON.stringify([row.plans.zones, row.plans.places]),
      locale: locale ?? null,
    },
  };
}

/** Another request took the recipient between the look-up and the write: the database says which invite won. */
function lostToAnother(decision: InviteDecision, lost: ReadonlyMap<number, InviteRef>): InviteDecision {
  const winner = lost.get(decision.n);
  return winner === undefined ? decision : { n: decision.n, outcome: 'refused', reason: 'duplicate_in_cooling_period', duplicateOf: winner };
}
