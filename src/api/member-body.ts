import { z } from 'zod';
import type { MemberView } from '../../db/read/members.ts';
import { ZONE_SOURCES } from '../../db/schema/people.ts';
import { idOut, instantOut, iso, scalarsIn, textIn } from './fields.ts';
import { linkUrl } from './link-body.ts';

/*
 * A member as it comes in and as it goes out. The schema judges shapes and sizes; whether an address, a zone or a date
 * can be used is judged row by row (member-change.ts), so that one bad row of a thousand spoils no other.
 */
const LIMITS = { email: 320, phone: 40, locale: 35, zone: 64, quietHours: 20, eventDates: 100, attributes: 50 };

const quietHours = z.array(z.strictObject({ start: z.string().max(5), end: z.string().max(5) })).max(LIMITS.quietHours)
  .meta({ description: 'Wall-clock ranges `HH:MM` in which this person gets nothing, half-open; past midnight where the end is before the start' });
const eventDates = z.array(z.string().max(10)).max(LIMITS.eventDates)
  .meta({ description: 'Local dates `YYYY-MM-DD` of the member\'s events: a program may keep the days around them free' });

export const memberFieldsIn = {
  contact: z.strictObject({
    email: z.string().max(LIMITS.email).nullish(),
    phone: z.string().max(LIMITS.phone).nullish().meta({ description: 'With its country code, as in `+49 151 23456789`; kept as E.164. It must be one that its country has given out to people: premium-rate, shared-cost, toll-free, satellite and other service numbers are refused' }),
  }).nullish(),
  name: textIn(120).nullish(),
  locale: z.string().max(LIMITS.locale).nullish().meta({ description: 'BCP 47, as in `pt-BR`' }),
  zone: z.string().max(LIMITS.zone).nullish().meta({ description: 'IANA zone, as in `America/Sao_Paulo`' }),
  zoneSource: z.enum(ZONE_SOURCES).optional().meta({ description: 'Where the zone was learnt; `explicit` when left out' }),
  quietHours: quietHours.nullish(),
  birthYear: z.int().nullish(),
  isMinor: z.boolean().nullish().meta({ description: 'Left out: by `birthYear` where that is sent, a minor being who may not be 18 yet; else as before' }),
  parentAllows: z.boolean().nullish().meta({ description: 'Of a minor: a parent has allowed what needs it, such as a streak rescue' }),
  eventDates: eventDates.nullish(),
  place: z.string().max(8).nullish().meta({ description: 'ISO 3166-1 or 3166-2, as in `FR` or `US-FL`: whose law binds what is sent to this member' }),
  attributes: scalarsIn(LIMITS.attributes).nullish(),
};

const example = {
  contact: { email: 'ana@example.com' },
  name: 'Ana',
  locale: 'pt-BR',
  zone: 'America/Sao_Paulo',
  quietHours: [{ start: '22:00', end: '08:00' }],
  eventDates: ['2026-07-04'],
  attributes: { plan: 'pro' },
};

export const memberIn = z.strictObject(memberFieldsIn).meta({ id: 'MemberFields', examples: [example] });
export const memberRowIn = z.strictObject({ externalId: z.string().max(200), ...memberFieldsIn }).meta({ id: 'MemberRow' });
export const memberRowsIn = z.strictObject({ members: z.array(memberRowIn).min(1).max(1000) }).meta({ examples: [{ members: [{ externalId: 'user-1', ...example }] }] });

export type MemberFields = z.output<typeof memberIn>;

export const memberOut = z.object({
  id: idOut('mbr'),
  externalId: z.string(),
  contact: z.object({ email: z.string().nullable(), phone: z.string().nullable() }),
  name: z.string().nullable(),
  locale: z.string().nullable(),
  zone: z.string().nullable(),
  zoneSource: z.enum(ZONE_SOURCES).nullable(),
  quietHours: quietHours.nullable(),
  birthYear: z.int().nullable(),
  isMinor: z.boolean(),
  parentAllows: z.boolean(),
  eventDates,
  place: z.string().nullable(),
  attributes: scalarsIn(LIMITS.attributes),
  personalLink: z.object({ code: z.string().meta({ description: 'At most 20 characters, to be typed at a sign-up' }), url: z.string().meta({ description: 'What to share' }) }).nullable()
    .meta({ description: 'Each member\'s own: a sign-up that brings its `clickId`, or its code, is this member\'s referral. Null: it was revoked' }),
  createdAt: instantOut,
  updatedAt: instantOut,
}).meta({ id: 'Member' });

export function memberBody({ email, phone, personalCode: code, publicUrl, createdAt, updatedAt, ...member }: MemberView): z.input<typeof memberOut> {
  const personalLink = code === null ? null : { code, url: linkUrl(publicUrl, code) };
  return { ...member, contact: { email, phone }, personalLink, createdAt: iso(createdAt), updatedAt: iso(updatedAt) };
}
