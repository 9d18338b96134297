/** A span of wall-clock time. `days` are ISO weekdays (1 Monday to 7 Sunday) of the local date on which it starts. */
export type Range = {
  readonly days?: readonly number[] | undefined;
  /** `HH:MM`, included. */
  readonly start: string;
  /** `HH:MM`, not included; `24:00` is the end of the day. At or before `start`: the range runs past midnight. */
  readonly end: string;
};

/** One party's rules (a law, the tenant, a program, a member). All layers must permit an instant. */
export type Layer = {
  readonly label?: string | undefined;
  /** IANA zone in which this layer is judged; without one it is judged in the recipient's zones. */
  readonly zone?: string | undefined;
  /** Months 1 to 12 in which the layer applies; left out: all year. */
  readonly months?: readonly number[] | undefined;
  /** Open times; one of them is enough. Left out: no limit. Empty: never open. */
  readonly windows?: readonly Range[] | undefined;
  /** Forbidden times; each forbids. */
  readonly quiet?: readonly Range[] | undefined;
};

/** When a message may leave. Instants are ISO 8601 with `Z` or an offset, dates are `YYYY-MM-DD`. */
export type SendTimeRules = {
  readonly layers?: readonly Layer[] | undefined;
  readonly class?: 'marketing' | 'transactional' | undefined;
  /** Candidate zones of a recipient whose zone is uncertain: an instant must suit all of them. */
  readonly zones?: readonly string[] | undefined;
  readonly fallbackZone?: string | undefined;
  readonly notBefore?: string | undefined;
  readonly expiresAt?: string | undefined;
  readonly minRemainingMinutes?: number | undefined;
  readonly maxDelayMinutes?: number | undefined;
  readonly policy?: 'hold' | 'drop' | undefined;
  readonly hardStops?: readonly { readonly from: string; readonly to: string }[] | undefined;
  readonly blackoutDates?: readonly string[] | undefined;
};

/** What is to happen to a message. Instants are epoch milliseconds; `permittedUntil` is exclusive. */
export type SendPlan =
  | { readonly outcome: 'send_now' | 'deferred'; readonly sendAt: number; readonly permittedUntil: number; readonly why: string }
  | { readonly outcome: 'dropped' | 'expired' | 'never'; readonly sendAt: null; readonly why: string }
  | { readonly outcome: 'invalid'; readonly sendAt: null; readonly why: string; readonly problems: string[] };
