/**
 * What a loop's landing page says to whom a link was given, in one language. Each text may hold `{{inviterName}}`, `{{tenantName}}` and the
 * names of the loop's figures (`LifePage.figures`). A sentence of `about` whose figure the run does not have is left out; the other texts
 * name no figure, so that each can always be said.
 */
export type PageWords = {
  /** The page's heading, and what a shared link is titled. */
  readonly title: string;
  /** Who invites, and to what, in a sentence. */
  readonly lead: string;
  /** More about it, a sentence or two each. */
  readonly about: readonly string[];
  /** What is asked of the reader: how long it takes, whether an account is needed. */
  readonly ask: string;
  readonly accept: string;
  readonly decline: string;
  /** After declining. */
  readonly declined: string;
  /** Stands for `{{inviterName}}` where no name may be shown; written as in mid-sentence: "a friend". */
  readonly inviterWithoutName: string;
  /** The picture that a shared link is shown with; it names nobody, so it holds no `{{inviterName}}`. `alt`: what it shows. */
  readonly card: { readonly heading: string; readonly alt: string };
  /** What the member sends with the link from the own phone; in the member's voice, so it holds no `{{inviterName}}`. */
  readonly share: { readonly subject: string; readonly line: string };
};

/** Of the loops with a landing page: the languages that their pages are written in. */
export const LANDING_LANGUAGES = ['en', 'es', 'de'] as const;
export type LandingLanguage = (typeof LANDING_LANGUAGES)[number];
