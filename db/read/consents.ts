import type { ConsentId, ContactId, InviteRef, MemberId, TenantId } from '../../src/domain/ids.ts';
import type { Channel } from '../../src/domain/message/channel.ts';
import type { ConsentChannel, PreferenceState, SaidConsent } from '../../src/domain/preference/consent-act.ts';
import { bytesArray } from '../array-params.ts';
import type { Tx } from '../client.ts';
import type { SuppressionReason } from '../schema/people.ts';

/** An address as its keyed hash, and the channel that uses it. */
export type HashedAddress = { channel: Channel; hash: Buffer };

/** One entry of the log; instants in epoch ms. */
export type ConsentView = SaidConsent & { id: ConsentId; address: Channel; recordedAt: number };

/** What people said about these addresses, what was heard last first, after (older than) an id. */
export async function listConsents(tx: Tx, tenantId: TenantId, addresses: readonly HashedAddress[], page: { after: string | null; limit: number }): Promise<ConsentView[]> {
  return tx.sql<ConsentView[]>`
    select c.id, a.channel as address, c.topic, c.channel, c.action, c.basis, c.wording_version as "wordingVersion", c.locale, c.source, c.given_at as "givenAt", c.recorded_at as "recordedAt"
    from ${given(tx, addresses)} join consents c on c.tenant_id = ${tenantId} and c.recipient_hash = a.hash
    ${page.after === null ? tx.sql`` : tx.sql`where c.id < ${page.after}`}
    order by c.id desc limit ${page.limit}`;
}

/** What holds of one address: all it was asked about, and whether nothing goes there at all. */
export type AddressView = {
  address: Channel;
  suppressed: { reason: SuppressionReason; since: number } | null;
  preferences: { topic: string; channel: ConsentChannel; state: PreferenceState; decidedAt: number; consentId: ConsentId }[];
};

export async function readAddresses(tx: Tx, tenantId: TenantId, addresses: readonly HashedAddress[]): Promise<AddressView[]> {
  const rows = await tx.sql<{ address: Channel; topic: string; channel: ConsentChannel; state: PreferenceState; decidedAt: number; consentId: ConsentId }[]>`
    select a.channel as address, p.topic, p.channel, p.state, p.decided_at as "decidedAt", p.consent_id as "consentId"
    from ${given(tx, addresses)} join preferences p on p.tenant_id = ${tenantId} and p.recipient_hash = a.hash order by p.topic, p.channel`;
  const stopped = await tx.sql<{ address: Channel; reason: SuppressionReason; since: number }[]>`
    select a.channel as address, s.reason, s.created_at as since
    from ${given(tx, addresses)} join suppressions s on s.tenant_id = ${tenantId} and s.recipient_hash = a.hash and s.lifted_at is null`;
  return addresses.map(({ channel: address }) => {
    const stop = stopped.find((row) => row.address === address);
    return {
      address,
      suppressed: stop === undefined ? null : { reason: stop.reason, since: stop.since },
      preferences: rows.filter((row) => row.address === address).map(({ topic, channel, state, decidedAt, consentId }) => ({ topic, channel, state, decidedAt, consentId })),
    };
  });
}

type Hashes = { emailHash: Buffer | null; phoneHash: Buffer | null };

/** By which addresses a tenant's own users are reached, by either of their ids; who is unknown is left out. */
export async function addressesOfMembers(tx: Tx, tenantId: TenantId, ids: readonly string[]): Promise<Map<string, HashedAddress[]>> {
  const rows = await tx.sql<(Hashes & { id: MemberId; externalId: string })[]>`
    select m.id, m.external_id as "externalId", c.email_hash as "emailHash", c.phone_hash as "phoneHash"
    from members m left join contacts c on c.id = m.contact_id
    where m.tenant_id = ${tenantId} and (m.id = any(${[...ids]}::text[]) or m.external_id = any(${[...ids]}::text[]))`;
  return new Map(rows.flatMap((row) => [[row.id, addressesIn(row)], [row.externalId, addressesIn(row)]]));
}

/** By which addresses an invite's recipient is reached; null where the invite is unknown, or its recipient was forgotten. */
export async function addressesOfInvite(tx: Tx, tenantId: TenantId, { batchId, n }: InviteRef): Promise<HashedAddress[] | null> {
  const [row] = await tx.sql<(Hashes & { contactId: ContactId | null })[]>`
    select i.contact_id as "contactId", coalesce(c.email_hash, case when i.phone_hash is distinct from i.recipient_hash then i.recipient_hash end) as "emailHash", coalesce(i.phone_hash, c.phone_hash) as "phoneHash"
    from invites i left join contacts c on c.id = i.contact_id
    where i.tenant_id = ${tenantId} and i.batch_id = ${batchId} and i.n = ${n} and i.recipient_hash is not null`;
  return row === undefined ? null : addressesIn(row);
}

function addressesIn({ emailHash, phoneHash }: Hashes): HashedAddress[] {
  return [...(emailHash === null ? [] : [{ channel: 'email' as const, hash: emailHash }]), ...(phoneHash === null ? [] : [{ channel: 'sms' as const, hash: phoneHash }])];
}

function given(tx: Tx, addresses: readonly HashedAddress[]) {
  return tx.sql`unnest(${addresses.map(({ channel }) => channel)}::text[], ${bytesArray(addresses.map(({ hash }) => hash))}::bytea[]) as a (channel, hash)`;
}
