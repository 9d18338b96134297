import { z } from 'zod';
import type { AddressView, ConsentView } from '../../db/read/consents.ts';
import { SUPPRESSION_REASONS } from '../../db/schema/people.ts';
import { CONSENT_BASES } from '../domain/invite/refusal-reasons.ts';
import { CHANNELS } from '../domain/message/channel.ts';
import { ALL, CONSENT_ACTIONS, CONSENT_CHANNELS, CONSENT_SOURCES, OPT_OUT_ENDED, PREFERENCE_STATES } from '../domain/preference/consent-act.ts';
import { idOut, instantOut, iso } from './fields.ts';

/*
 * Consents and preferences as they come in and go out. The schema judges shapes and sizes; whether an address, a topic or a
 * time can be used is judged row by row (preferences-change.ts), so that one bad row of a thousand spoils no other.
 */

/** Of whom: one of these. An address stands in the body, never in a URL. */
export const recipientIn = {
  email: z.string().max(320).optional(),
  phone: z.string().max(40).optional().meta({ description: 'E.164: + and 7 to 15 digits' }),
  memberId: z.string().max(40).optional().meta({ description: '`mbr_…`' }),
  externalId: z.string().max(200).optional().meta({ description: 'Your own id of the user' }),
};
export type RecipientNamed = { email?: string | undefined; phone?: string | undefined; memberId?: string | undefined; externalId?: string | undefined };

const topicMeta = { description: 'A program\'s topic; `*`: all, also those that come later' };
const channelMeta = { description: '`*`: by all channels. What is said of texts belongs to the number, of mail to the mailbox' };
const BASES = [...CONSENT_BASES, OPT_OUT_ENDED] as const;

export const consentRowIn = z.strictObject({
  ...recipientIn,
  topic: z.string().max(40).default(ALL).meta(topicMeta),
  channel: z.enum(CONSENT_CHANNELS).default(ALL).meta(channelMeta),
  action: z.enum(CONSENT_ACTIONS),
  basis: z.enum(BASES).optional().meta({ description: `On what an opt-in rests; needed for \`granted\`. \`${OPT_OUT_ENDED}\`: the person took an opt-out back, which is no opt-in to texts` }),
  wordingVersion: z.string().min(1).max(100).optional().meta({ description: 'Your name for the words that the person saw' }),
  locale: z.string().max(35).optional().meta({ description: 'BCP 47: the language they were shown in' }),
  givenAt: z.string().max(40).optional().meta({ description: 'When the person said it: ISO 8601 with `Z` or an offset; left out: now' }),
}).meta({ id: 'ConsentRow' });
export type ConsentFields = z.output<typeof consentRowIn>;

const example = { email: 'ana@example.com', topic: 'invitations', channel: 'email' as const, action: 'granted' as const, basis: 'opt_in' as const, wordingVersion: 'signup-form-3', locale: 'pt-BR', givenAt: '2026-06-09T18:20:00Z' };
export const consentRowsIn = z.strictObject({ consents: z.array(consentRowIn).min(1).max(1000) }).meta({ examples: [{ consents: [example] }] });

export const CONSENT_REFUSALS = ['invalid_recipient', 'invalid_address', 'invalid_phone', 'unknown_member', 'no_address', 'wrong_channel', 'invalid_topic', 'basis_missing', 'invalid_locale', 'invalid_time'] as const;
export type ConsentRefusal = (typeof CONSENT_REFUSALS)[number];

export const consentResult = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.enum(['recorded', 'already', 'older_than_known']).meta({ description: '`recorded`: it holds now. `already`: we had been told. `older_than_known`: it is in the log, and what was said later goes on to hold' }) }),
  z.object({ outcome: z.literal('refused'), reason: z.enum(CONSENT_REFUSALS), errors: z.array(z.object({ path: z.string(), message: z.string() })) }),
]);

export const lookupIn = z.strictObject({
  ...recipientIn,
  inviteId: z.string().max(40).optional().meta({ description: '`inv_…`: its recipient' }),
}).meta({ examples: [{ email: 'ana@example.com' }] });

export const logLookupIn = z.strictObject({
  ...lookupIn.shape,
  limit: z.int().min(1).max(100).default(20).meta({ description: 'How many rows a page holds at most' }),
  cursor: z.string().max(2000).optional().meta({ description: '`nextCursor` of the page before' }),
}).meta({ examples: [{ email: 'ana@example.com', limit: 50 }] });

const addressOf = z.enum(CHANNELS).meta({ description: 'Which of the recipient\'s addresses: the mailbox (`email`) or the number (`sms`)' });

export const consentOut = z.object({
  id: idOut('con'),
  address: addressOf,
  topic: z.string().meta(topicMeta),
  channel: z.enum(CONSENT_CHANNELS).meta(channelMeta),
  action: z.enum(CONSENT_ACTIONS),
  basis: z.string().nullable(),
  wordingVersion: z.string().nullable(),
  locale: z.string().nullable(),
  source: z.enum(CONSENT_SOURCES),
  givenAt: instantOut.meta({ description: 'When the person said it. ISO 8601, UTC' }),
  recordedAt: instantOut.meta({ description: 'When we heard of it. ISO 8601, UTC' }),
}).meta({ id: 'Consent' });

export function consentBody({ givenAt, recordedAt, ...consent }: ConsentView): z.input<typeof consentOut> {
  return { ...consent, givenAt: iso(givenAt), recordedAt: iso(recordedAt) };
}

export const preferencesOut = z.object({
  addresses: z.array(z.object({
    address: addressOf,
    suppressed: z.object({ reason: z.enum(SUPPRESSION_REASONS), since: instantOut }).nullable().meta({ description: 'Nothing is sent there at all' }),
    preferences: z.array(z.object({
      topic: z.string().meta(topicMeta),
      channel: z.enum(CONSENT_CHANNELS).meta(channelMeta),
      state: z.enum(PREFERENCE_STATES).meta({ description: '`out`: not to be sent, whatever else holds. `in`: agreed to. `open`: an opt-out was taken back' }),
      decidedAt: instantOut,
      consentId: idOut('con'),
    })),
  })),
}).meta({ id: 'RecipientPreferences', description: 'What nobody said anything of is not listed: mail may be sent, marketing texts may not' });

export function preferencesBody(addresses: readonly AddressView[]): z.input<typeof preferencesOut> {
  return {
    addresses: addresses.map(({ suppressed, preferences, ...address }) => ({
      ...address,
      suppressed: suppressed === null ? null : { ...suppressed, since: iso(suppressed.since) },
      preferences: preferences.map(({ decidedAt, ...row }) => ({ ...row, decidedAt: iso(decidedAt) })),
    })),
  };
}
