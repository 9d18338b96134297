import { groupBy } from '../../src/domain/group-by.ts';
import type { ContactId, MemberId, ReferralId, TenantId } from '../../src/domain/ids.ts';
import { bytesArray } from '../array-params.ts';
import type { Tx } from '../client.ts';
import { referralsOfReferee } from '../read/referrals-of-referee.ts';
import { recordDecisions } from './decide.ts';

/** What was learnt of members just now: how they pay, or how they are reached. */
export type LearntBy = 'payment' | 'contact';

/** Members who are one person by this sign: a mailbox, a phone, a means of payment. */
type Sign = { memberId: MemberId; sign: string };

/**
 * Finds referrals in which one of these members turns out to be the other side, too, and marks them; answers those that were not known
 * to be so. Their rewards have to be settled. Two who share a mailbox, a phone or a means of payment are one person.
 */
export async function markSelfReferrals(
  tx: Tx, { tenantId, memberIds, by, now }: { tenantId: TenantId; memberIds: readonly MemberId[]; by: LearntBy; now: number },
): Promise<ReferralId[]> {
  if (memberIds.length === 0) return [];
  const signs = by === 'payment' ? await readMeans(tx, memberIds) : await readContacts(tx, memberIds);
  const pairs = pairsOf(signs, new Set(memberIds));
  if (pairs.length === 0) return [];
  const found = await tx.sql<{ id: ReferralId }[]>`
    select id from referrals
    where tenant_id = ${tenantId} and not self_referral and id = any(array(
      select own.id from unnest(${pairs.map(([one]) => one)}::text[], ${pairs.map(([, other]) => other)}::text[]) as pair (referee_id, referrer_id)
      cross join lateral (${referralsOfReferee(tx, tx.sql`pair.referee_id`)}) own where own.referrer_id = pair.referrer_id))
    order by id for no key update`;
  if (found.length === 0) return [];
  const ids = found.map(({ id }) => id);
  await tx.sql`update referrals set self_referral = true, moved_at = ${now} where id = any(${ids}::text[])`;
  const what = by === 'payment' ? 'means of payment' : 'mailbox or phone';
  await recordDecisions(tx, ids.map((id) => (
    { tenantId, subjectId: id, kind: 'self_referral_found', rule: `Referrer and new member share a ${what}: they are one person.`, inputs: { sameBy: by }, actor: 'events', now })));
  return ids;
}

/** Both ways round: either may have brought the other. */
function pairsOf(signs: readonly Sign[], learntOf: ReadonlySet<MemberId>): [MemberId, MemberId][] {
  return [...groupBy(signs, ({ sign }) => sign).values()].flatMap((alike) => {
    const ids = [...new Set(alike.map(({ memberId }) => memberId))];
    return ids.length < 2 ? [] : ids.flatMap((one) => ids.flatMap((other): [MemberId, MemberId][] => (one !== other && (learntOf.has(one) || learntOf.has(other)) ? [[one, other]] : [])));
  });
}

async function readMeans({ sql }: Tx, memberIds: readonly MemberId[]): Promise<Sign[]> {
  const own = await sql<{ hash: Uint8Array }[]>`
    select distinct fingerprint_hash as hash from payments where tenant_id = current_tenant() and member_id = any(${memberIds}::text[]) and fingerprint_hash is not null`;
  if (own.length === 0) return [];
  return sql<Sign[]>`
    select distinct member_id as "memberId", encode(fingerprint_hash, 'hex') as sign from payments
    where tenant_id = current_tenant() and member_id is not null
      and fingerprint_hash = any(${bytesArray(own.map(({ hash }) => hash))}::bytea[]) and fingerprint_hash is not null`;
}

/** Step by step, each by an index: as one statement it would be planned anew, and badly, while tables are young. */
async function readContacts({ sql }: Tx, memberIds: readonly MemberId[]): Promise<Sign[]> {
  const own = await sql<{ contactId: ContactId; phone: Uint8Array | null }[]>`
    select c.id as "contactId", c.phone_hash as phone from contacts c
    where c.id = any(array(select m.contact_id from members m where m.id = any(${memberIds}::text[]) and m.contact_id is not null))`;
  const phones = own.flatMap(({ phone }) => phone ?? []);
  const alike = phones.length === 0 ? [] : await sql<{ contactId: ContactId; phone: string }[]>`
    select id as "contactId", encode(phone_hash, 'hex') as phone from contacts
    where tenant_id = current_tenant() and phone_hash = any(${bytesArray(phones)}::bytea[]) and phone_hash is not null`;
  const contactIds = [...new Set([...own, ...alike].map(({ contactId }) => contactId))];
  const owners = contactIds.length === 0 ? [] : await sql<{ memberId: MemberId; contactId: ContactId }[]>`
    select id as "memberId", contact_id as "contactId" from members where contact_id = any(${contactIds}::text[])`;
  const phoneOf = new Map(alike.map(({ contactId, phone }) => [contactId, phone]));
  return owners.flatMap(({ memberId, contactId }): Sign[] => {
    const phone = phoneOf.get(contactId);
    return [{ memberId, sign: contactId }, ...(phone === undefined ? [] : [{ memberId, sign: phone }])];
  });
}
