import type { Keyring } from '../../src/config/keyring.ts';
import { parseEmailAddress } from '../../src/domain/contact/email-address.ts';
import { untagged } from '../../src/domain/contact/untagged.ts';
import type { TenantId } from '../../src/domain/ids.ts';
import { isPlaceWithin } from '../../src/domain/law/known-places.ts';
import { recipientPlaces, zonesOfRegion } from '../../src/domain/law/places.ts';
import { isBetterSource, zoneCandidates, type ZoneCandidates, type ZoneOrigin } from '../../src/domain/zone/zone-candidates.ts';
import type { Inviter, Offer } from '../read/offer.ts';
import type { KnownRecipient } from '../read/recipients.ts';
import type { PlanRecipient } from './plan-for.ts';

/** One invitee as the app gave it. Zones are IANA names, country ISO 3166-1 alpha-2, region ISO 3166-2, phone E.164. */
export type Invitee = {
  email: string;
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

export type Addressed = { invitee: Invitee; address: string | null; hash: Buffer | null };

/** An invitee with what is known of the mailbox; `planKey` is the same for all whose plan is the same. */
export type Prepared = Addressed & { known: KnownRecipient | null; plans: PlanRecipient & { zoneSource: ZoneOrigin }; planKey: string };

export function readAddress(tenantId: TenantId, keyring: Keyring, invitee: Invitee): Addressed {
  const parsed = parseEmailAddress(invitee.email);
  if (parsed.outcome === 'invalid') return { invitee, address: null, hash: null };
  return { invitee, address: parsed.address, hash: keyring.hashRecipient(tenantId, parsed.mailbox) };
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
  const plans = { zones, zoneSource, places, memberQuiet: known?.memberQuiet ?? null, isMinor: known?.isMinor ?? false };
  return { ...row, known, plans, planKey: JSON.stringify(Object.values(plans)) };
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

/** The same mailbox, or the inviter's address with another tag behind a plus. */
export function inviterTest(tenantId: TenantId, keyring: Keyring, inviter: Inviter | null): (row: Addressed) => boolean {
  const own = inviter?.emailSealed == null ? null : untagged(keyring.open(tenantId, inviter.emailSealed));
  return ({ address, hash }) => own !== null && address !== null && (hash?.toString('hex') === inviter?.recipientKey || untagged(address) === own);
}
