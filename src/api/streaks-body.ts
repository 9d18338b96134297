import { z } from 'zod';
import { MOST_PRACTICES, type AskedStreak, type StreakFault } from '../domain/streak/judge-streak.ts';
import { dateText } from '../domain/streak/local-calendar.ts';
import { STREAK_STATES, type Streak } from '../domain/streak/read-streak.ts';
import { instantIn } from './fields.ts';
import { problem, type Problem } from './problems.ts';

/** More than anybody uses up, and each is a day to look at. */
export const MOST_FREEZES = 1_000;
const MOST_GRANTS = 1_000;
const MOST_PAUSES = 100;
const [FIRST_AT, LAST_AT] = [Date.parse('1900-01-01T00:00:00Z'), Date.parse('2200-01-01T00:00:00Z')];

const zoneIn = z.string().max(100).meta({ description: 'An IANA zone, as in `Europe/Paris`' });
const momentIn = instantIn.refine((at) => at >= FIRST_AT && at < LAST_AT, 'Give an instant of the years 1900 to 2199');

/** A name for what is practised: a member may have a streak of each. */
export const streakNameIn = z.string().regex(/^[a-z][a-z0-9_]{0,39}$/, 'Give 1 to 40 small letters, digits and underscores, a letter first');
export const freezeCountIn = z.int().min(1, 'Give at least one').max(MOST_FREEZES, `Give at most ${MOST_FREEZES}`);
export const dateIn = z.iso.date({ error: 'Give a date of the calendar, as in 2026-06-10' });

export const streakPreviewIn = z.strictObject({
  zone: zoneIn.meta({ description: 'The member\'s zone now' }),
  events: z.array(z.strictObject({
    at: momentIn,
    zone: zoneIn.optional().meta({ description: 'The zone in which it happened, which fixes its date; left out: `zone`' }),
  })).max(MOST_PRACTICES, `At most ${MOST_PRACTICES} can be looked at in one request`).meta({ description: 'When the member practised, in any order; repeated ones count once' }),
  now: momentIn,
  freezes: z.int().min(0, 'Must not be below 0').max(MOST_FREEZES, `Give at most ${MOST_FREEZES}`).default(0).meta({ description: 'Freezes held from the beginning; a shield is one' }),
  grants: z.array(z.strictObject({ at: momentIn, count: freezeCountIn })).max(MOST_GRANTS).refine((grants) => grants.reduce((sum, { count }) => sum + count, 0) <= MOST_FREEZES, `Give at most ${MOST_FREEZES} freezes`).optional()
    .meta({ description: 'Freezes given later: each covers days that ended when it was held, none before' }),
  pauses: z.array(z.strictObject({ from: dateIn, to: dateIn })).max(MOST_PAUSES).optional().meta({ description: 'Local dates, both included, that cannot be missed; they add nothing' }),
}).meta({
  examples: [{
    zone: 'Europe/Berlin',
    events: [{ at: '2025-01-01T10:00:00Z', zone: 'Europe/Berlin' }, { at: '2025-01-02T10:00:00Z', zone: 'Europe/Berlin' }, { at: '2025-01-04T10:00:00Z', zone: 'Europe/Berlin' }],
    now: '2025-01-04T12:00:00Z',
    freezes: 1,
  }],
});

export const streakOut = z.object({
  current: z.int().meta({ description: 'Days in a row; 0 where it is broken' }),
  longest: z.int(),
  freezesLeft: z.int(),
  freezesUsed: z.array(z.string()).meta({ description: 'The local dates that freezes covered' }),
  state: z.enum(STREAK_STATES).meta({ description: '`active`: practised today; `at_risk`: today is still open; `frozen`: so it is, and freezes cover what was missed' }),
  expiresAt: z.iso.datetime().nullable().meta({ description: 'When it breaks if nothing more happens, freezes counted in' }),
}).meta({ id: 'Streak' });

/** A streak as it goes out. */
export function streakBody({ current, longest, freezesLeft, frozenDays, state, expiresAt }: Streak): z.input<typeof streakOut> {
  return { current, longest, freezesLeft, freezesUsed: frozenDays.map(dateText), state, expiresAt: expiresAt === null ? null : wholeSeconds(expiresAt) };
}

/** Days begin with a whole second: it goes out without a fraction, as in `2026-06-10T22:00:00Z`. */
export function wholeSeconds(at: number): string {
  return new Date(at).toISOString().replace('.000Z', 'Z');
}

/** What was asked, with the member's zone where an event names none. */
export function askedStreak({ zone, events, ...rest }: z.output<typeof streakPreviewIn>): AskedStreak {
  return { ...rest, zone, events: events.map((event) => ({ at: event.at, zone: event.zone ?? zone })) };
}

export function streakFaults(faults: readonly StreakFault[]): Problem<'invalid_request'> {
  return problem('invalid_request', { errors: faults.slice(0, MOST_FAULTS).map(({ where, message }) => ({ path: where.map((part) => `/${String(part)}`).join(''), message: `${message}.` })) });
}

const MOST_FAULTS = 100;
