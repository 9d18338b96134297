import { z } from 'zod';
import type { AcceptedBatch } from '../../db/write/accept-invites.ts';
import type { BatchView, InviteView } from '../../db/read/invites.ts';
import { inviteId } from '../domain/ids.ts';
import type { BatchId } from '../domain/ids.ts';
import type { InviteDecision } from '../domain/invite/decide-invites.ts';
import { CHANNELS } from '../domain/message/channel.ts';
import { CONSENT_BASES, REFUSAL_REASONS } from '../domain/invite/refusal-reasons.ts';
import { idOut, instantOut, iso, isoOrNull, textIn } from './fields.ts';
import { memberIdIn } from './link-body.ts';

/** Only the shape is judged here: whether a value can be used is decided row by row (read-invitee.ts). */
export const inviteeIn = z.strictObject({
  email: z.string().optional().meta({ description: 'One address; kept as typed and sealed. Left out: by SMS alone, where the program\'s channels hold `sms`' }),
  name: z.string().optional().meta({ description: 'Up to 200 characters' }),
  zone: z.string().optional().meta({ description: 'The invitee\'s IANA time zone, where the app knows it' }),
  deviceZone: z.string().optional().meta({ description: 'As a device reported it; counts after `zone`' }),
  country: z.string().optional().meta({ description: 'ISO 3166-1, two letters; all its zones must permit' }),
  region: z.string().optional().meta({ description: 'ISO 3166-2, as in `US-FL`: whose law binds, where it differs within a country' }),
  phone: z.string().optional().meta({ description: 'With its country code, as in `+49 151 23456789`; kept as E.164. It must be one that its country has given out to people: premium-rate, shared-cost, toll-free, satellite and other service numbers are refused. Where nothing better is known, its prefix tells the zones. Where the program\'s channels hold `sms` it is kept, sealed, for texts: consent `opt_in`, or an opt-in on record, is needed for one' }),
  locale: z.string().optional().meta({ description: 'A language tag such as `en` or `de-CH`' }),
  relationship: z.string().optional().meta({ description: 'How inviter and invitee know each other, in one small word such as `friend`; chooses the wording' }),
  consent: z.strictObject({ basis: z.string() }).optional()
    .meta({ description: `On what basis this person may be written to: ${CONSENT_BASES.join(', ')}. Without one that the program accepts the invite is refused \`no_consent\`` }),
}).meta({ id: 'Invitee' });

export const newInvitesIn = z.strictObject({
  programId: z.string().max(40),
  memberId: memberIdIn.optional(),
  externalId: textIn(200).optional().meta({ description: 'The inviting member by your own id, instead of `memberId`. Without either the tenant itself invites' }),
  invitees: z.array(inviteeIn).min(1, 'Name at least one invitee').max(1000, 'At most 1,000 invitees fit into one request'),
}).refine((body) => body.memberId === undefined || body.externalId === undefined, { message: 'Name the member by memberId or by externalId, not by both', path: ['externalId'] })
  .meta({ examples: [{ programId: 'prg_01k8example0000000000000000', externalId: 'user-17',
    invitees: [{ email: 'sam@example.com', name: 'Sam', zone: 'America/New_York', relationship: 'friend', consent: { basis: 'inviter_attested' } }] }] });

const refusalReason = z.string().meta({ description: Object.entries(REFUSAL_REASONS).map(([code, say]) => `\`${code}\`: ${say}`).join(' ') });

export const acceptedOut = z.object({
  batchId: idOut('bat'),
  expiresAt: instantOut,
  accepted: z.number().int(),
  refused: z.number().int(),
  invites: z.array(z.discriminatedUnion('outcome', [
    z.object({ outcome: z.literal('accepted'), id: idOut('inv'), sendAt: instantOut.meta({ description: 'When it leaves, as planned now' }), why: z.string() }),
    z.object({ outcome: z.literal('refused'), id: idOut('inv'), reason: refusalReason, duplicateOf: z.string().optional(), detail: z.string().optional() }),
  ])).meta({ description: 'One per invitee, in the order of the request' }),
}).meta({ id: 'AcceptedInvites' });

