/** What a share card shows. It names nobody but the tenant: cards are fetched and kept by whoever sees a link. */
export type Card = {
  readonly tenantName: string;
  readonly heading: string;
  /** At most three, as they are said. */
  readonly figures: readonly { readonly label: string; readonly value: string }[];
};

/** 1.91 to 1, as those who show cards want it (ogp.me; Twitter's `summary_large_image`). */
export const CARD_WIDTH = 1200;
export const CARD_HEIGHT = 630;

/** Draws cards as PNG. The same card gives the same picture; no text makes it fail, and nothing is fetched from anywhere. */
export type CardPainter = { paint(card: Card): Promise<Buffer> };
