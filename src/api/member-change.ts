import type { MemberChange } from '../../db/write/member-state.ts';
import { EMAIL_PROBLEMS, parseEmailAddress } from '../domain/contact/email-address.ts';
import { parsePhone } from '../domain/contact/phone-number.ts';
import { isId } from '../domain/ids.ts';
import { readPlace as readKnownPlace } from '../domain/law/known-places.ts';
import { sendRulesProblems } from '../domain/send-time/plan-send.ts';
import { zoneOffsets } from '../domain/send-time/zone-offsets.ts';
import type { MemberFields } from './member-body.ts';
import type { FieldError } from './problems.ts';

/** Why a member's row is refused, by what is wrong with it first. */
export const MEMBER_REFUSALS = [
  'invalid_external_id', 'invalid_address', 'invalid_phone', 'invalid_locale', 'unknown_zone', 'zone_missing',
  'invalid_quiet_hours', 'invalid_birth_year', 'invalid_event_date', 'invalid_place',
] as const;
export type MemberRefusal = (typeof MEMBER_REFUSALS)[number];

type Fault = FieldError & { reason: MemberRefusal };
export type ReadMember = { outcome: 'change'; change: MemberChange } | { outcome: 'refused'; reason: MemberRefusal; errors: FieldError[] };

/** Judges one member's fields by rule. What is left out stays left out, null stays null: the write keeps and clears by that. */
export function readMemberFields(externalId: string, fields: MemberFields, now: number): ReadMember {
  const faults: Fault[] = [];
  const change: MemberChange = {
    externalId: readExternalId(externalId, faults),
    ...readContact(fields.contact, faults),
    ...(fields.name === undefined ? {} : { name: fields.name }),
    ...(fields.locale === undefined ? {} : { locale: readLocale(fields.locale, faults) }),
    ...readZone(fields, faults),
    ...(fields.quietHours === undefined ? {} : { quietHours: readQuietHours(fields.quietHours, faults) }),
    ...(fields.birthYear === undefined ? {} : { birthYear: readBirthYear(fields.birthYear, now, faults) }),
    ...minorIn(fields, now),
    ...(fields.parentAllows === undefined ? {} : { parentAllows: fields.parentAllows ?? false }),
    ...(fields.eventDates === undefined ? {} : { eventDates: readEventDates(fields.eventDates ?? [], faults) }),
    ...(fields.place === undefined ? {} : { place: readPlace(fields.place, faults) }),
    ...(fields.attributes === undefined ? {} : { attributes: fields.attributes ?? {} }),
  };
  const [first] = faults;
  if (first === undefined) return { outcome: 'change', change };
  return { outcome: 'refused', reason: first.reason, errors: faults.map(({ path, message }) => ({ path, message })) };
}

/** Can the tenant's own id of a user be this? One of our own form would make `GET /v1/members/{id}` mean two things. */
export function isExternalId(text: string): boolean {
  return text !== '' && text.length <= 200 && text.trim() === text && !/[\p{Cc}\p{Cs}]/u.test(text) && !isId('mbr', text);
}

function readExternalId(externalId: string, faults: Fault[]): string {
  if (!isExternalId(externalId)) {
    faults.push({ reason: 'invalid_external_id', path: '/externalId', message: 'Give your own id of the user (not a mbr_ id): 1 to 200 characters, no control characters, no spaces at either end.' });
  }
  return externalId;
}

function readContact(contact: MemberFields['contact'], faults: Fault[]): Pick<MemberChange, 'email' | 'phone'> {
  if (contact === undefined) return {};
  if (contact === null) return { email: null, phone: null };
  return {
    ...(contact.email === undefined ? {} : { email: contact.email === null ? null : readEmail(contact.email, faults) }),
    ...(contact.phone === undefined ? {} : { phone: contact.phone === null ? null : readPhone(contact.phone, faults) }),
  };
}

function readEmail(typed: string, faults: Fault[]): { address: string; mailbox: string } | null {
  const email = parseEmailAddress(typed);
  if (email.outcome === 'ok') return { address: email.address, mailbox: email.mailbox };
  faults.push({ reason: 'invalid_address', path: '/contact/email', message: EMAIL_PROBLEMS[email.reason] });
  return null;
}

function readPhone(typed: string, faults: Fault[]): string | null {
  const phone = parsePhone(typed);
  if (phone.outcome === 'valid') return phone.e164;
  faults.push({ reason: 'invalid_phone', path: '/contact/phone', message: phone.detail });
  return null;
}

function readLocale(typed: string | null, faults: Fault[]): string | null {
  if (typed === null) return null;
  try {
    return Intl.getCanonicalLocales(typed)[0] ?? null;
  } catch {
    faults.push({ reason: 'invalid_locale', path: '/locale', message: 'Give a BCP 47 language tag such as pt-BR.' });
    return null;
  }
}

function readZone({ zone, zoneSource }: MemberFields, faults: Fault[]): Pick<MemberChange, 'zone' | 'zoneSource'> {
  if (zone == null && zoneSource !== undefined) {
    faults.push({ reason: 'zone_missing', path: '/zoneSource', message: 'Say where a zone was learnt together with the zone.' });
  }
  if (zone === undefined) return {};
  if (zone === null) return { zone: null, zoneSource: null };
  if (zoneOffsets(zone) === null) faults.push({ reason: 'unknown_zone', path: '/zone', message: 'This is no IANA time zone such as Europe/Paris.' });
  return { zone, zoneSource: zoneSource ?? 'explicit' };
}

function readQuietHours(quiet: { start: string; end: string }[] | null, faults: Fault[]): { start: string; end: string }[] | null {
  if (quiet === null) return null;
  const problems = sendRulesProblems({ layers: [{ quiet }] });
  if (problems.length > 0) faults.push({ reason: 'invalid_quiet_hours', path: '/quietHours', message: 'Give ranges as HH:MM to HH:MM whose start and end differ; 24:00 is the end of a day.' });
  return quiet;
}

function readBirthYear(year: number | null, now: number, faults: Fault[]): number | null {
  if (year === null) return null;
  const thisYear = new Date(now).getUTCFullYear();
  if (year < 1900 || year > thisYear) faults.push({ reason: 'invalid_birth_year', path: '/birthYear', message: 'Give a year from 1900 to now.' });
  return year;
}

/** Said, or else by the year of birth: who may not be 18 yet. Whoever tells us a child's year lets us know that it is a child (16 CFR 312.2, actual knowledge). */
function minorIn({ isMinor, birthYear }: MemberFields, now: number): Pick<MemberChange, 'isMinor'> {
  if (typeof isMinor === 'boolean') return { isMinor };
  if (typeof birthYear === 'number') return { isMinor: new Date(now).getUTCFullYear() - birthYear <= 18 };
  return isMinor === undefined ? {} : { isMinor: false };
}

function readEventDates(dates: readonly string[], faults: Fault[]): string[] {
  const problems = sendRulesProblems({ blackoutDates: dates });
  if (problems.length > 0) faults.push({ reason: 'invalid_event_date', path: '/eventDates', message: 'Give dates that exist, as YYYY-MM-DD.' });
  return [...new Set(dates)].toSorted();
}

function readPlace(typed: string | null, faults: Fault[]): string | null {
  if (typed === null) return null;
  // No law would bind at a place nobody knows, so it is no place.
  const place = readKnownPlace(typed);
  if (place === null) faults.push({ reason: 'invalid_place', path: '/place', message: 'Give an ISO 3166 code of a country or of a part of it, such as FR or US-FL.' });
  return place;
}
