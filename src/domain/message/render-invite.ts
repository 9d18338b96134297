import type { ConsentBasis } from '../invite/refusal-reasons.ts';
import { cleanLine, cleanLines, cleanPersonName } from './clean-text.ts';
import { chooseWords } from './choose-words.ts';
import type { ChosenWords, WordsSource, WordsSources } from './choose-words.ts';
import type { CopyBook, FurnitureCopy } from './copy.ts';
import type { CopyOverride } from './copy-override.ts';
import { htmlLayout } from './html-layout.ts';
import type { LaidOutMessage } from './laid-out-message.ts';
import { directionOf, languageOf } from './locale-tags.ts';
import { lineOf } from './line.ts';
import type { Line } from './line.ts';
import { longDate } from './long-date.ts';
import { NAME_MAX, placeholderValues } from './placeholder-values.ts';
import type { NamedInWords } from './placeholder-values.ts';
import { fillPlaceholders, holdsPlaceholder } from './placeholders.ts';
import type { PlaceholderValues } from './placeholders.ts';
import { textLayout } from './text-layout.ts';

export type InviteContext = NamedInWords & {
  /** The loop's words. */
  readonly copy: CopyBook;
  /** The program's own words, pinned with the program's version. */
  readonly override?: CopyOverride | undefined;
  /** 0 the invitation, 1 and up its reminders. */
  readonly step: number;
  readonly locale?: string | null | undefined;
  readonly inviteeName?: string | null | undefined;
  readonly relationship?: string | null | undefined;
  readonly consentBasis?: ConsentBasis | null | undefined;
  /** What the tenant signs its mail with, where that is not its name. */
  readonly fromName?: string | null | undefined;
  /** One or more lines. */
  readonly postalAddress: string;
  readonly linkUrl: string;
  readonly unsubscribeUrl: string;
  readonly preferenceUrl?: string | undefined;
};

/** In which languages a message was written, and where each part's words are from. */
export type MessageLocale = {
  /** The recipient's, as a canonical tag; null where none is known. */
  readonly wanted: string | null;
  readonly words: WordsSources;
  /** Of the sentences around the words. */
  readonly furniture: string;
  /** The tag its dates are formatted in. */
  readonly dates: string;
};

export type RenderedMessage = {
  readonly subject: string;
  readonly preheader: string;
  readonly text: string;
  readonly html: string;
  /** The sender's name: "Ana via Lumen", or the tenant's own. */
  readonly senderName: string;
  readonly locale: MessageLocale;
};

const SUBJECT_MAX = 150;

/** What a letter says alike to everybody, and what it says to one. */
export type LetterContext = Omit<InviteContext, keyof InviteeContext>;
export type InviteeContext = Pick<InviteContext, 'inviteeName' | 'linkUrl' | 'unsubscribeUrl' | 'preferenceUrl'>;
export type Letter = (to: InviteeContext) => RenderedMessage;

/**
 * The finished words of one invitation or reminder. Pure: the same context gives the same bytes. Names are cleaned
 * (`cleanPersonName`), all else is made one line and bounded, and everything is escaped. Throws when the context
 * would make a message that must not exist: without tenant name, postal address, link or way out.
 */
export function renderInvite(context: InviteContext): RenderedMessage {
  return inviteLetter(context)(context);
}

/**
 * The same for many: what does not name the invitee is made once, so that each message costs what is its own. To the byte
 * what `renderInvite` gives of each by itself.
 */
