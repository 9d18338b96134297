import type { Range } from '../send-time/send-time-rules.ts';

export const LAW_CHANNELS = ['email', 'sms', 'push', 'call'] as const;
export type LawChannel = (typeof LAW_CHANNELS)[number];
export const LAW_AUDIENCES = ['everyone', 'minors'] as const;

/** One rule of law on when messages may leave: whom it binds, its hours and days, and where it stands. */
export type LawRule = {
  /** Small letters, digits and hyphens; kept with every plan, so it never changes its meaning. */
  readonly id: string;
  readonly title: string;
  /** ISO 3166-1 alpha-2 (`FR`) or 3166-2 (`US-FL`). A country's rule binds in all its parts. */
  readonly places: readonly string[];
  /** Parts of these places in which it does not bind. */
  readonly exceptPlaces?: readonly string[] | undefined;
  readonly channels: readonly LawChannel[];
  readonly audience: 'everyone' | 'minors';
  /** Open times; left out: no limit by windows. */
  readonly windows?: readonly Range[] | undefined;
  readonly quiet?: readonly Range[] | undefined;
  /** Months 1 to 12 in which windows and quiet times apply; left out: all year. Dates apply anyway. */
  readonly months?: readonly number[] | undefined;
  /** Local dates (`YYYY-MM-DD`) on which nothing leaves: public holidays. */
  readonly dates?: readonly string[] | undefined;
  /** Who counts as a minor to this law. For people: the sender is told who is a minor, not how old anybody is. */
  readonly minorBelowAge?: number | undefined;
  readonly source: { readonly title: string; readonly url: string };
  /** `YYYY`, `YYYY-MM`, `YYYY-MM-DD` or `unknown`. */
  readonly inForceSince: string;
  /** The day (`YYYY-MM-DD`) on which somebody last looked at the source. */
  readonly checkedOn: string;
  readonly note?: string | undefined;
};
