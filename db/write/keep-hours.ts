import { isPlaceWithin } from '../../src/domain/law/known-places.ts';
import { recipientPlaces } from '../../src/domain/law/places.ts';
import type { BatchId, ContactId, MemberId, TenantId } from '../../src/domain/ids.ts';
import { bytesArray } from '../array-params.ts';
import type { Tx } from '../client.ts';
import type { QuietHours } from '../schema/people.ts';
import { recordDecision } from './decide.ts';
import { markStale } from './mark-stale.ts';
import { lockBatches } from './refresh-next-due.ts';

/** What somebody said of when and how to be written to. Null: nothing of their own. A zone that is left out stays. */
export type OwnHours = { quietHours: QuietHours | null; zone?: string | undefined; locale: string | null };
export type HoursToKeep = OwnHours & { tenantId: TenantId; contactId: ContactId; batchId: BatchId; n: number; now: number };

type Person = { zones: string[]; places: string[]; quietHours: QuietHours | null; ownZone: boolean; locale: string | null; hashes: Buffer[] };

/**
 * Keeps a recipient's own quiet hours, zone and language: with the contact, and with the member that it is, whose own count
 * first. What waits under other hours or another zone is planned again. Repeating it changes nothing.
 */
export async function keepHours(tx: Tx, asked: HoursToKeep): Promise<void> {
  const { contactId, quietHours, zone, locale, now } = asked;
  const members = await lockMembers(tx, contactId);
  const before = await readPerson(tx, contactId);
  const zoneChanges = zone !== undefined && (!before.ownZone || before.zones[0] !== zone || members.some((member) => member.zone !== zone));
  const quietChanges = [before, ...members].some((person) => !sameHours(person.quietHours, quietHours));
  const localeChanges = [before, ...members].some((person) => person.locale !== locale);
  const changed = [...(zoneChanges ? ['zone'] : []), ...(quietChanges ? ['quietHours'] : []), ...(localeChanges ? ['locale'] : [])];
  if (changed.length === 0) return;
  if (zoneChanges || quietChanges) await lockBatches(tx, await batchesTo(tx, before.hashes));
  const zones = zoneChanges ? [zone] : before.zones;
  await tx.sql`
    update contacts set quiet_hours = ${json(quietHours)}::jsonb, locale = ${locale}, zones = ${zones}::text[],
      zone_source = case when ${zoneChanges} then 'explicit' else zone_source end, own_zone = own_zone or ${zoneChanges},
      places = ${zoneChanges ? placesWith(before.places, zone) : before.places}::text[]
    where id = ${contactId}`;
  await tx.sql`
    update members set quiet_hours = ${json(quietHours)}::jsonb, locale = ${locale}, zone = case when ${zoneChanges} then ${zone ?? null} else zone end,
      zone_source = case when ${zoneChanges} then 'explicit' else zone_source end, updated_at = ${now}
    where contact_id = ${contactId}`;
  if (zoneChanges || quietChanges) await markStale(tx, { kind: 'people', recipientHashes: before.hashes, inviterIds: [] }, now);
  await recordDecision(tx, {
    tenantId: asked.tenantId, subjectId: asked.batchId, ns: [asked.n], kind: 'hours_chosen', actor: 'recipient', now,
    rule: 'A recipient\'s own quiet hours and zone bind what waits, too: it is planned again.', inputs: { changed },
  });
}

type MemberHours = { id: MemberId; zone: string | null; quietHours: QuietHours | null; locale: string | null };

/** Members before batches, like everywhere. */
async function lockMembers(tx: Tx, contactId: ContactId): Promise<MemberHours[]> {
  return tx.sql<MemberHours[]>`
    select id, zone, quiet_hours as "quietHours", locale from members where contact_id = ${contactId} order by external_id collate "C" for no key update`;
}

async function readPerson(tx: Tx, contactId: ContactId): Promise<Person> {
  const [row] = await tx.sql<Person[]>`
    select zones, places, quiet_hours as "quietHours", own_zone as "ownZone", locale, array_remove(array[email_hash, phone_hash], null) as hashes
    from contacts where id = ${contactId}`;
  if (row === undefined) throw new Error('a contact that was just read is gone');
  return row;
}

async function batchesTo(tx: Tx, hashes: readonly Uint8Array[]): Promise<BatchId[]> {
  const rows = await tx.sql<{ id: BatchId }[]>`select distinct batch_id as id from invites where recipient_hash = any(${bytesArray(hashes)}::bytea[]) and step is not null`;
  return rows.map((row) => row.id);
}

/** Where nothing was known the zone tells the place; the law of a place that was known goes on to count beside the zone's. */
function placesWith(known: readonly string[], zone: string): readonly string[] {
  if (known.length === 0) return known;
  const ofZone = recipientPlaces({ zones: [zone], zoneSource: 'explicit' });
  const isNear = known.some((place) => ofZone.some((other) => isPlaceWithin(place, other) || isPlaceWithin(other, place)));
  return isNear ? known : [...known, ...ofZone].toSorted();
}

function sameHours(a: QuietHours | null, b: QuietHours | null): boolean {
  const said = (hours: QuietHours | null): string => JSON.stringify((hours ?? []).map(({ start, end }) => [start, end]));
  return said(a) === said(b);
}

function json(hours: QuietHours | null): string | null {
  return hours === null || hours.length === 0 ? null : JSON.stringify(hours);
}