export function inviteLetter(context: LetterContext): Letter {
  const chosen = chooseWords({
    book: context.copy, override: context.override, locale: context.locale, by: context.inviter.kind, relationship: context.relationship ?? null, step: context.step,
  });
  const { words, sources, furniture: { language, dates, copy: { furniture } } } = chosen;
  const inviter = context.inviter.kind === 'member' ? cleanPersonName(context.inviter.name) : null;
  const valuesFor = placeholderValues(context, inviter, furniture, dates);
  const say = sentences(valuesFor, { unnamed: context.inviter.kind === 'member' && inviter === null, furniture, language });
  // a date stands in the language of the sentence that holds it
  const sayWords = (template: string, max: number, source: WordsSource): Sentence =>
    say(template, max, source.by === 'program' && source.locale !== null ? { expiryDate: longDate(context.expiresAt, chosen.wanted ?? source.locale, context.zone) } : {});
  const { tenantName, programTitle } = valuesFor(null);
  const fromName = cleanLine(context.fromName ?? '', NAME_MAX) || tenantName;
  const alike = { ...languagesOf(chosen), tenantName: lineOf(tenantName), programTitle: lineOf(programTitle), signature: signature(tenantName, context.postalAddress).map(lineOf) };
  const locale = { wanted: chosen.wanted, words: sources, furniture: language, dates };
  const said = {
    subject: sayWords(words.subject, SUBJECT_MAX, sources.subject),
    preheader: sayWords(words.preheader, 250, sources.preheader),
    heading: sayWords(words.heading, SUBJECT_MAX, sources.heading),
    greeting: say(furniture.greeting, 200),
    greetingWithoutName: say(furniture.greetingWithoutName, 200),
    paragraphs: words.paragraphs.map((paragraph) => sayWords(paragraph, 1500, sources.paragraphs)),
    callToAction: sayWords(words.callToAction, 80, sources.callToAction),
    linkHint: say(furniture.linkHint, 200),
    expiry: say(furniture.expiry, 200),
    reason: say(reasonTemplate(context, furniture), 400),
    ignore: say(furniture.ignore, 300),
    optOut: say(furniture.optOut, 200),
    preferences: say(furniture.preferences, 200),
    via: say(furniture.via, 150, { tenantName: fromName }),
  };
  return ({ inviteeName, linkUrl, unsubscribeUrl, preferenceUrl }) => {
    const invitee = cleanPersonName(inviteeName);
    const values = valuesFor(invitee);
    const message = {
      ...alike,
      subject: said.subject(values),
      preheader: said.preheader(values),
      heading: said.heading(values),
      greeting: invitee === null ? said.greetingWithoutName(values) : said.greeting(values),
      paragraphs: said.paragraphs.map((paragraph) => paragraph(values)),
      callToAction: said.callToAction(values),
      linkUrl: webUrl(linkUrl, 'link'),
      linkHint: said.linkHint(values),
      expiry: said.expiry(values),
      reason: said.reason(values),
      ignore: said.ignore(values),
      optOut: said.optOut(values),
      unsubscribeUrl: webUrl(unsubscribeUrl, 'way out'),
      preferences: preferenceUrl === undefined ? null : { words: said.preferences(values), url: webUrl(preferenceUrl, 'preference page') },
    };
    const senderName = inviter === null ? fromName : said.via(values).plain;
    return { subject: message.subject.plain, preheader: message.preheader.plain, text: textLayout(message), html: htmlLayout(message), senderName, locale };
  };
}

/** One sentence, filled for one invitee. */
type Sentence = (values: PlaceholderValues) => Line;
type Say = (template: string, max: number, instead?: Partial<PlaceholderValues>) => Sentence;

/** Makes sentences of templates: one that does not name the invitee is filled once. `instead`: what this one says otherwise. */
function sentences(valuesFor: (invitee: string | null) => PlaceholderValues, { unnamed, furniture, language }: { unnamed: boolean; furniture: FurnitureCopy; language: string }): Say {
  const inviterNamesInvitee = unnamed && holdsPlaceholder(furniture.inviterWithoutName, 'inviteeName');
  return (template, max, instead = {}) => {
    const fill = (values: PlaceholderValues): Line => {
      const line = cleanLine(fillPlaceholders(template, { ...values, ...instead }), max);
      return lineOf(unnamed && line.startsWith(values.inviterName) ? line.charAt(0).toLocaleUpperCase(language) + line.slice(1) : line);
    };
    if (inviterNamesInvitee || holdsPlaceholder(template, 'inviteeName')) return fill;
    const alike = fill(valuesFor(null));
    return () => alike;
  };
}

/** The document is in the language of its words; what stands around them says its own where that is another. */
function languagesOf({ sources, furniture: { language, copy: { direction } } }: ChosenWords): Pick<LaidOutMessage, 'language' | 'direction' | 'around'> {
  const own = Object.values(sources).find((source) => source.by === 'program' && source.locale !== null)?.locale ?? null;
  if (own === null || languageOf(own) === languageOf(language)) return { language, direction, around: null };
  return { language: own, direction: directionOf(own), around: { language, direction } };
}

function reasonTemplate(context: LetterContext, { reasons }: FurnitureCopy): string {
  if (context.inviter.kind === 'member') return reasons.byMember;
  if (context.consentBasis === 'opt_in') return reasons.optIn;
  return context.consentBasis === 'existing_relationship' ? reasons.existingRelationship : reasons.byTenant;
}

/** In its normal form, which has no character that could end an attribute or a line. */
export function webUrl(raw: string, what: string): string {
  const url = URL.canParse(raw) ? new URL(raw) : null;
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) throw new Error(`an invitation needs a web address as its ${what}`);
  return url.href;
}

/** The tenant's name over its postal address, said once where the address starts with it. */
export function signature(tenantName: string, postalAddress: string): readonly string[] {
  const lines = cleanLines(postalAddress, 8, 120);
  const [first] = lines;
  if (first === undefined) throw new Error('an invitation needs a postal address');
  return first.toLowerCase().startsWith(tenantName.toLowerCase()) ? lines : [tenantName, ...lines];
}
