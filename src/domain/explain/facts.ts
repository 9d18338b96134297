import type { ContactId, InviteRef, MemberId, ProgramId, TenantId } from '../ids.ts';
import type { Hold } from '../sending/hold.ts';
import type { Channel } from '../message/channel.ts';
import type { NoticeKind, RUN_MESSAGE } from '../notice/notice-kinds.ts';
import type { ZoneOrigin } from '../zone/zone-candidates.ts';

/**
 * What Postgres knows of one invite, as far as its story needs it: rows, in any order. Ids, instants (epoch ms), codes
 * and the vendor's own words; of the recipient only that an address is there.
 */
export type StoryFacts = {
  readonly invite: InviteFact;
  readonly recipient: RecipientFact;
  readonly program: ProgramFact;
  readonly tenant: { readonly pausedAt: number | null };
  readonly hardStop: HardStopFact | null;
  /** Why its lane lets nothing out at the moment though nobody stopped it: a breaker, a send rate. */
  readonly laneHold: Hold | null;
  /** About this invite: it alone, some of its batch, the whole batch, or its link. */
  readonly decisions: readonly DecisionFact[];
  /** About its program and tenant, since it was accepted, and the last of each kind before. */
  readonly surroundings: readonly DecisionFact[];
  readonly messages: readonly MessageFact[];
  /** Who has it on the wire now; null: nobody. */
  readonly claim: ClaimFact | null;
  readonly receipts: readonly ReceiptFact[];
  readonly touches: readonly TouchFact[];
  /** How often its link was opened in all; `touches` may be only the first of them. */
  readonly touchCount: number;
  readonly events: readonly EventFact[];
  readonly suppressions: readonly SuppressionFact[];
};

export type InviteStateNow = 'waiting' | 'handed_off' | 'unknown' | 'unknown_expired' | 'joined' | 'expired' | 'refused' | 'canceled';

export type InviteFact = InviteRef & {
  readonly tenantId: TenantId;
  readonly programId: ProgramId;
  readonly programVersion: number;
  /** The inviter; null: the tenant itself. */
  readonly memberId: MemberId | null;
  /** Of the next message, or of the last. */
  readonly channel: Channel;
  readonly lane: string;
  readonly inviteCount: number;
  readonly state: InviteStateNow;
  readonly reason: string | null;
  readonly duplicateOf: string | null;
  readonly relationship: string | null;
  readonly consentBasis: string | null;
  /** The next message: 0 the invitation, then its reminders; null when none is left. */
  readonly step: number | null;
  readonly dueAt: number | null;
  readonly permittedUntil: number | null;
  readonly stale: boolean;
  readonly stopReason: 'canceled' | 'suppressed' | 'joined' | null;
  readonly tries: number;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly linkCode: string | null;
  /** Set: it is no invite, but tells a member of something, under the key of that fact. */
  readonly notice?: { readonly kind: NoticeKind | typeof RUN_MESSAGE; readonly key: string } | null;
};

export type RecipientFact = {
  readonly contactId: ContactId | null;
  readonly hasAddressHash: boolean;
  /** As planned with today: a member's own zone, else the contact's candidates. */
  readonly zones: readonly string[];
  readonly zoneSource: ZoneOrigin | null;
  readonly memberId: MemberId | null;
};

export type ProgramFact = {
  readonly title: string;
  readonly pausedAt: number | null;
  /** Of the version the batch pinned. */
  readonly coolingHours: number;
  /** Of a member, as people read it: `10 a day`. */
  readonly cap: string;
  readonly consentBases: readonly string[] | null;
  readonly remindersAfterHours: readonly number[];
};

export type HardStopFact = { readonly reason: string; readonly since: number };

export type DecisionFact = {
  readonly id: string;
  readonly subjectId: string;
  readonly kind: string;
  readonly rule: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly actor: string;
  readonly at: number;
};

export type ClaimFact = { readonly attemptId: number; readonly epoch: number; readonly claimedAt: number };

export type MessageFact = ClaimFact & {
  readonly step: number;
  readonly channel: Channel;
  readonly state: 'handed_off' | 'refused' | 'unknown' | 'unknown_expired';
  readonly reason: string | null;
  readonly providerMessageId: string | null;
  /** The vendor's words at the hand-off. */
  readonly receipt: string | null;
  readonly recordedAt: number;
  /** When its attempt's outcomes were recorded, and when a newer sender took over before that. */
  readonly closedAt: number | null;
  readonly fencedAt: number | null;
};

export type ReceiptFact = {
  readonly id: string;
  readonly step: number;
  readonly channel: Channel;
  readonly kind: 'delivered' | 'bounced' | 'complained';
  readonly providerEventId: string | null;
  readonly detail: string | null;
  readonly at: number;
  readonly recordedAt: number;
};

export type TouchFact = {
  readonly id: string;
  readonly kind: 'click' | 'view';
  readonly whyNot: 'head' | 'prefetch' | 'preview' | 'bot' | 'repeat' | null;
  readonly at: number;
};

export type EventFact = {
  readonly eventId: string;
  readonly type: string;
  readonly memberId: MemberId | null;
  readonly touchId: string | null;
  readonly occurredAt: number;
  readonly receivedAt: number;
};

export type SuppressionFact = { readonly id: string; readonly reason: string; readonly createdAt: number; readonly liftedAt: number | null };
