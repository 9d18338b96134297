import { readAmounts, type NoticeValues } from '../notice/notice-values.ts';
import type { NoticeKind } from '../notice/notice-kinds.ts';
import { REWARD_REASONS, type RewardReason } from '../reward/reward-reasons.ts';
import { cleanLine, cleanPersonName } from './clean-text.ts';
import { pickLocale, type PickedLocale } from './copy.ts';
import { htmlLayout } from './html-layout.ts';
import type { LaidOutMessage } from './laid-out-message.ts';
import { lineOf, type Line } from './line.ts';
import { canonicalTag } from './locale-tags.ts';
import { longDate } from './long-date.ts';
import type { NoticeBook, NoticeFurniture, NoticeLocaleCopy, NoticePlaceholder, NoticeWords } from './notice-copy.ts';
import { NAME_MAX } from './placeholder-values.ts';
import { fillSlots } from './placeholders.ts';
import { signature, webUrl, type RenderedMessage } from './render-invite.ts';
import { sayAmounts } from './say-amounts.ts';
import { textLayout } from './text-layout.ts';

export type NoticeContext = TellingContext & {
  readonly book: NoticeBook;
  readonly kind: NoticeKind;
  readonly values: NoticeValues;
  /** What the tenant calls its own units. */
  readonly unitTitles: ReadonlyMap<string, string>;
};

/** What every message to a member is made of besides its words. */
export type TellingContext = {
  readonly locale: string | null;
  /** Dates are those of this zone. */
  readonly zone: string;
  readonly recipientName: string | null;
  readonly programTitle: string;
  readonly tenantName: string;
  /** What the tenant signs its mail with, where that is not its name. */
  readonly fromName: string | null;
  /** One or more lines. */
  readonly postalAddress: string;
  readonly linkUrl: string;
  readonly unsubscribeUrl: string;
  readonly preferenceUrl: string;
};

/**
 * The finished words of one notice, in the same layout as an invitation, in the closest language there is. Pure. Throws where it
 * would be a message that must not exist: without tenant name, postal address, link or way out, or a value that its words name.
 */
export function renderNotice(context: NoticeContext): RenderedMessage {
  const wanted = canonicalTag(context.locale);
  const picked = pickLocale(context.book, wanted);
  const { copy: { direction, furniture, kinds } } = picked;
  return renderTelling(context, { ...picked, wanted, direction, furniture, words: kinds[context.kind], values: saidValues(context, picked) });
}

/** The words that were picked, and the values they may name, as a person reads them. */
export type PickedWords = {
  readonly wanted: string | null;
  readonly language: string;
  readonly dates: string;
  readonly direction: 'ltr' | 'rtl';
  readonly furniture: NoticeFurniture;
  readonly words: NoticeWords;
  readonly values: Readonly<Record<string, string>>;
  /** A link to pass on, with the ways to do it; its words may name the values. */
  readonly share?: { readonly words: string; readonly url: string; readonly ways: readonly { readonly label: string; readonly url: string }[] } | undefined;
};

/** Any message to a member, of words that were picked: see `renderNotice`. */
export function renderTelling(context: TellingContext, { wanted, language, dates, direction, furniture, words, values: own, share }: PickedWords): RenderedMessage {
  const tenantName = cleanLine(context.tenantName, NAME_MAX);
  if (tenantName === '') throw new Error('a notice needs the tenant\'s name');
  const recipientName = cleanPersonName(context.recipientName);
  const values: Readonly<Record<string, string>> & { programTitle: string } = { ...own, tenantName, programTitle: cleanLine(context.programTitle, NAME_MAX), recipientName: recipientName ?? '' };
  const say = (template: string, max: number): Line => lineOf(cleanLine(fillSlots(template, values), max));
  const message: LaidOutMessage = {
    language, direction, around: null,
    subject: say(words.subject, 150), preheader: say(words.preheader, 250),
    tenantName: lineOf(tenantName), programTitle: lineOf(values.programTitle),
    heading: say(words.heading, 150),
    greeting: say(recipientName === null ? furniture.greetingWithoutName : furniture.greeting, 200),
    paragraphs: words.paragraphs.map((paragraph) => say(paragraph, 1500)),
    callToAction: say(words.callToAction, 80),
    linkUrl: webUrl(context.linkUrl, 'link'),
    linkHint: say(furniture.linkHint, 200),
    ...(share === undefined ? {} : { share: { ...share, words: say(share.words, 300), url: webUrl(share.url, 'share link') } }),
    expiry: null,
    reason: say(furniture.reason, 400),
    ignore: null,
    optOut: say(furniture.optOut, 200),
    unsubscribeUrl: webUrl(context.unsubscribeUrl, 'way out'),
    preferences: { words: say(furniture.preferences, 200), url: webUrl(context.preferenceUrl, 'preference page') },
    signature: signature(tenantName, context.postalAddress).map(lineOf),
  };
  const ours = { by: 'flywheel' as const, locale: language };
  return {
    subject: message.subject.plain, preheader: message.preheader.plain, text: textLayout(message), html: htmlLayout(message),
    senderName: cleanLine(context.fromName ?? '', NAME_MAX) || tenantName,
    locale: { wanted, words: { subject: ours, preheader: ours, heading: ours, paragraphs: ours, callToAction: ours }, furniture: language, dates },
  };
}

/** What a notice carries, as a person reads it; what it does not carry has no value. */
export function saidValues({ values: { amount, until, reason }, unitTitles, zone }: Pick<NoticeContext, 'values' | 'unitTitles' | 'zone'>, { dates, copy: { reasons } }: PickedLocale<NoticeLocaleCopy>): Partial<Record<NoticePlaceholder, string>> {
  return {
    ...(amount === undefined ? {} : { amount: sayAmounts(readAmounts(amount), unitTitles, dates) }),
    ...(until === undefined ? {} : { untilDate: longDate(Date.parse(until), dates, zone) }),
    ...(reason === undefined ? {} : { reason: reasons[isReason(reason) ? reason : 'not_eligible'] }),
  };
}

function isReason(code: string): code is RewardReason {
  return Object.hasOwn(REWARD_REASONS, code);
}
