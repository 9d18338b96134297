import { carriesContact, cleanLine } from '../message/clean-text.ts';
import { fillSlots } from '../message/placeholders.ts';
import { NAME_MAX } from '../message/placeholder-values.ts';
import { CARD_FIGURES } from './life-page.ts';
import type { CardFigure, LifePage, PageFigure } from './life-page.ts';
import type { LandingLanguage, PageWords } from './page-words.ts';

/** Who and what a page speaks of. `figures`: as they are said, by their names in the words. */
export type PageValues = { readonly tenantName: string; readonly inviterFirstName: string | null; readonly figures: Readonly<Record<string, string>> };

/** A page's words, ready to be shown; still text. */
export type SaidPage = Omit<PageWords, 'inviterWithoutName'>;

const SLOT = /\{\{\s*([^{}]*?)\s*\}\}/g;

/** The names of what a text leaves open. */
export function slotsOf(template: string): string[] {
  return [...template.matchAll(SLOT)].map((match) => match[1] ?? '');
}

/** Fills a page's words. Sentences of `about` that lack a figure are left out; throws where another text lacks one. */
export function sayPage(words: PageWords, { tenantName, inviterFirstName, figures }: PageValues): SaidPage {
  const { inviterWithoutName } = words;
  const shared = { ...figures, tenantName: cleanLine(tenantName, NAME_MAX) };
  const values: Readonly<Record<string, string>> = { ...shared, inviterName: inviterFirstName ?? inviterWithoutName };
  const say = (template: string): string => {
    const line = fillSlots(template, values);
    return inviterFirstName === null && line.startsWith(inviterWithoutName) ? line.charAt(0).toUpperCase() + line.slice(1) : line;
  };
  const sayToAll = (template: string): string => fillSlots(template, shared);
  return {
    title: say(words.title),
    lead: say(words.lead),
    about: words.about.filter((sentence) => slotsOf(sentence).every((name) => Object.hasOwn(values, name))).map(say),
    ask: say(words.ask),
    accept: say(words.accept),
    decline: say(words.decline),
    declined: say(words.declined),
    card: { heading: sayToAll(words.card.heading), alt: sayToAll(words.card.alt) },
    share: { subject: sayToAll(words.share.subject), line: sayToAll(words.share.line) },
  };
}

/** One figure as a card shows it. */
export type ShownFigure = { readonly kind: CardFigure; readonly value: string };

const LONGEST_TEXT = 60;
/** For a text that may not be shown to strangers. */
const UNSAID = '…';

/** A run's figures from its input, in a language: by name for the words, the numbers in order for the card. What is missing, or neither a number nor a text, is not among them. */
export function figuresOf(page: LifePage | undefined, input: Readonly<Record<string, unknown>>, lang: LandingLanguage): { readonly byName: Readonly<Record<string, string>>; readonly card: readonly ShownFigure[] } {
  const said = Object.entries(page?.figures ?? {}).flatMap(([name, figure]): { name: string; figure: PageFigure; value: string; isNumber: boolean }[] => {
    const value = input[figure.field];
    if (typeof value === 'string') return [{ name, figure, value: sayText(value), isNumber: false }];
    return typeof value === 'number' && Number.isFinite(value) ? [{ name, figure, value: new Intl.NumberFormat(lang).format(value), isNumber: true }] : [];
  });
  return {
    byName: Object.fromEntries(said.map(({ name, value }) => [name, value])),
    card: CARD_FIGURES.flatMap((kind) => said.filter(({ figure, isNumber }) => isNumber && figure.card === kind).map(({ value }) => ({ kind, value }))),
  };
}

/** A text of the app's, which may once have been typed by somebody: a page of ours carries no link or number of anybody to strangers. */
function sayText(raw: string): string {
  const line = cleanLine(raw, LONGEST_TEXT);
  return line === '' || carriesContact(line) ? UNSAID : line;
}
