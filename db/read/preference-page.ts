import type { BatchId, ContactId, TenantId } from '../../src/domain/ids.ts';
import type { Channel } from '../../src/domain/message/channel.ts';
import { NOTICE_TOPIC } from '../../src/domain/notice/notice-kinds.ts';
import { SMS_CONSENT_BASIS } from '../../src/domain/message/fail-over.ts';
import type { HeldPreference } from '../../src/domain/preference/choices.ts';
import { bytesArray } from '../array-params.ts';
import type { Tx } from '../client.ts';
import type { QuietHours, SuppressionReason, ZoneSource } from '../schema/people.ts';
import { sendsNotices } from './notices-sent.ts';

/** One way to reach a person, with what holds of it. `mayOptIn`: somebody but an inviter says that it is this person's. */
export type ReachedBy = { channel: Channel; hash: Buffer; suppressed: SuppressionReason | null; held: HeldPreference[]; mayOptIn: boolean };
/** What a tenant writes about, by which channels, and the titles of the programs that do. */
export type TopicView = { topic: string; channels: Channel[]; titles: string[] };

export type PreferenceView = {
  tenantName: string;
  fromName: string;
  postalAddress: string;
  contactId: ContactId;
  addresses: ReachedBy[];
  topics: TopicView[];
  /** Who invited last, the latest first; sealed. */
  invitersSealed: Uint8Array[];
  locale: string | null;
  /** The person's own, told by them or by the app; null where it was only inferred. */
  zone: string | null;
  quietHours: QuietHours | null;
};

const MOST_TOPICS = 40;
const INVITERS_SHOWN = 3;

type Row = Omit<PreferenceView, 'addresses' | 'topics' | 'invitersSealed'> & { zoneSource: ZoneSource | null; emailHash: Buffer | null; phoneHash: Buffer | null; phoneIsOwn: boolean };

/** What the preference page of one invite's recipient says; null where the invite is gone or its recipient was forgotten. */
export async function preferenceView(tx: Tx, invite: { tenantId: TenantId; batchId: BatchId; n: number }): Promise<PreferenceView | null> {
  const { tenantId } = invite;
  const [row] = await tx.sql<Row[]>`
    select t.name as "tenantName", t.from_name as "fromName", t.postal_address as "postalAddress", c.id as "contactId",
           c.email_hash as "emailHash", coalesce(i.phone_hash, c.phone_hash) as "phoneHash", coalesce(m.locale, c.locale) as locale,
           coalesce(m.zone, c.zones[1]) as zone, case when m.zone is null then c.zone_source else m.zone_source end as "zoneSource",
           coalesce(m.quiet_hours, c.quiet_hours) as "quietHours",
           m.id is not null or (i.phone_hash is not null and i.consent_basis = ${SMS_CONSENT_BASIS}) or exists (
             select 1 from consents told where told.tenant_id = ${tenantId} and told.recipient_hash = coalesce(i.phone_hash, c.phone_hash) and told.action = 'granted' and told.source <> 'preference_page') as "phoneIsOwn"
    from invites i join tenants t on t.id = i.tenant_id join contacts c on c.id = i.contact_id
    left join lateral (select * from members m where m.contact_id = c.id order by m.id limit 1) m on true
    where i.tenant_id = ${tenantId} and i.batch_id = ${invite.batchId} and i.n = ${invite.n} and i.recipient_hash is not null`;
  if (row === undefined) return null;
  const { emailHash, phoneHash, phoneIsOwn, zoneSource, ...view } = row;
  const hashes = [emailHash, phoneHash].filter((hash) => hash !== null);
  const [held, stopped, topics, inviters] = await Promise.all([heldBy(tx, tenantId, hashes), stoppedOf(tx, tenantId, hashes), topicsOf(tx, tenantId), invitersOf(tx, tenantId, row.contactId)]);
  const reached = (channel: Channel, hash: Buffer | null): ReachedBy[] => (hash === null ? [] : [{
    channel, hash, suppressed: stopped.get(hash.toString('hex')) ?? null, held: held.get(hash.toString('hex')) ?? [], mayOptIn: channel === 'email' || phoneIsOwn,
  }]);
  return {
    ...view,
    zone: zoneSource === 'explicit' || zoneSource === 'device' ? view.zone : null,
    addresses: [...reached('email', emailHash), ...reached('sms', phoneHash)],
    topics,
    invitersSealed: inviters,
  };
}

/** What holds, by the address's hash in hex. */
export async function heldBy(tx: Tx, tenantId: TenantId, hashes: readonly Uint8Array[]): Promise<Map<string, HeldPreference[]>> {
  const rows = await tx.sql<(HeldPreference & { key: string })[]>`
    select encode(recipient_hash, 'hex') as key, topic, channel, state from preferences
    where tenant_id = ${tenantId} and recipient_hash = any(${bytesArray(hashes)}::bytea[]) order by topic, channel`;
  const byKey = new Map<string, HeldPreference[]>();
  for (const { key, ...held } of rows) byKey.set(key, [...(byKey.get(key) ?? []), held]);
  return byKey;
}

async function stoppedOf(tx: Tx, tenantId: TenantId, hashes: readonly Uint8Array[]): Promise<Map<string, SuppressionReason>> {
  const rows = await tx.sql<{ key: string; reason: SuppressionReason }[]>`
    select encode(recipient_hash, 'hex') as key, reason from suppressions
    where tenant_id = ${tenantId} and recipient_hash = any(${bytesArray(hashes)}::bytea[]) and lifted_at is null`;
  return new Map(rows.map(({ key, reason }) => [key, reason]));
}

async function topicsOf(tx: Tx, tenantId: TenantId): Promise<TopicView[]> {
  return tx.sql<TopicView[]>`
    with offered as (
      select p.topic, p.title, v.terms from programs p join program_versions v on v.program_id = p.id and v.version = p.version where p.tenant_id = ${tenantId}
    ), written as (
      select topic, title, ch from offered cross join lateral jsonb_array_elements_text(terms -> 'channels') as ch
      union all
      select ${NOTICE_TOPIC}, title, 'email' from offered where ${sendsNotices(tx, tx.sql`terms`)}
    )
    select topic, array_agg(distinct ch order by ch) as channels, (array_agg(distinct title order by title))[1:4] as titles
    from written group by topic order by topic limit ${MOST_TOPICS}`;
}

async function invitersOf(tx: Tx, tenantId: TenantId, contactId: ContactId): Promise<Uint8Array[]> {
  const rows = await tx.sql<{ nameSealed: Uint8Array }[]>`
    select c.name_sealed as "nameSealed"
    from (select b.member_id, max(b.created_at) as last_at from invites i join invite_batches b on b.id = i.batch_id
          where i.tenant_id = ${tenantId} and i.recipient_hash in (select unnest(array[c.email_hash, c.phone_hash]) from contacts c where c.id = ${contactId})
            and i.contact_id = ${contactId} and b.member_id is not null group by b.member_id) as by
    join members m on m.id = by.member_id join contacts c on c.id = m.contact_id
    where c.name_sealed is not null order by by.last_at desc, m.id limit ${INVITERS_SHOWN}`;
  return rows.map((row) => row.nameSealed);
}
