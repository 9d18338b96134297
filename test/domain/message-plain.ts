import { chooseWords } from '../../src/domain/message/choose-words.ts';
import type { WordsSource } from '../../src/domain/message/choose-words.ts';
import { cleanLine, cleanLines, cleanPersonName } from '../../src/domain/message/clean-text.ts';
import { htmlLayout } from '../../src/domain/message/html-layout.ts';
import { lineOf } from '../../src/domain/message/line.ts';
import { directionOf, languageOf } from '../../src/domain/message/locale-tags.ts';
import { longDate } from '../../src/domain/message/long-date.ts';
import { fillPlaceholders } from '../../src/domain/message/placeholders.ts';
import type { InviteContext, RenderedMessage } from '../../src/domain/message/render-invite.ts';
import { textLayout } from '../../src/domain/message/text-layout.ts';

/** The message of one recipient, written sentence by sentence for nobody else: what a letter to many must equal for each. */
export function renderPlainly(context: InviteContext): RenderedMessage {
  const by = context.inviter.kind;
  const { words, sources, wanted, furniture: { language, dates, copy: { direction, furniture } } } = chooseWords({
    book: context.copy, override: context.override, locale: context.locale, by, relationship: context.relationship ?? null, step: context.step,
  });
  const inviter = context.inviter.kind === 'member' ? cleanPersonName(context.inviter.name) : null;
  const invitee = cleanPersonName(context.inviteeName);
  const tenantName = cleanLine(context.tenantName, 80);
  const known = {
    tenantName, programTitle: cleanLine(context.programTitle, 80), inviteeName: invitee ?? furniture.nameless, inviterName: '', expiryDate: longDate(context.expiresAt, dates, context.zone),
  };
  const values = { ...known, inviterName: by === 'tenant' ? tenantName : (inviter ?? fillPlaceholders(furniture.inviterWithoutName, known)) };
  const say = (template: string, max: number, instead: Partial<typeof values> = {}) => {
    const line = cleanLine(fillPlaceholders(template, { ...values, ...instead }), max);
    return lineOf(by === 'member' && inviter === null && line.startsWith(values.inviterName) ? line.charAt(0).toLocaleUpperCase(language) + line.slice(1) : line);
  };
  const sayWords = (template: string, max: number, { by: whose, locale }: WordsSource) =>
    say(template, max, whose === 'program' && locale !== null ? { expiryDate: longDate(context.expiresAt, wanted ?? locale, context.zone) } : {});
  const own = Object.values(sources).find((source) => source.by === 'program' && source.locale !== null)?.locale ?? null;
  const isOther = own !== null && languageOf(own) !== languageOf(language);
  const { reasons } = furniture;
  const byTenant = context.consentBasis === 'opt_in' ? reasons.optIn : context.consentBasis === 'existing_relationship' ? reasons.existingRelationship : reasons.byTenant;
  const postal = cleanLines(context.postalAddress, 8, 120);
  const message = {
    ...(isOther ? { language: own, direction: directionOf(own), around: { language, direction } } : { language, direction, around: null }),
    subject: sayWords(words.subject, 150, sources.subject),
    preheader: sayWords(words.preheader, 250, sources.preheader),
    tenantName: lineOf(tenantName),
    programTitle: lineOf(values.programTitle),
    heading: sayWords(words.heading, 150, sources.heading),
    greeting: say(invitee === null ? furniture.greetingWithoutName : furniture.greeting, 200),
    paragraphs: words.paragraphs.map((paragraph) => sayWords(paragraph, 1500, sources.paragraphs)),
    callToAction: sayWords(words.callToAction, 80, sources.callToAction),
    linkUrl: new URL(context.linkUrl).href,
    linkHint: say(furniture.linkHint, 200),
    expiry: say(furniture.expiry, 200),
    reason: say(by === 'member' ? reasons.byMember : byTenant, 400),
    ignore: say(furniture.ignore, 300),
    optOut: say(furniture.optOut, 200),
    unsubscribeUrl: new URL(context.unsubscribeUrl).href,
    preferences: context.preferenceUrl === undefined ? null : { words: say(furniture.preferences, 200), url: new URL(context.preferenceUrl).href },
    signature: (postal[0]?.toLowerCase().startsWith(tenantName.toLowerCase()) === true ? postal : [tenantName, ...postal]).map(lineOf),
  };
  const fromName = cleanLine(context.fromName ?? '', 80) || tenantName;
  const senderName = inviter === null ? fromName : cleanLine(fillPlaceholders(furniture.via, { ...values, tenantName: fromName }), 150);
  return {
    subject: message.subject.plain, preheader: message.preheader.plain, text: textLayout(message), html: htmlLayout(message), senderName,
    locale: { wanted, words: sources, furniture: language, dates },
  };
}
