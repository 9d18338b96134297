import type { LifePage } from '../landing/life-page.ts';
import { LANDING_LANGUAGES, type LandingLanguage } from '../landing/page-words.ts';
import { figuresOf, sayPage } from '../landing/say-page.ts';
import type { MessageValues } from '../program/live-life.ts';
import { shareLinks } from '../share/share-links.ts';
import { cleanLine, cleanPersonName } from './clean-text.ts';
import { pickLocale } from './copy.ts';
import type { LiveCopy, LiveWords } from './live-copy.ts';
import { canonicalTag } from './locale-tags.ts';
import { longDate } from './long-date.ts';
import type { NoticeBook } from './notice-copy.ts';
import type { RenderedMessage } from './render-invite.ts';
import { renderTelling, type PickedWords, type TellingContext } from './render-notice.ts';

export type RunMessageContext = TellingContext & {
  /** The loop's words, and the sentences around every message to a member. */
  readonly copy: LiveCopy;
  readonly furniture: NoticeBook;
  /** Which of the loop's messages, the kinds of its values, and the values. */
  readonly message: string;
  readonly kinds: MessageValues;
  readonly values: Readonly<Record<string, string | number>>;
  /** What the run's start brought of somebody, by the fields' names: said here and nowhere else. */
  readonly privates: Readonly<Record<string, string>>;
  /** The run's link and figures, for words that ask to pass it on; null: it has no link. */
  readonly shared: { readonly url: string; readonly page: LifePage | undefined; readonly input: Readonly<Record<string, unknown>> } | null;
};

/** Why somebody gets it, where a language has its own furniture. */
const REASONS: Readonly<Record<string, string>> & { readonly en: string } = {
  en: 'You get this message because you take part in "{{programTitle}}".',
  de: 'Sie erhalten diese Nachricht, weil Sie bei „{{programTitle}}“ mitmachen.',
  es: 'Recibe este mensaje porque participa en «{{programTitle}}».',
  fr: 'Vous recevez ce message parce que vous participez à « {{programTitle}} ».',
};
/** The ways to pass a link on. */
const WAYS: Readonly<Record<LandingLanguage, { readonly sms: string; readonly email: string }>> = {
  en: { sms: 'Text message', email: 'E-mail' },
  de: { sms: 'SMS', email: 'E-Mail' },
  es: { sms: 'Mensaje de texto', email: 'Correo' },
};
const VALUE_MAX = 200;

/** The finished words of a run's message to somebody in it. Throws like `renderNotice`, and where the loop has no such message. */
export function renderRunMessage(context: RunMessageContext): RenderedMessage {
  const wanted = canonicalTag(context.locale);
  const picked = pickWords(context);
  const around = Object.hasOwn(context.furniture, picked.language) ? context.furniture[picked.language] ?? context.furniture.en : context.furniture.en;
  return renderTelling(context, {
    ...picked, wanted, direction: around.direction, words: picked.words,
    furniture: { ...around.furniture, reason: REASONS[picked.language] ?? REASONS.en },
    values: { ...sayPrivates(context.privates), ...sayValues(context, picked.dates) },
    share: sayShare(context, picked.words.share),
  });
}

/** A name is cleaned again: what may stand in a mail may have changed since it was sealed. One that may not has no value, and such a mail does not leave. */
function sayPrivates(privates: RunMessageContext['privates']): Record<string, string> {
  return Object.fromEntries(Object.entries(privates).flatMap(([name, text]): [string, string][] => {
    const said = cleanPersonName(text);
    return said === null ? [] : [[name, said]];
  }));
}

/** In the words of the loop's landing page, which name nobody. */
function sayShare({ shared, copy, locale, tenantName }: RunMessageContext, words: string | undefined): PickedWords['share'] {
  if (shared === null || words === undefined) return undefined;
  const { language, copy: { page } } = pickLocale<LiveWords>(copy, canonicalTag(locale));
  if (page === undefined) return undefined;
  const lang = LANDING_LANGUAGES.find((one) => one === language) ?? 'en';
  const { share: { subject, line } } = sayPage(page, { tenantName, inviterFirstName: null, figures: figuresOf(shared.page, shared.input, lang).byName });
  const links = shareLinks({ url: shared.url, line, subject });
  return { words, url: shared.url, ways: [{ label: 'WhatsApp', url: links.whatsapp }, { label: 'Facebook', url: links.facebook }, { label: WAYS[lang].sms, url: links.sms }, { label: WAYS[lang].email, url: links.email }] };
}

/** The words of a message in the closest language there is. */
export function pickWords({ copy, locale, message }: Pick<RunMessageContext, 'copy' | 'locale' | 'message'>): { language: string; dates: string; words: LiveWords['messages'][string] } {
  const { language, dates, copy: { messages } } = pickLocale<LiveWords>(copy, canonicalTag(locale));
  const words = Object.hasOwn(messages, message) ? messages[message] : undefined;
  if (words === undefined) throw new Error(`the loop has no message ${message.slice(0, 40)}`);
  return { language, dates, words };
}

/** Values as a person reads them, in the zone and language of the reader. */
export function sayValues({ kinds, values, zone }: Pick<RunMessageContext, 'kinds' | 'values' | 'zone'>, locale: string): Record<string, string> {
  return Object.fromEntries(Object.entries(kinds).flatMap(([name, kind]): [string, string][] => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) return [];
    switch (kind) {
      case 'text': return [[name, cleanLine(String(value), VALUE_MAX)]];
      case 'number': return [[name, new Intl.NumberFormat(locale).format(Number(value))]];
      case 'date': return [[name, longDate(Number(value), locale, zone)]];
      case 'time': return [[name, new Intl.DateTimeFormat(locale, { timeStyle: 'short', timeZone: zone }).format(Number(value))]];
    }
  }));
}
