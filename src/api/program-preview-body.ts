import { z } from 'zod';
import { REFUSAL_REASONS } from '../domain/invite/refusal-reasons.ts';
import { idOut, instantIn, instantOut, iso, isoOrNull, textIn } from './fields.ts';
import { inviteeIn } from './invite-body.ts';
import { memberIdIn } from './link-body.ts';
import type { MessagePreview } from './message-preview.ts';
import { termsIn, titleIn } from './program-body.ts';
import { rewardTermsBody } from './program-rewards-body.ts';
import { versionInBody } from './program-version-body.ts';

const ofMember = {
  memberId: memberIdIn.optional(),
  externalId: textIn(200).optional().meta({ description: 'By your own id, instead of `memberId`' }),
};

function namesOne(member: { memberId?: unknown; externalId?: unknown }): boolean {
  return (member.memberId === undefined) !== (member.externalId === undefined);
}
const NAME_ONE = { message: 'Name the member by memberId or by externalId', path: ['externalId'] };

const { relationship, consent } = inviteeIn.shape;

export const previewIn = z.strictObject({
  member: z.strictObject({ ...ofMember, relationship, consent }).refine(namesOne, NAME_ONE).optional()
    .meta({ description: 'The recipient, where it is a member: name, locale, zone, place, quiet hours and age are taken from it' }),
  invitee: z.strictObject({ ...inviteeIn.shape, email: z.string().optional().meta({ description: 'Left out: somebody unknown. Given: what is known of the address counts' }) }).optional()
    .meta({ description: 'The recipient, where it is no member: as in `POST /v1/invites`, all of it optional. Left out with `member`: somebody of whom nothing is known' }),
  inviter: z.strictObject(ofMember).refine(namesOne, NAME_ONE).optional().meta({ description: 'The inviting member; left out: the tenant itself' }),
  step: z.int().min(0).max(20).default(0).meta({ description: '0 the invitation, 1 and up its reminders' }),
  version: versionInBody.optional().meta({ description: 'Whose copy, steps and expiry to show; left out: the current version\'s. Send rules and caps are always today\'s, as for a running invite' }),
  title: titleIn.optional().meta({ description: 'A title to try before it is saved' }),
  terms: termsIn.optional().meta({ description: 'A change to try before it is saved, as in `PATCH /v1/programs/{id}`: on top of the current version' }),
  at: instantIn.optional().meta({ description: 'When the invite is accepted; left out: now' }),
}).refine((body) => body.member === undefined || body.invitee === undefined, { message: 'Name a member or an invitee, not both', path: ['invitee'] })
  .meta({ examples: [{ invitee: { name: 'Sam', zone: 'America/New_York', locale: 'es', relationship: 'friend' }, inviter: { externalId: 'user-17' }, step: 1 }] });

export type PreviewAsked = z.output<typeof previewIn>;

/** The same request as JSON that can be read again. */
export function previewAgain(asked: PreviewAsked): unknown {
  const { terms, at } = asked;
  return {
    ...asked,
    ...(at === undefined ? {} : { at: iso(at) }),
    ...(terms?.rewards == null ? {} : { terms: { ...terms, rewards: rewardTermsBody(terms.rewards) } }),
  };
}

const FIELDS = ['subject', 'preheader', 'heading', 'paragraphs', 'callToAction'] as const;
export const PREVIEW_EFFECTS = ['refuses', 'holds'] as const;

const source = z.object({ by: z.enum(['program', 'flywheel']), locale: z.string().nullable() })
  .meta({ description: '`program` with a locale: its words for that locale; `program` with null: its words for every language; `flywheel`: ours' });

