/** What a landing page knows of its link and run when it is opened. Instants in epoch ms. */
export type LandingFacts = {
  readonly isRevoked: boolean;
  /** How the run ended; null while it is open. */
  readonly runOutcome: string | null;
  /** The reader is whom the run was started for. */
  readonly isInviter: boolean;
  /** The link is an invitation to one person, and somebody accepted by it on another visit. */
  readonly isUsed: boolean;
  /** How many accepted by the run's links, this visit aside, and how many may; null: as many as like. */
  readonly accepted: number;
  readonly places: number | null;
};

/** `open`: it can be accepted. All else has a page of its own that says what can be done instead. */
export const LANDING_STATES = ['open', 'revoked', 'expired', 'ended', 'own', 'used', 'full'] as const;
export type LandingState = (typeof LANDING_STATES)[number];

/** Outcomes of a run that mean that its time was up, not that something else had happened. */
const TIME_WAS_UP: ReadonlySet<string> = new Set(['expired', 'unfinished', 'not_sent', 'quiet_week']);

/** How a link stands for its reader: the first that holds, what is over for everybody before what is so for this reader. */
export function landingState({ isRevoked, runOutcome, isInviter, isUsed, accepted, places }: LandingFacts): LandingState {
  if (isRevoked) return 'revoked';
  if (runOutcome !== null) return TIME_WAS_UP.has(runOutcome) ? 'expired' : 'ended';
  if (isInviter) return 'own';
  if (isUsed) return 'used';
  return places !== null && accepted >= places ? 'full' : 'open';
}

/**
 * The status of each page. 410 (RFC 9110, 15.5.11): it was there and will not come back, so that search engines and caches let go of it. The
 * inviter's own link is as it should be: 200. Where all places are taken the reader did nothing wrong, but does not get in: 403.
 */
export const LANDING_STATUS: Readonly<Record<LandingState, 200 | 403 | 410>> = { open: 200, own: 200, full: 403, revoked: 410, expired: 410, ended: 410, used: 410 };
