import type { z } from 'zod';
import type { Invitee } from '../../db/write/accept-invites.ts';
import { parsePhone } from '../domain/contact/phone-number.ts';
import { zoneOffsets } from '../domain/send-time/zone-offsets.ts';
import type { inviteeIn } from './invite-body.ts';

const LONGEST_NAME = 200;

type Rule = { field: 'name' | 'zone' | 'deviceZone' | 'country' | 'region' | 'locale' | 'relationship'; fits(value: string): boolean; say: string };

/** What each value must be. Judged row by row: one bad row of a thousand spoils no other. */
const RULES: readonly Rule[] = [
  { field: 'name', fits: (name) => name.length <= LONGEST_NAME, say: `must not be longer than ${String(LONGEST_NAME)} characters` },
  { field: 'zone', fits: isZone, say: 'must be an IANA time zone, as in Europe/Paris' },
  { field: 'deviceZone', fits: isZone, say: 'must be an IANA time zone, as in Europe/Paris' },
  { field: 'country', fits: (code) => /^[A-Za-z]{2}$/.test(code), say: 'must be an ISO 3166-1 code of two letters' },
  { field: 'region', fits: (code) => /^[A-Za-z]{2}-[A-Za-z0-9]{1,3}$/.test(code), say: 'must be an ISO 3166-2 code such as US-FL' },
  { field: 'locale', fits: (tag) => /^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,4}$/.test(tag), say: 'must be a language tag such as en or de-CH' },
  { field: 'relationship', fits: (word) => /^[a-z][a-z_]{0,31}$/.test(word), say: 'must be one word such as friend, family or colleague' },
];

function isZone(zone: string): boolean {
  return zone.length <= 64 && zoneOffsets(zone) !== null;
}

/** An invitee as accepting takes it. An empty value counts as not given; one that cannot be used is the row's `problem`. */
export function readInvitee(given: z.output<typeof inviteeIn>): Invitee {
  const phone = given.phone === undefined || given.phone === '' ? null : parsePhone(given.phone);
  const misfit = RULES.flatMap(({ field, fits, say }) => {
    const value = given[field];
    return value === undefined || value === '' || fits(value) ? [] : [`${field}: ${say}`];
  })[0];
  const problem = misfit ?? (phone?.outcome === 'refused' ? `phone: ${phone.detail}` : undefined);
  if (problem !== undefined) return { email: given.email, consent: given.consent, problem };
  const present = (value: string | undefined): string | undefined => (value === '' ? undefined : value);
  const { email, consent, name, zone, deviceZone, country, region, locale, relationship } = given;
  return {
    email, consent,
    name: present(name), zone: present(zone), deviceZone: present(deviceZone), country: present(country)?.toUpperCase(), region: present(region)?.toUpperCase(),
    phone: phone?.outcome === 'valid' ? phone.e164 : undefined, locale: present(locale), relationship: present(relationship),
  };
}
