import { z } from 'zod';
import { isId, isInviteId } from '../domain/ids.ts';
import type { Id, IdPrefix, InviteId } from '../domain/ids.ts';
import { NAMES_NOTHING } from './field-errors.ts';

/** The years 1 to 9999 in UTC: PostgreSQL knows no year 0, and ISO 8601 goes out with four digits. An offset leads beyond either end. */
export const FIRST_INSTANT_AT = Date.parse('0001-01-01T00:00:00Z');
const LAST_INSTANT_AT = Date.parse('9999-12-31T23:59:59.999Z');

/** An instant that comes in: ISO 8601 with `Z` or an offset; epoch milliseconds inside. */
export const instantIn = z.iso.datetime({ offset: true, error: 'Give an instant as ISO 8601 with Z or an offset, as in 2026-06-10T08:00:00Z' })
  .transform((text) => Date.parse(text))
  .refine((at) => at >= FIRST_INSTANT_AT && at <= LAST_INSTANT_AT, 'Give an instant between the years 1 and 9999, in UTC')
  .meta({ description: 'ISO 8601 with `Z` or an offset' });

/** An instant that goes out: ISO 8601 in UTC. */
export const instantOut = z.iso.datetime().meta({ description: 'ISO 8601, UTC' });

export function iso(at: number): string {
  return new Date(at).toISOString();
}

export function isoOrNull(at: number | null): string | null {
  return at === null ? null : iso(at);
}

/** An id in a path. Text that is no such id names nothing: 404, as for an id that nobody has. */
export function idIn<P extends IdPrefix>(prefix: P) {
  return z.string().transform((text, context): Id<P> => {
    if (isId(prefix, text)) return text;
    context.addIssue({ code: 'custom', message: `This is no ${prefix}_ id`, params: NAMES_NOTHING });
    return z.NEVER;
  }).meta({ description: `An id that begins with \`${prefix}_\`` });
}

export const inviteIdIn = z.string().transform((text, context): InviteId => {
  if (isInviteId(text)) return text;
  context.addIssue({ code: 'custom', message: 'This is no inv_ id', params: NAMES_NOTHING });
  return z.NEVER;
}).meta({ description: 'An id that begins with `inv_`' });

/** An id that goes out. */
export function idOut(prefix: IdPrefix) {
  return z.string().meta({ description: `\`${prefix}_\` and 26 characters; ids sort by the time they were made` });
}

/** Text of 1 to `longest` characters (UTF-16 units). */
export function textIn(longest: number) {
  return z.string().min(1, 'Must not be empty').max(longest, `Must not be longer than ${longest} characters`);
}

/** A field of the tenant's own data: text, a number, true, false or null. */
export const scalar = z.union([z.string().max(1000), z.number(), z.boolean(), z.null()]);

/** Up to `most` named scalars. */
export function scalarsIn(most: number) {
  return z.record(z.string().min(1).max(64), scalar)
    .refine((fields) => Object.keys(fields).length <= most, `Must not hold more than ${most} fields`)
    .meta({ description: `Up to ${most} fields of your own; each a text of up to 1,000 characters, a number, true, false or null` });
}
