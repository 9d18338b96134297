import { cleanLine } from './clean-text.ts';
import { canonicalTag, fallbackTags } from './locale-tags.ts';

/** What we answer to a phone that asked in plain speech; the vendor answers its keywords by itself. */
export type SmsReplyKind = 'stopped' | 'started' | 'help';

type Words = Readonly<Record<SmsReplyKind, string>>;

/**
 * In every language of the shipped words; GSM-7 characters only, so that a reply costs one segment. The confirmation of a
 * STOP comes once and advertises nothing (47 CFR 64.1200(a)(12)). `{who}`: who wrote; `{contact}`: where questions go.
 */
const WORDS = {
  en: {
    stopped: '{who}: you get no more texts from us. Reply START to get them again.',
    started: '{who}: you get our texts again. Reply STOP to end them.',
    help: '{who}: invitations and reminders by text. Reply STOP to get no more. Questions: {contact}',
  },
  de: {
    stopped: '{who}: Es kommen keine SMS mehr von uns. Mit START kommen sie wieder.',
    started: '{who}: Es kommen wieder SMS von uns. Mit STOP enden sie.',
    help: '{who}: Einladungen und Erinnerungen per SMS. Mit STOP kommt keine mehr. Fragen: {contact}',
  },
  es: {
    stopped: '{who}: ya no le enviamos SMS. Responda START para recibirlos de nuevo.',
    started: '{who}: le enviamos SMS de nuevo. Responda STOP para terminarlos.',
    help: '{who}: invitaciones y recordatorios por SMS. Responda STOP para no recibirlos. Preguntas: {contact}',
  },
  fr: {
    stopped: '{who} : vous ne recevez plus de SMS de notre part. Répondez START pour en recevoir à nouveau.',
    started: '{who} : vous recevez à nouveau nos SMS. Répondez STOP pour ne plus en recevoir.',
    help: '{who} : invitations et rappels par SMS. Répondez STOP pour ne plus en recevoir. Questions : {contact}',
  },
} as const satisfies Record<string, Words>;

const LONGEST_NAME = 30;
const MOST_NAMES = 3;

export type SmsReplyWriter = { readonly name: string; readonly contact: string; readonly locale: string | null };

/**
 * The one reply to what a phone asked for, in the recipient's language, else in English. More than one tenant may write
 * from a number: all of them are named, and where there are several, `help` names no contact.
 */
export function smsReplyText(kind: SmsReplyKind, writers: readonly SmsReplyWriter[]): string {
  const locale = writers.find((writer) => writer.locale !== null)?.locale ?? null;
  const names = writers.map(({ name }) => cleanLine(name, LONGEST_NAME)).filter((name) => name !== '');
  const who = `${names.slice(0, MOST_NAMES).join(', ')}${names.length > MOST_NAMES ? ' …' : ''}`;
  const [only] = writers;
  const contact = writers.length === 1 && only !== undefined ? cleanLine(only.contact, 100) : '';
  const words = wordsFor(locale)[kind];
  const said = contact === '' ? words.replace(/ \S+ ?: \{contact\}$/, '') : words;
  // one pass: what stands in a name is never taken for a place
  return said.replace(/\{(who|contact)\}/g, (_all, place: string) => (place === 'who' ? who : contact));
}

function wordsFor(locale: string | null): Words {
  const tag = canonicalTag(locale);
  for (const key of tag === null ? [] : fallbackTags(tag.toLowerCase())) {
    if (isShipped(key)) return WORDS[key];
  }
  return WORDS.en;
}

function isShipped(key: string): key is keyof typeof WORDS {
  return Object.hasOwn(WORDS, key);
}
