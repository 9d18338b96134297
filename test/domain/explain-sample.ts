import type { DecisionFact, InviteFact, MessageFact, ReceiptFact, StoryFacts, TouchFact } from '../../src/domain/explain/facts.ts';
import { tellStory } from '../../src/domain/explain/story.ts';
import type { Story } from '../../src/domain/explain/story.ts';
import { asId } from '../../src/domain/ids.ts';

export const HOUR_MS = 3_600_000;
export const NOON = Date.parse('2026-06-10T12:00:00Z');
export const at = (text: string): number => Date.parse(text);

const body = (n: number): string => `01k8z0000000000000000000${String(n).padStart(2, '0')}`;
export const PROGRAM = asId('prg', `prg_${body(2)}`);
export const TENANT = asId('tnt', `tnt_${body(3)}`);
export const BATCH = asId('bat', `bat_${body(1)}`);
export const MEMBER = asId('mbr', `mbr_${body(5)}`);
export const NEWCOMER = asId('mbr', `mbr_${body(6)}`);
export const INVITE = `inv_${body(1)}00`;

let made = 10;

export function decision(kind: string, when: number, more: Partial<DecisionFact> = {}): DecisionFact {
  return { id: `dec_${body((made += 1))}`, subjectId: BATCH, kind, rule: 'A rule.', inputs: {}, actor: `key_${body(7)}`, at: when, ...more };
}

export function planned(kind: string, when: number, sendAt: string | null, more: Record<string, unknown> = {}, rule = 'Waits for "waking hours" (08:00-21:00) in Asia/Tokyo: opens Thu 11 June 08:00.'): DecisionFact {
  return decision(kind, when, {
    rule, actor: kind === 'accepted_and_planned' ? `key_${body(7)}` : 'sender',
    inputs: { zones: ['Asia/Tokyo'], zoneSource: 'explicit', sendAt, permittedUntil: sendAt === null ? null : new Date(at(sendAt) + 13 * HOUR_MS).toISOString(), programVersion: 1, planVersion: 2, ...more },
  });
}

export function message(step: number, state: MessageFact['state'], recordedAt: number, more: Partial<MessageFact> = {}): MessageFact {
  return {
    step, channel: 'email', state, reason: null, receipt: null, providerMessageId: state === 'handed_off' ? `${INVITE}.${String(step)}@kite.example` : null, recordedAt,
    attemptId: 41 + step, epoch: 7, claimedAt: recordedAt - 200, closedAt: recordedAt, fencedAt: null, ...more,
  };
}

export function receipt(kind: ReceiptFact['kind'], step: number, when: number, detail: string | null = null): ReceiptFact {
  return { id: `rcp_${body((made += 1))}`, step, channel: 'email', kind, providerEventId: 'esp-1', detail, at: when, recordedAt: when };
}

export function touch(when: number, whyNot: TouchFact['whyNot'] = null, kind: TouchFact['kind'] = 'click'): TouchFact {
  return { id: `tch_${body((made += 1))}`, kind, whyNot, at: when };
}

type Sample = Omit<Partial<StoryFacts>, 'invite' | 'program' | 'recipient'> & { invite?: Partial<InviteFact>; program?: Partial<StoryFacts['program']>; recipient?: Partial<StoryFacts['recipient']> };

/** One invite that waits in Tokyo, changed as a test needs it. */
export function facts({ invite = {}, program = {}, recipient = {}, ...more }: Sample = {}): StoryFacts {
  return {
    invite: {
      batchId: BATCH, n: 0, tenantId: TENANT, programId: PROGRAM, programVersion: 1, memberId: MEMBER, channel: 'email', lane: 'email-0', inviteCount: 3,
      state: 'waiting', reason: null, duplicateOf: null, relationship: 'friend', consentBasis: 'inviter_attested', step: 0, dueAt: at('2026-06-10T23:00:00Z'),
      permittedUntil: at('2026-06-11T12:00:00Z'), stale: false, stopReason: null, tries: 0, createdAt: NOON, expiresAt: NOON + 14 * 24 * HOUR_MS, linkCode: null, ...invite,
    },
    program: { title: 'Kite days', pausedAt: null, coolingHours: 24, cap: '10 a day', consentBases: null, remindersAfterHours: [72], ...program },
    recipient: { contactId: asId('cnt', `cnt_${body(4)}`), hasAddressHash: true, zones: ['Asia/Tokyo'], zoneSource: 'explicit', memberId: null, ...recipient },
    tenant: { pausedAt: null }, hardStop: null, laneHold: null, surroundings: [], messages: [], claim: null, receipts: [], touches: [], touchCount: more.touches?.length ?? 0, events: [], suppressions: [],
    decisions: [planned('accepted_and_planned', NOON, '2026-06-10T23:00:00.000Z')],
    ...more,
  };
}

export function tell(sample: Sample = {}, now = NOON + HOUR_MS): Story {
  return tellStory(facts(sample), { now, unknownForMs: 72 * HOUR_MS });
}

export const kindsOf = ({ entries }: Story): string[] => entries.map(({ kind }) => kind);

export function titleOf({ entries }: Story, kind: string): string {
  return entries.find((entry) => entry.kind === kind)?.title ?? `no entry is ${kind}`;
}
