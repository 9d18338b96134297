import type { HashedAddress } from '../../db/read/consents.ts';
import type { ConsentAct } from '../../db/write/record-consent.ts';
import type { Keyring } from '../config/keyring.ts';
import { EMAIL_PROBLEMS, parseEmailAddress } from '../domain/contact/email-address.ts';
import { parsePhone } from '../domain/contact/phone-number.ts';
import { isId } from '../domain/ids.ts';
import type { TenantId } from '../domain/ids.ts';
import { canonicalTag } from '../domain/message/locale-tags.ts';
import { ALL, isTopic } from '../domain/preference/consent-act.ts';
import { instantIn } from './fields.ts';
import type { ConsentFields, ConsentRefusal, RecipientNamed } from './preferences-body.ts';
import type { FieldError } from './problems.ts';

/** Clocks differ: what is dated a little ahead of ours counts as now. */
const AHEAD_MS = 5 * 60_000;

type Fault = FieldError & { reason: ConsentRefusal };
export type Named = { outcome: 'addresses'; addresses: HashedAddress[] } | { outcome: 'refused'; fault: Fault };
/** How addresses are known: hashed for this tenant, and those of its members by either of their ids. */
export type KnownBy = { keyring: Keyring; tenantId: TenantId; members: ReadonlyMap<string, HashedAddress[]> };

/** The member that a row names, for a look-up of all of them at once. */
export function memberNamed({ memberId, externalId }: RecipientNamed): string[] {
  return [memberId, externalId].filter((id) => id !== undefined);
}

/** Whom one row is about: exactly one of its four names. */
export function readNamed(named: RecipientNamed, { keyring, tenantId, members }: KnownBy): Named {
  const { email, phone, memberId, externalId } = named;
  const fault = (reason: ConsentRefusal, path: string, message: string): Named => ({ outcome: 'refused', fault: { reason, path, message } });
  if ([email, phone, memberId, externalId].filter((name) => name !== undefined).length !== 1) {
    return fault('invalid_recipient', '', 'Name the person by one of email, phone, memberId and externalId.');
  }
  if (email !== undefined) {
    const parsed = parseEmailAddress(email);
    if (parsed.outcome === 'invalid') return fault('invalid_address', '/email', EMAIL_PROBLEMS[parsed.reason]);
    return { outcome: 'addresses', addresses: [{ channel: 'email', hash: keyring.hashRecipient(tenantId, parsed.mailbox) }] };
  }
  if (phone !== undefined) {
    const parsed = parsePhone(phone);
    if (parsed.outcome === 'refused') return fault('invalid_phone', '/phone', parsed.detail);
    return { outcome: 'addresses', addresses: [{ channel: 'sms', hash: keyring.hashRecipient(tenantId, parsed.e164) }] };
  }
  const path = memberId === undefined ? '/externalId' : '/memberId';
  const id = memberId ?? externalId ?? '';
  // Each kind of id in its own field: an external id is never read as one of ours.
  const addresses = isId('mbr', id) === (memberId !== undefined) ? members.get(id) : undefined;
  return addresses === undefined ? fault('unknown_member', path, 'There is no such member.') : { outcome: 'addresses', addresses };
}

export type ReadConsent = { outcome: 'acts'; acts: ConsentAct[] } | { outcome: 'refused'; reason: ConsentRefusal; errors: FieldError[] };

/** Judges one row by rule. A member's `*` is said of each of the member's addresses. */
export function readConsent(row: ConsentFields, known: KnownBy, now: number): ReadConsent {
  const named = readNamed(row, known);
  const addresses = named.outcome === 'refused' ? [] : named.addresses.filter(({ channel }) => row.channel === ALL || row.channel === channel);
  const givenAt = readGivenAt(row.givenAt, now);
  const faults: Fault[] = [
    ...(named.outcome === 'refused' ? [named.fault] : addresses.length === 0 ? [noAddress(row)] : []),
    ...(row.topic === ALL || isTopic(row.topic) ? [] : [{ reason: 'invalid_topic' as const, path: '/topic', message: 'Give a program\'s topic (small letters, digits, underscores) or *.' }]),
    ...(row.action === 'granted' && row.basis === undefined ? [{ reason: 'basis_missing' as const, path: '/basis', message: 'Say on what the opt-in rests.' }] : []),
    ...(row.locale === undefined || canonicalTag(row.locale) !== null ? [] : [{ reason: 'invalid_locale' as const, path: '/locale', message: 'Give a BCP 47 language tag such as pt-BR.' }]),
    ...(givenAt === null ? [{ reason: 'invalid_time' as const, path: '/givenAt', message: 'Give an instant that is not in the future, as ISO 8601 with Z or an offset.' }] : []),
  ];
  const [first] = faults;
  if (first !== undefined || givenAt === null) return { outcome: 'refused', reason: first?.reason ?? 'invalid_time', errors: faults.map(({ path, message }) => ({ path, message })) };
  const { topic, channel, action, basis = null, wordingVersion = null } = row;
  return {
    outcome: 'acts',
    acts: addresses.map(({ hash }) => ({ recipientHash: hash, topic, channel, action, basis, wordingVersion, locale: canonicalTag(row.locale), source: 'api', givenAt })),
  };
}

function noAddress({ email, phone }: RecipientNamed): Fault {
  return email === undefined && phone === undefined
    ? { reason: 'no_address', path: '/channel', message: 'The member has no address for this channel.' }
    : { reason: 'wrong_channel', path: '/channel', message: email === undefined ? 'A number takes sms or *.' : 'A mailbox takes email or *. What is said of texts belongs to the number.' };
}

function readGivenAt(typed: string | undefined, now: number): number | null {
  if (typed === undefined) return now;
  const read = instantIn.safeParse(typed);
  return !read.success || Number.isNaN(read.data) || read.data > now + AHEAD_MS ? null : Math.min(read.data, now);
}
