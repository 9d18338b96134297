import { chooseSms } from './choose-words.ts';
import type { WordsSource } from './choose-words.ts';
import { cleanLine, cleanPersonName } from './clean-text.ts';
import { placeholderValues } from './placeholder-values.ts';
import { fillPlaceholders } from './placeholders.ts';
import { webUrl } from './render-invite.ts';
import type { InviteContext } from './render-invite.ts';
import { fitSms, measureSms } from './sms-segments.ts';
import type { SmsSize } from './sms-segments.ts';

export type SmsContext = Omit<InviteContext, 'relationship' | 'consentBasis' | 'fromName' | 'postalAddress' | 'unsubscribeUrl' | 'preferenceUrl'>;

export type RenderedSms = {
  readonly text: string;
  readonly size: SmsSize;
  /** In which language it is, and by whom its words are. */
  readonly words: WordsSource;
};

/** Fits into a text with its link and way out, whatever the names are. */
const WORDS_MAX = 300;

/**
 * The finished text of one invitation or reminder: who it is from, the words, the link and how to stop it (CTIA Messaging
 * Principles 5.1: name of the sender and opt-out instructions). Pure. Where it would need more than three segments the
 * words are cut, never the link or the way out.
 */
export function renderSms(context: SmsContext): RenderedSms {
  const chosen = chooseSms({ book: context.copy, override: context.override, locale: context.locale, by: context.inviter.kind, step: context.step });
  const { furniture, dates } = { furniture: chosen.furniture.copy.furniture, dates: chosen.furniture.dates };
  const inviter = context.inviter.kind === 'member' ? cleanPersonName(context.inviter.name) : null;
  const values = placeholderValues(context, inviter, furniture, dates)(cleanPersonName(context.inviteeName));
  const filled = cleanLine(fillPlaceholders(chosen.text, values), WORDS_MAX);
  // an own text that does not say whose it is begins with it
  const words = filled.toLowerCase().includes(values.tenantName.toLowerCase()) ? filled : `${values.tenantName}: ${filled}`;
  const tail = ` ${webUrl(context.linkUrl, 'link')} ${fillPlaceholders(chosen.furniture.copy.sms.optOut, values)}`;
  const text = `${cutToFit(words, tail)}${tail}`;
  return { text, size: measureSms(text), words: chosen.source };
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

function cutToFit(words: string, tail: string): string {
  if (fitSms(words + tail).outcome === 'fits') return words;
  const parts = Array.from(graphemes.segment(words), ({ segment }) => segment);
  // three dots: the ellipsis itself is not in the GSM alphabet
  for (let kept = parts.length - 1; kept > 0; kept -= 1) {
    const cut = `${parts.slice(0, kept).join('').trimEnd()}...`;
    if (fitSms(cut + tail).outcome === 'fits') return cut;
  }
  throw new Error('a link is too long for a text');
}