export function acceptedBody(batch: AcceptedBatch): z.input<typeof acceptedOut> {
  const accepted = batch.decisions.filter((decision) => decision.outcome === 'accepted').length;
  return {
    batchId: batch.batchId,
    expiresAt: iso(batch.expiresAt),
    accepted,
    refused: batch.decisions.length - accepted,
    invites: batch.decisions.map((decision) => decisionBody(batch.batchId, decision)),
  };
}

function decisionBody(batchId: BatchId, decision: InviteDecision) {
  const id = inviteId({ batchId, n: decision.n });
  if (decision.outcome === 'accepted') return { outcome: decision.outcome, id, sendAt: iso(decision.sendAt), why: decision.why };
  const { reason, duplicateOf, detail } = decision;
  return {
    outcome: decision.outcome,
    id,
    reason,
    ...(duplicateOf === undefined ? {} : { duplicateOf: inviteId('batchId' in duplicateOf ? duplicateOf : { batchId, n: duplicateOf.n }) }),
    ...(detail === undefined ? {} : { detail }),
  };
}

const shownStates = ['waiting', 'sending', 'handed_off', 'unknown', 'unknown_expired', 'joined', 'expired', 'refused', 'canceled'] as const;

export const batchOut = z.object({
  id: idOut('bat'),
  programId: idOut('prg'),
  programVersion: z.number().int(),
  memberId: z.string().nullable(),
  invites: z.number().int(),
  counts: z.partialRecord(z.enum(shownStates), z.number().int()).meta({ description: 'Invites by state' }),
  nextAt: instantOut.nullable().meta({ description: 'When the next thing happens: a message, a reminder, the expiry' }),
  expiresAt: instantOut,
  createdAt: instantOut,
}).meta({ id: 'InviteBatch' });

export function batchBody(batch: BatchView): z.input<typeof batchOut> {
  const { id, programId, programVersion, memberId, inviteCount, counts } = batch;
  return {
    id, programId, programVersion, memberId, counts,
    invites: inviteCount,
    nextAt: isoOrNull(batch.nextDueAt),
    expiresAt: iso(batch.expiresAt),
    createdAt: iso(batch.createdAt),
  };
}

export const inviteOut = z.object({
  id: idOut('inv'),
  batchId: idOut('bat'),
  programId: idOut('prg'),
  memberId: z.string().nullable(),
  state: z.enum(shownStates),
  reason: z.string().nullable(),
  duplicateOf: z.string().nullable(),
  nextStep: z.number().int().nullable().meta({ description: 'The next message: 0 the invite, then its reminders; null when none is left' }),
  nextChannel: z.enum(CHANNELS).nullable().meta({ description: 'By which way it leaves; `sms` after `email` where the mail was refused for good or bounced' }),
  nextAt: instantOut.nullable(),
  expiresAt: instantOut,
  createdAt: instantOut,
  messages: z.array(z.object({
    step: z.number().int(),
    channel: z.string(),
    state: z.string(),
    reason: z.string().nullable(),
    recordedAt: instantOut,
    deliveredAt: instantOut.nullable(),
    bouncedAt: instantOut.nullable(),
    complainedAt: instantOut.nullable(),
  })).meta({ description: 'What was sent, or tried' }),
}).meta({ id: 'Invite' });

export function inviteBody(invite: InviteView): z.input<typeof inviteOut> {
  const { batchId, n, nextAt, expiresAt, createdAt, messages, ...same } = invite;
  const at = (text: string | null): string | null => (text === null ? null : new Date(text).toISOString());
  return {
    ...same,
    id: inviteId({ batchId, n }),
    batchId,
    nextAt: isoOrNull(nextAt),
    expiresAt: iso(expiresAt),
    createdAt: iso(createdAt),
    messages: messages.map((message) => ({
      ...message,
      recordedAt: new Date(message.recordedAt).toISOString(),
      deliveredAt: at(message.deliveredAt),
      bouncedAt: at(message.bouncedAt),
      complainedAt: at(message.complainedAt),
    })),
  };
}
