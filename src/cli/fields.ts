import { z } from 'zod';
import { isId, isInviteId } from '../domain/ids.ts';
import type { Id, IdPrefix, InviteId, ReferralId } from '../domain/ids.ts';

/** How an argument or option is written and what it means; kept beside its schema, so that help and parsing agree. */
export type FieldLook = {
  /** `flag`: there or not; `value`: one text; `list`: may be given several times. */
  readonly kind: 'flag' | 'value' | 'list';
  readonly placeholder: string;
  readonly say: string;
};

const looks = z.registry<FieldLook>();

/** Arguments or options of a command, in order; each made by one of the functions below. */
export type Fields = z.ZodObject<Readonly<Record<string, z.ZodType>>>;

export const noFields = z.strictObject({});

export type NamedField = FieldLook & { readonly name: string; readonly required: boolean };

/** The fields of an object by name; throws for one that does not say what it means. */
export function fieldsOf(fields: Fields): NamedField[] {
  return Object.entries(fields.shape).map(([name, schema]) => {
    const look = looks.get(schema);
    if (look === undefined) throw new Error(`the field ${name} has no description`);
    return { ...look, name, required: !schema.safeParse(undefined).success };
  });
}

export function value<S extends z.ZodType>(placeholder: string, say: string, schema: S): S {
  return withLook(schema, { kind: 'value', placeholder, say });
}

export function flag(say: string) {
  return withLook(z.boolean().default(false), { kind: 'flag', placeholder: '', say });
}

/** May be given several times; undefined where it never was. */
export function list(placeholder: string, say: string) {
  return withLook(z.array(z.string().min(1, 'must not be empty')).optional(), { kind: 'list', placeholder, say });
}

function withLook<S extends z.ZodType>(schema: S, look: FieldLook): S {
  const own = schema.clone();
  looks.add(own, look);
  return own;
}

export const text = z.string().min(1, 'must not be empty');

/** A whole number within bounds, written in digits. */
export function whole(min: number, max: number) {
  const message = `must be a whole number from ${String(min)} to ${String(max)}`;
  return z.string().regex(/^\d{1,9}$/, message).transform(Number).refine((number) => number >= min && number <= max, message);
}

/** An id with this prefix. */
export function id<P extends IdPrefix>(prefix: P) {
  return z.string().transform((given, context): Id<P> => {
    if (isId(prefix, given)) return given;
    context.addIssue({ code: 'custom', message: `must be an id that begins with ${prefix}_ and has 26 characters after it` });
    return z.NEVER;
  });
}

/** What has a story: an invite or a referral. */
export const storyId = z.string().transform((given, context): InviteId | ReferralId => {
  if (isInviteId(given) || isId('ref', given)) return given;
  context.addIssue({ code: 'custom', message: 'must be an invite\'s id (inv_ and 28 characters) or a referral\'s (ref_ and 26)' });
  return z.NEVER;
});

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A length of time in milliseconds, written `90s`, `30m`, `24h` or `7d`. */
export const duration = z.string().transform((given, context): number => {
  const [, count, unit] = /^(\d{1,6})([smhd])$/.exec(given) ?? [];
  const unitMs = unit === undefined ? undefined : UNIT_MS[unit];
  if (count !== undefined && unitMs !== undefined) return Number(count) * unitMs;
  context.addIssue({ code: 'custom', message: 'must be a length of time such as 90s, 30m, 24h or 7d' });
  return z.NEVER;
});

/** What stands as actor in the decisions an operator takes: `cli`, and a role, team or ticket where one is named. */
export const actor = value('label', 'who decides, as it stands in the audit: a role or a ticket, no person\'s name', z.string()
  .regex(/^[A-Za-z0-9._-]{1,40}$/, 'must be 1 to 40 letters, digits, dots, dashes or underscores')
  .optional()
  .transform((label) => (label === undefined ? 'cli' : `cli:${label}`)));
