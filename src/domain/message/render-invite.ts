import type { ConsentBasis } from '../invite/refusal-reasons.ts';
import { cleanLine, cleanLines, cleanPersonName } from './clean-text.ts';
import { chooseWords } from './choose-words.ts';
import type { ChosenWords, WordsSource, WordsSources } from './choose-words.ts';
import type { CopyBook, FurnitureCopy } from './copy.ts';
import type { CopyOverride } from './copy-override.ts';
import { htmlLayout } from './html-layout.ts';
import type { LaidOutMessage } from './laid-out-message.ts';
import { directionOf, languageOf } from './locale-tags.ts';
import { longDate } from './long-date.ts';
import type { PlaceholderValues } from './placeholders.ts';
import { fillPlaceholders } from './placeholders.ts';
import { textLayout } from './text-layout.ts';

export type InviteContext = {
  /** The loop's words. */
  readonly copy: CopyBook;
  /** The program's own words, pinned with the program's version. */
  readonly override?: CopyOverride | undefined;
  /** 0 the invitation, 1 and up its reminders. */
  readonly step: number;
  readonly locale?: string | null | undefined;
  readonly inviter: { readonly kind: 'member'; readonly name: string | null } | { readonly kind: 'tenant' };
  readonly inviteeName?: string | null | undefined;
  readonly relationship?: string | null | undefined;
  readonly consentBasis?: ConsentBasis | null | undefined;
  readonly tenantName: string;
  /** What the tenant signs its mail with, where that is not its name. */
  readonly fromName?: string | null | undefined;
  /** One or more lines. */
  readonly postalAddress: string;
  readonly programTitle: string;
  readonly linkUrl: string;
  readonly unsubscribeUrl: string;
  /** Epoch ms; shown as a date in `zone`. */
  readonly expiresAt: number;
  readonly zone: string;
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

const NAME_MAX = 80;
const SUBJECT_MAX = 150;

/**
 * The finished words of one invitation or reminder. Pure: the same context gives the same bytes. Names are cleaned
 * (`cleanPersonName`), all else is made one line and bounded, and everything is escaped. Throws when the context
 * would make a message that must not exist: without tenant name, postal address, link or way out.
 */
export function renderInvite(context: InviteContext): RenderedMessage {
  const chosen = chooseWords({
    book: context.copy, override: context.override, locale: context.locale, by: context.inviter.kind, relationship: context.relationship ?? null, step: context.step,
  });
  const { words, sources, furniture: { language, dates, copy: { furniture } } } = chosen;
  const names = readNames(context);
  const values = placeholderValues(context, names, furniture, dates);
  const unnamed = context.inviter.kind === 'member' && names.inviter === null;
  const fill = (template: string, max: number, known = values): string => {
    const line = cleanLine(fillPlaceholders(template, known), max);
    return unnamed && line.startsWith(known.inviterName) ? line.charAt(0).toLocaleUpperCase(language) + line.slice(1) : line;
  };
  // a date stands in the language of the sentence that holds it
  const fillWords = (template: string, max: number, source: WordsSource): string =>
    fill(template, max, source.by === 'program' && source.locale !== null ? { ...values, expiryDate: longDate(context.expiresAt, chosen.wanted ?? source.locale, context.zone) } : values);
  const subject = fillWords(words.subject, SUBJECT_MAX, sources.subject);
  const preheader = fillWords(words.preheader, 250, sources.preheader);
  const message = {
    ...languagesOf(chosen),
    subject,
    preheader,
    tenantName: values.tenantName,
    programTitle: values.programTitle,
    heading: fillWords(words.heading, SUBJECT_MAX, sources.heading),
    greeting: fill(names.invitee === null ? furniture.greetingWithoutName : furniture.greeting, 200),
    paragraphs: words.paragraphs.map((paragraph) => fillWords(paragraph, 1500, sources.paragraphs)),
    callToAction: fillWords(words.callToAction, 80, sources.callToAction),
    linkUrl: webUrl(context.linkUrl, 'link'),
    linkHint: fill(furniture.linkHint, 200),
    expiry: fill(furniture.expiry, 200),
    reason: fill(reasonTemplate(context, furniture), 400),
    ignore: fill(furniture.ignore, 300),
    optOut: fill(furniture.optOut, 200),
    unsubscribeUrl: webUrl(context.unsubscribeUrl, 'way out'),
    signature: signature(values.tenantName, context.postalAddress),
  };
  const fromName = cleanLine(context.fromName ?? '', NAME_MAX) || values.tenantName;
  const senderName = names.inviter === null ? fromName : cleanLine(fillPlaceholders(furniture.via, { ...values, tenantName: fromName }), 150);
  return { subject, preheader, text: textLayout(message), html: htmlLayout(message), senderName, locale: { wanted: chosen.wanted, words: sources, furniture: language, dates } };
}

/** The document is in the language of its words; what stands around them says its own where that is another. */
function languagesOf({ sources, furniture: { language, copy: { direction } } }: ChosenWords): Pick<LaidOutMessage, 'language' | 'direction' | 'around'> {
  const own = Object.values(sources).find((source) => source.by === 'program' && source.locale !== null)?.locale ?? null;
  if (own === null || languageOf(own) === languageOf(language)) return { language, direction, around: null };
  return { language: own, direction: directionOf(own), around: { language, direction } };
}

/** The people's names as they may be shown; null where there is none. */
type ShownNames = { readonly inviter: string | null; readonly invitee: string | null };

function readNames({ inviter, inviteeName }: InviteContext): ShownNames {
  return { inviter: inviter.kind === 'member' ? cleanPersonName(inviter.name) : null, invitee: cleanPersonName(inviteeName) };
}

function placeholderValues(context: InviteContext, names: ShownNames, furniture: FurnitureCopy, dates: string): PlaceholderValues {
  const tenantName = cleanLine(context.tenantName, NAME_MAX);
  if (tenantName === '') throw new Error('an invitation needs the tenant\'s name');
  const known = {
    tenantName,
    programTitle: cleanLine(context.programTitle, NAME_MAX),
    inviteeName: names.invitee ?? furniture.nameless,
    inviterName: '',
    expiryDate: longDate(context.expiresAt, dates, context.zone),
  };
  const inviterName = context.inviter.kind === 'tenant' ? tenantName : (names.inviter ?? fillPlaceholders(furniture.inviterWithoutName, known));
  return { ...known, inviterName };
}

function reasonTemplate(context: InviteContext, { reasons }: FurnitureCopy): string {
  if (context.inviter.kind === 'member') return reasons.byMember;
  if (context.consentBasis === 'opt_in') return reasons.optIn;
  return context.consentBasis === 'existing_relationship' ? reasons.existingRelationship : reasons.byTenant;
}

/** In its normal form, which has no character that could end an attribute or a line. */
function webUrl(raw: string, what: string): string {
  const url = URL.canParse(raw) ? new URL(raw) : null;
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) throw new Error(`an invitation needs a web address as its ${what}`);
  return url.href;
}

/** The tenant's name over its postal address, said once where the address starts with it. */
function signature(tenantName: string, postalAddress: string): readonly string[] {
  const lines = cleanLines(postalAddress, 8, 120);
  const [first] = lines;
  if (first === undefined) throw new Error('an invitation needs a postal address');
  return first.toLowerCase().startsWith(tenantName.toLowerCase()) ? lines : [tenantName, ...lines];
}