export const previewOut = z.object({
  programId: idOut('prg'),
  version: z.int(),
  isTrial: z.boolean().meta({ description: 'Whether a change was tried that is not saved' }),
  step: z.int(),
  subject: z.string(),
  preheader: z.string().meta({ description: 'What inboxes show beside the subject' }),
  from: z.object({ name: z.string().optional(), address: z.string() }),
  replyTo: z.string().nullable(),
  text: z.string(),
  html: z.string(),
  sms: z.object({ text: z.string(), encoding: z.enum(['GSM-7', 'UCS-2']), segments: z.int() }).nullable().meta({ description: 'What the text says that goes where mail is refused, or to a phone alone; each segment is paid for. Null: the program\'s channels hold no `sms`' }),
  headers: z.record(z.string(), z.string()).meta({ description: 'Beside those every mail has' }),
  locale: z.object({
    wanted: z.string().nullable().meta({ description: 'The recipient\'s, as it was read; null where none is known' }),
    words: z.object({ subject: source, preheader: source, heading: source, paragraphs: source, callToAction: source }),
    furniture: z.string().meta({ description: 'The language of the sentences around' }),
    dates: z.string().meta({ description: 'The tag their dates are written in' }),
    say: z.string().meta({ description: 'What was used and where it fell back, as a sentence' }),
  }),
  plan: z.object({
    sendAt: instantOut.nullable().meta({ description: 'When it would leave; null: never. A reminder is planned as if every message before it left when planned' }),
    permittedUntil: instantOut.nullable(),
    why: z.string(),
    law: z.array(z.string()).meta({ description: 'Ids of the law\'s rules that bind the recipient' }),
    zones: z.array(z.string()).meta({ description: 'Candidate time zones of the recipient; all must permit' }),
    zoneSource: z.string(),
    from: instantOut.meta({ description: 'The instant it is planned from: of the invitation its acceptance, of a reminder so many hours after the message before' }),
    acceptedAt: instantOut,
    expiresAt: instantOut,
  }),
  reasons: z.array(z.object({
    code: z.string().meta({ description: `A refusal's: ${Object.keys(REFUSAL_REASONS).map((code) => `\`${code}\``).join(', ')}; or what holds: \`program_paused\`, \`tenant_paused\`, \`hard_stop\`` }),
    effect: z.enum(PREVIEW_EFFECTS),
    say: z.string(),
  })).meta({ description: 'Everything that stands against it now: `refuses` (of a reminder: stops) or `holds` until it is lifted. Empty: nothing' }),
  links: z.object({ link: z.string(), unsubscribe: z.string(), say: z.string() }),
}).meta({ id: 'MessagePreview' });

export function previewBody(preview: MessagePreview): z.input<typeof previewOut> {
  const { rendered, email, plan } = preview;
  return {
    programId: preview.programId,
    version: preview.version,
    isTrial: preview.isTrial,
    step: preview.step,
    subject: email.subject,
    preheader: rendered.preheader,
    from: email.from,
    replyTo: email.replyTo?.address ?? null,
    text: email.text,
    html: email.html,
    sms: preview.sms === null ? null : { text: preview.sms.text, encoding: preview.sms.size.encoding, segments: preview.sms.size.segments },
    headers: { ...email.headers },
    locale: { ...rendered.locale, say: sayLocale(preview) },
    plan: {
      sendAt: isoOrNull(plan.sendAt),
      permittedUntil: isoOrNull(plan.permittedUntil),
      why: plan.why,
      law: [...plan.law],
      zones: [...plan.zones],
      zoneSource: plan.zoneSource,
      from: iso(plan.from),
      acceptedAt: iso(plan.acceptedAt),
      expiresAt: iso(plan.expiresAt),
    },
    reasons: preview.reasons.map((reason) => ({ ...reason })),
    links: { ...preview.links, say: 'Samples: the first leads to a page that says so, the second opts nobody out.' },
  };
}

const names = new Intl.DisplayNames('en', { type: 'language' });

/** A tag as people say it: `Italian (it)`, `Italian (Italy, it-IT)`. */
export function localeName(tag: string): string {
  const name = names.of(tag);
  if (name === undefined || name === tag) return tag;
  return name.endsWith(')') ? `${name.slice(0, -1)}, ${tag})` : `${name} (${tag})`;
}

/** Which language was used, and where it fell back. */
export function sayLocale({ rendered: { locale } }: MessagePreview): string {
  const { wanted, words, furniture } = locale;
  const sources = FIELDS.map((field) => words[field]);
  const own = [...new Set(sources.flatMap((source) => (source.by === 'program' ? [source.locale === null ? 'for every language' : `for ${localeName(source.locale)}`] : [])))];
  const asked = wanted === null ? 'No locale is known of the recipient.' : `The recipient's locale is ${localeName(wanted)}.`;
  const ours = sources.some((source) => source.by === 'flywheel');
  const said = own.length === 0 ? `All words are ours, in ${localeName(furniture)}.` : `The program's words ${own.join(' and ')} are used${ours ? ', ours for the rest' : ''}. The sentences around${ours ? ', and all else of ours,' : ''} are in ${localeName(furniture)}.`;
  const shipped = wanted === null || wanted.toLowerCase().split('-')[0] === furniture.split('-')[0];
  return `${asked} ${said}${shipped ? '' : ' We have no words in that language, so ours are in English.'}`;
}
