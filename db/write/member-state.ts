import type { Keyring } from '../../src/config/keyring.ts';
import type { ContactId, MemberId, TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';
import { memberFields, type MemberFields } from '../read/member-fields.ts';
import type { QuietHours, ZoneSource } from '../schema/people.ts';

/** A member with its contact as stored, sealed, and what a change asks of the contact. */
export type MemberState = MemberFields & {
  contactId: ContactId | null;
  /** The contact's mailbox as stored, whatever the change says. */
  contactEmailHash: Uint8Array | null;
  emailHash: Uint8Array | null;
  emailSealed: Uint8Array | null;
  phoneHash: Uint8Array | null;
  phoneSealed: Uint8Array | null;
  nameSealed: Uint8Array | null;
  contactTouched: boolean;
  /** Said to be empty, not merely unknown: cleared even where an invite's contact has one. */
  phoneCleared: boolean;
  nameCleared: boolean;
};

/** What is to change of one member: left out keeps, null clears. Already judged: every value can be used. */
export type MemberChange = {
  externalId: string;
  email?: { address: string; mailbox: string } | null;
  phone?: string | null;
  name?: string | null;
  locale?: string | null;
  zone?: string | null;
  zoneSource?: ZoneSource | null;
  quietHours?: QuietHours | null;
  birthYear?: number | null;
  isMinor?: boolean;
  /** Of a minor: a parent has allowed what needs it. */
  parentAllows?: boolean;
  /** The whole list; `YYYY-MM-DD`. */
  eventDates?: string[];
  /** ISO 3166-1 or -2, upper case: whose law binds. */
  place?: string | null;
  /** The whole set. */
  attributes?: Record<string, string | number | boolean | null>;
};

/** Members by external id, locked in the order of their external ids. */
export async function loadMembersForUpdate(tx: Tx, tenantId: TenantId, ids: readonly MemberId[]): Promise<Map<string, MemberState>> {
  // Locked first and read after: a join that waits for a lock sees old contacts.
  await tx.sql`select 1 from members where id = any(${ids}::text[]) order by external_id collate "C" for no key update`;
  const rows = await tx.sql<Omit<MemberState, 'contactTouched' | 'phoneCleared' | 'nameCleared'>[]>`
    select ${memberFields(tx)}, m.contact_id as "contactId", c.email_hash as "contactEmailHash",
           c.email_hash as "emailHash", c.email_sealed as "emailSealed", c.phone_hash as "phoneHash", c.phone_sealed as "phoneSealed", c.name_sealed as "nameSealed"
    from members m left join contacts c on c.id = m.contact_id
    where m.tenant_id = ${tenantId} and m.id = any(${ids}::text[])`;
  return new Map(rows.map((row) => [row.externalId, { ...row, contactTouched: false, phoneCleared: false, nameCleared: false }]));
}

/** One change on top of what is known. Pure but for the sealing. */
export function mergeMember(known: MemberState, change: MemberChange, { keyring, tenantId }: { keyring: Keyring; tenantId: TenantId }): MemberState {
  const seal = (text: string | null): Uint8Array | null => (text === null ? null : keyring.seal(tenantId, text));
  const { email, phone, name } = change;
  return {
    ...known,
    ...(email === undefined ? {} : { emailHash: email === null ? null : keyring.hashRecipient(tenantId, email.mailbox), emailSealed: seal(email?.address ?? null) }),
    ...(phone === undefined ? {} : { phoneHash: phone === null ? null : keyring.hashRecipient(tenantId, phone), phoneSealed: seal(phone), phoneCleared: phone === null }),
    ...(name === undefined ? {} : { nameSealed: seal(name), nameCleared: name === null }),
    locale: change.locale === undefined ? known.locale : change.locale,
    zone: change.zone === undefined ? known.zone : change.zone,
    zoneSource: change.zoneSource === undefined ? known.zoneSource : change.zoneSource,
    quietHours: change.quietHours === undefined ? known.quietHours : change.quietHours,
    birthYear: change.birthYear === undefined ? known.birthYear : change.birthYear,
    isMinor: change.isMinor ?? known.isMinor,
    parentAllows: change.parentAllows ?? known.parentAllows,
    eventDates: change.eventDates ?? known.eventDates,
    place: change.place === undefined ? known.place : change.place,
    attributes: change.attributes ?? known.attributes,
    contactTouched: known.contactTouched || email !== undefined || phone !== undefined || name !== undefined || change.locale !== undefined,
  };
}
