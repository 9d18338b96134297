import type { Keyring } from '../../src/config/keyring.ts';
import { parseEmailAddress } from '../../src/domain/contact/email-address.ts';
import { parsePhone } from '../../src/domain/contact/phone-number.ts';
import { untagged } from '../../src/domain/contact/untagged.ts';
import type { TenantId } from '../../src/domain/ids.ts';
import { isPlaceWithin } from '../../src/domain/law/known-places.ts';
import { recipientPlaces, zonesOfRegion } from '../../src/domain/law/places.ts';
import type { Channel } from '../../src/domain/message/channel.ts';
import { isBetterSource, zoneCandidates, type ZoneCandidates, type ZoneOrigin } from '../../src/domain/zone/zone-candidates.ts';
import type { Inviter, Offer } from '../read/offer.ts';
import type { KnownRecipient } from '../read/recipients.ts';
import type { PlanRecipient } from './plan-for.ts';

/** One invitee as the app gave it. Zones are IANA names, country ISO 3166-1 alpha-2, region ISO 3166-2, phone E.164. */
export type Invitee = {
  /** Left out: reached by phone alone. */
  email?: string | undefined;
  name?: string | undefined;
  zone?: string | undefined;
  deviceZone?: string | undefined;
  country?: string | undefined;
  region?: string | undefined;
  phone?: string | undefined;
  locale?: string | undefined;
  relationship?: string | undefined;
  consent?: { basis: string } | undefined;
  /** What about the row cannot be used, as a sentence: it is refused `invalid_invitee`, and only that is kept. */
  problem?: string | undefined;
};

/**
 * How an invitee may be reached. `hash` says who it is: of the mailbox, without one of the phone; null where there is no
 * address that the program's channels can use, `problem` then says why. `phone`: E.164, where an SMS is possible.
 */
export type Addressed = {
  invitee: Invitee;
  email: string | null;
  phone: { number: string; hash: Buffer } | null;
  hash: Buffer | null;
  /** The program's channels by which there is an address, in their order. */
  channels: readonly Channel[];
};

/** An invitee with what is known of the mailbox; `planKey` is the same for all whose plan is the same. */
export type Prepared = Addressed & { channel: Channel; known: KnownRecipient | null; plans: PlanRecipient & { zoneSource: ZoneOrigin }; planKey: string };

/** Reads the addresses by which a program may reach somebody. A phone that is no use for SMS still tells zone and place. */
export function readAddress(tenantId: TenantId, keyring: Keyring, invitee: Invitee, programChannels: readonly Channel[]): Addressed {
  const mailbox = invitee.email === undefined ? null : parseEmailAddress(invitee.email);
  const email = mailbox?.outcome === 'ok' ? mailbox : null;
  const number = programChannels.includes('sms') && invitee.phone !== undefined ? smsNumber(invitee.phone) : null;
  const phone = number === null ? null : { number, hash: keyring.hashRecipient(tenantId, number) };
  const isBroken = mailbox?.outcome === 'invalid';
  const channels = isBroken ? [] : programChannels.filter((channel) => (channel === 'email' ? email : phone) !== null);
  const hash = email === null ? (phone?.hash ?? null) : keyring.hashRecipient(tenantId, email.mailbox);
  return { invitee, email: email?.address ?? null, phone, hash: channels.length === 0 ? null : hash, channels };
}

function smsNumber(given: string): string | null {
  const parsed = parsePhone(given);
  return parsed.outcome === 'valid' && parsed.takesSms !== 'no' ? parsed.e164 : null;
}

/** The first of the channels; the next one where a mailbox is known to be dead. */
function channelOf({ channels }: Addressed, known: KnownRecipient | null): Channel {
  const isDead = (channel: Channel): boolean => known?.stopped[channel] === 'hard_bounce';
  return channels.find((channel) => !isDead(channel)) ?? channels[0] ?? 'email';
}

/** What the invite says of zone and place counts where it comes from no worse a source than what is known already; never before a member's own zone. */
export function prepareInvitee(row: Addressed, recipients: ReadonlyMap<string, KnownRecipient>, offer: Pick<Offer, 'tenantZone'>): Prepared {
  const known = row.hash === null ? null : (recipients.get(row.hash.toString('hex')) ?? null);
  const { country, phone, region } = row.invitee;
  const given = zonesGiven(row.invitee, offer.tenantZone);
  const keepKnown = known !== null && known.zoneSource !== null && known.zones.length > 0 && (known.hasOwnZone || !isBetterSource(given.source, known.zoneSource));
  const { zones, zoneSource } = keepKnown ? { zones: known.zones, zoneSource: known.zoneSource ?? 'tenant' } : { zones: given.zones, zoneSource: given.source };
  const saysPlace = region !== undefined || country !== undefined || phone !== undefined;
  const said = saysPlace ? recipientPlaces({ region: region ?? null, country: country ?? null, phone: phone ?? null, zones, zoneSource }) : [];
  const kept = known?.places ?? [];
  const places = said.length > 0 && !(keepKnown && kept.length > 0) ? said : keepKnown ? kept : withPlacesOf(kept, { zones, zoneSource });
  const channel = channelOf(row, known);
  const plans = { zones, zoneSource, places, memberQuiet: known?.memberQuiet ?? null, isMinor: known?.isMinor ?? false, channel };
  return { ...row, channel, known, plans, planKey: JSON.stringify(Object.values(plans)) };
}

/** Known places, and those of a new zone that was told and lies outside them all: the law of both counts. */
function withPlacesOf(kept: readonly string[], { zones, zoneSource }: { zones: readonly string[]; zoneSource: ZoneOrigin }): readonly string[] {
  if (kept.length === 0 || (zoneSource !== 'explicit' && zoneSource !== 'device')) return kept;
  const ofZones = recipientPlaces({ zones, zoneSource });
  const isNear = kept.some((place) => ofZones.some((other) => isPlaceWithin(place, other) || isPlaceWithin(other, place)));
  return isNear ? kept : [...kept, ...ofZones].toSorted();
}

/** A region's own zones are fewer than its country's. */
function zonesGiven({ zone, deviceZone, country, region, phone }: Invitee, tenantZone: string): ZoneCandidates {
  const ofRegion = zone === undefined && deviceZone === undefined && region !== undefined ? zonesOfRegion(region) : [];
  if (ofRegion.length > 0) return { zones: ofRegion, source: 'address' };
  return zoneCandidates({ explicit: zone, device: deviceZone, country: country ?? region?.slice(0, 2), phone }, tenantZone);
}

/** The same mailbox or phone, or the inviter's address with another tag behind a plus. */
export function inviterTest(tenantId: TenantId, keyring: Keyring, inviter: Inviter | null): (row: Addressed) => boolean {
  const own = inviter?.emailSealed == null ? null : untagged(keyring.open(tenantId, inviter.emailSealed));
  return ({ email, phone, hash }) => (own !== null && email !== null && (hash?.toString('hex') === inviter?.recipientKey || untagged(email) === own))
    || (phone !== null && phone.hash.toString('hex') === inviter?.phoneKey);
}
