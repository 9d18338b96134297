import type { ProgramId } from '../ids.ts';
import type { Unit } from '../money/unit.ts';

/**
 * What is counted of each calendar day of a tenant. A figure counts by the time of what happened, not by when it was told.
 * - invites: people to whom the first message of an invite was handed off, on whatever channel first
 * - clicks: openings of links that count as a person's
 * - sign_ups, first_values: people brought (acquisition credit), by the day of each
 * - conversions: payments of people brought, from their sign-up on, by currency
 * - rewards_held, rewards_released, rewards_paid: what the ledger booked into hold, as the member's own, and out of the house, by unit
 * - active_in_week: members with a fact of theirs, or an invite, from the Monday of that day's week through that day: K's denominator
 */
export const FIGURES = ['invites', 'clicks', 'sign_ups', 'first_values', 'conversions', 'rewards_held', 'rewards_released', 'rewards_paid', 'active_in_week'] as const;
export type Figure = (typeof FIGURES)[number];

/** One row of a day. Without a program: of no program (a personal link, a payout) or of the tenant as a whole. */
export type DailyFigure = {
  readonly day: string;
  readonly programId: ProgramId | null;
  /** The program's; null as that is. */
  readonly loop: string | null;
  readonly figure: Figure;
  /** Of amounts; empty where nothing but a count is meant. */
  readonly unit: Unit | '';
  readonly count: number;
  readonly amountMinor: number;
};

/** Whom a member brought on a day. */
export type DailyReferrer = { readonly day: string; readonly externalId: string; readonly signUps: number; readonly firstValues: number };
