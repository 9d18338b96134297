import type { Person } from '../../src/domain/credit/same-person.ts';
import type { MemberId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';

/** By what members are told apart or found to be one: keyed hashes, no address. Those without any are there, too. */
export async function loadPersons(tx: Tx, memberIds: readonly MemberId[]): Promise<Map<MemberId, Person>> {
  if (memberIds.length === 0) return new Map();
  const rows = await tx.sql<{ id: MemberId; mailbox: string | null; phone: string | null; payments: string[] }[]>`
    select m.id, encode(c.email_hash, 'hex') as mailbox, encode(c.phone_hash, 'hex') as phone,
           array(select distinct encode(p.fingerprint_hash, 'hex') from payments p where p.tenant_id = m.tenant_id and p.member_id = m.id and p.fingerprint_hash is not null) as payments
    from members m left join contacts c on c.id = m.contact_id
    where m.id = any(${memberIds}::text[])`;
  return new Map(rows.map(({ id, mailbox, phone, payments }) => [id, { memberId: id, mailboxes: known(mailbox), contacts: known(phone), payments }]));
}

function known(hash: string | null): string[] {
  return hash === null ? [] : [hash];
}
