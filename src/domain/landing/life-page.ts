/** How a figure is shown on the share card: each has its own words. */
export const CARD_FIGURES = ['score', 'rank', 'skills', 'minutes', 'streak'] as const;
export type CardFigure = (typeof CARD_FIGURES)[number];

/** A number or a text of the run's start that page and card may name. `field`: where it stands in the run's input; `card`: as what a number stands on the card by itself. */
export type PageFigure = { readonly field: string; readonly card?: CardFigure };

/**
 * What the landing page of a loop's runs needs to know besides its words. Who accepts or declines there is told to the run as what the
 * run's member hears of: `invitee_opened`, `invitee_accepted`, `invitee_declined` (`roles[…].hears`).
 */
export type LifePage = {
  /** By their names in the words. */
  readonly figures?: Readonly<Record<string, PageFigure>>;
  /** How many may accept by a run's links; beyond it the page says that it is full. Left out: as many as like. */
  readonly places?: number;
};

/** What the run's member may hear of a landing page. */
export const PAGE_HAPPENINGS = ['invitee_opened', 'invitee_accepted', 'invitee_declined'] as const;
export type PageHappening = (typeof PAGE_HAPPENINGS)[number];
