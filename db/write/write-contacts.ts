import { newId } from '../../src/config/new-id.ts';
import type { ContactId, TenantId } from '../../src/domain/ids.ts';
import { bytesArray } from '../array-params.ts';
import type { Tx } from '../client.ts';
import type { MemberState } from './member-state.ts';

/**
 * Writes the contacts of changed members and answers the members with their contact's id. A mailbox has one contact a
 * tenant: a changed address moves the member to that mailbox's contact (made when missing) and leaves the old one to
 * the invites that were addressed to it.
 */
export async function writeContacts(tx: Tx, tenantId: TenantId, members: readonly MemberState[], now: number): Promise<MemberState[]> {
  const touched = members.filter((member) => member.contactTouched);
  const byMailbox = await writeMailboxContacts(tx, tenantId, touched, now);
  const plain = touched.filter((member) => member.emailHash === null).map((member) => ({ ...member, contactId: plainContactId(member, now) }));
  await writePlainContacts(tx, tenantId, plain, now);
  await clearContacts(tx, touched, byMailbox);
  const plainIds = new Map(plain.map((member) => [member.id, member.contactId]));
  return members.map((member) => {
    if (!member.contactTouched) return member;
    const contactId = member.emailHash === null ? plainIds.get(member.id) : byMailbox.get(hex(member.emailHash));
    return { ...member, contactId: contactId ?? null };
  });
}

/** In the order of the mailboxes' hashes: two who write the same ones never wait for each other in a ring. */
async function writeMailboxContacts(tx: Tx, tenantId: TenantId, members: readonly MemberState[], now: number): Promise<Map<string, ContactId>> {
  const wanted = new Map(members.flatMap((member) => (member.emailHash === null ? [] : [[hex(member.emailHash), member]])));
  const rows = [...wanted].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, member]) => member);
  if (rows.length === 0) return new Map();
  const written = await tx.sql<{ id: ContactId; mailbox: string }[]>`
    insert into contacts as c (id, tenant_id, email_hash, email_sealed, phone_hash, phone_sealed, name_sealed, locale, created_at)
    select r.id, ${tenantId}, r.email_hash, r.email_sealed, r.phone_hash, r.phone_sealed, r.name_sealed, r.locale, ${now}
    from unnest(${rows.map(() => newId('cnt', now))}::text[], ${bytesArray(rows.map((r) => r.emailHash))}::bytea[], ${bytesArray(rows.map((r) => r.emailSealed))}::bytea[],
                ${bytesArray(rows.map((r) => r.phoneHash))}::bytea[], ${bytesArray(rows.map((r) => r.phoneSealed))}::bytea[], ${bytesArray(rows.map((r) => r.nameSealed))}::bytea[],
                ${rows.map((r) => r.locale)}::text[]) with ordinality as r (id, email_hash, email_sealed, phone_hash, phone_sealed, name_sealed, locale, place)
    order by r.place
    on conflict (tenant_id, email_hash) do update set
      email_sealed = excluded.email_sealed,
      phone_hash = coalesce(excluded.phone_hash, c.phone_hash), phone_sealed = coalesce(excluded.phone_sealed, c.phone_sealed),
      name_sealed = coalesce(excluded.name_sealed, c.name_sealed), locale = coalesce(excluded.locale, c.locale)
    returning c.id, encode(c.email_hash, 'hex') as mailbox`;
  return new Map(written.map((row) => [row.mailbox, row.id]));
}

/** A contact without a mailbox belongs to one member; what was one with a mailbox stays behind. */
function plainContactId(member: MemberState, now: number): ContactId | null {
  if (member.contactId !== null && member.contactEmailHash === null) return member.contactId;
  return member.phoneHash === null && member.nameSealed === null ? null : newId('cnt', now);
}

async function writePlainContacts(tx: Tx, tenantId: TenantId, members: readonly MemberState[], now: number): Promise<void> {
  const rows = members.filter((member) => member.contactId !== null);
  if (rows.length === 0) return;
  await tx.sql`
    insert into contacts as c (id, tenant_id, phone_hash, phone_sealed, name_sealed, locale, created_at)
    select r.id, ${tenantId}, r.phone_hash, r.phone_sealed, r.name_sealed, r.locale, ${now}
    from unnest(${rows.map((r) => r.contactId)}::text[], ${bytesArray(rows.map((r) => r.phoneHash))}::bytea[], ${bytesArray(rows.map((r) => r.phoneSealed))}::bytea[],
                ${bytesArray(rows.map((r) => r.nameSealed))}::bytea[], ${rows.map((r) => r.locale)}::text[]) as r (id, phone_hash, phone_sealed, name_sealed, locale)
    on conflict (id) do update set
      phone_hash = excluded.phone_hash, phone_sealed = excluded.phone_sealed, name_sealed = excluded.name_sealed, locale = excluded.locale`;
}

/** A phone or name that was said to be empty goes from the mailbox's contact, too. */
async function clearContacts(tx: Tx, members: readonly MemberState[], byMailbox: ReadonlyMap<string, ContactId>): Promise<void> {
  const idsOf = (cleared: (member: MemberState) => boolean): ContactId[] => members.flatMap((member) => {
    const id = member.emailHash === null || !cleared(member) ? undefined : byMailbox.get(hex(member.emailHash));
    return id === undefined ? [] : [id];
  });
  const phones = idsOf((member) => member.phoneCleared && member.phoneHash === null);
  const names = idsOf((member) => member.nameCleared && member.nameSealed === null);
  if (phones.length > 0) await tx.sql`update contacts set phone_hash = null, phone_sealed = null where id = any(${phones}::text[])`;
  if (names.length > 0) await tx.sql`update contacts set name_sealed = null where id = any(${names}::text[])`;
}

function hex(hash: Uint8Array): string {
  return Buffer.from(hash).toString('hex');
}
