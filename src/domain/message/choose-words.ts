import type { CopyBook, MessageCopy, PickedLocale } from './copy.ts';
import { pickLocale, pickMessage } from './copy.ts';
import type { CopyFields, CopyOverride } from './copy-override.ts';
import { canonicalTag, fallbackTags } from './locale-tags.ts';

/** Where one field's words are from. `locale`: a tag; null: the program's words for every language. */
export type WordsSource = { readonly by: 'program' | 'flywheel'; readonly locale: string | null };
export type WordsSources = Readonly<Record<keyof MessageCopy, WordsSource>>;

export type ChosenWords = {
  readonly words: MessageCopy;
  readonly sources: WordsSources;
  /** The recipient's locale as a canonical tag; null where none is known, or what is known is no tag. */
  readonly wanted: string | null;
  /** What the sentences around the words are in. */
  readonly furniture: PickedLocale;
};

export type WordsAsked = {
  readonly book: CopyBook;
  readonly override: CopyOverride | undefined;
  readonly locale: string | null | undefined;
  readonly by: 'member' | 'tenant';
  readonly relationship: string | null;
  /** 0 the invitation, 1 and up its reminders. */
  readonly step: number;
};

/**
 * The words of one message. Each field by itself, the first of these that has it: the program's words in the recipient's
 * very locale (`de-AT`), in what that falls back to (`de`), the program's words for every language, ours.
 *
 * Ours, and always the sentences around (greeting, reason, expiry, way out), are in the closest language we ship: the
 * recipient's locale, then its language, else English. A program may so have words in a language that we do not ship:
 * its words are then in that language, what stands around them in English.
 */
export function chooseWords({ book, override, locale, by, relationship, step }: WordsAsked): ChosenWords {
  const wanted = canonicalTag(locale);
  const furniture = pickLocale(book, wanted);
  const ours = pickMessage(furniture.copy, by, relationship, step);
  const layers = layersOf(override, wanted, step);
  const first = <T>(read: (fields: CopyFields) => T | undefined, standard: T): { text: T; source: WordsSource } => {
    for (const { source, fields } of layers) {
      const text = read(fields);
      if (text !== undefined) return { text, source };
    }
    return { text: standard, source: { by: 'flywheel', locale: furniture.language } };
  };
  const subject = first((fields) => fields.subject, ours.subject);
  const preheader = first((fields) => fields.preheader, ours.preheader);
  const heading = first((fields) => fields.heading, ours.heading);
  const paragraphs = first((fields) => fields.paragraphs, ours.paragraphs);
  const callToAction = first((fields) => fields.callToAction, ours.callToAction);
  return {
    words: { subject: subject.text, preheader: preheader.text, heading: heading.text, paragraphs: paragraphs.text, callToAction: callToAction.text },
    sources: { subject: subject.source, preheader: preheader.source, heading: heading.source, paragraphs: paragraphs.source, callToAction: callToAction.source },
    wanted,
    furniture,
  };
}

/** The words of one text, chosen like those of a mail. */
export function chooseSms({ book, override, locale, by, step }: Omit<WordsAsked, 'relationship'>): { readonly text: string; readonly source: WordsSource; readonly wanted: string | null; readonly furniture: PickedLocale } {
  const wanted = canonicalTag(locale);
  const furniture = pickLocale(book, wanted);
  const steps = by === 'tenant' ? furniture.copy.sms.byTenant : furniture.copy.sms.byMember;
  const own = layersOf(override, wanted, step).find(({ fields }) => fields.sms !== undefined);
  return own?.fields.sms === undefined
    ? { text: step <= 0 ? steps.invite : steps.reminder, source: { by: 'flywheel', locale: furniture.language }, wanted, furniture }
    : { text: own.fields.sms, source: own.source, wanted, furniture };
}

type Layer = { readonly source: WordsSource; readonly fields: CopyFields };

/** The program's words for this step, best first. */
function layersOf(override: CopyOverride | undefined, wanted: string | null, step: number): Layer[] {
  if (override === undefined) return [];
  const locales = override.locales ?? {};
  const sets = (wanted === null ? [] : fallbackTags(wanted)).flatMap((tag) => {
    const set = Object.hasOwn(locales, tag) ? locales[tag] : undefined;
    return set === undefined ? [] : [{ locale: tag, set }];
  });
  return [...sets, { locale: null, set: override }].map(({ locale, set }) => ({
    source: { by: 'program', locale },
    fields: (step <= 0 ? set : set.reminder) ?? {},
  }));
}
