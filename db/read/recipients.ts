import type { BatchId, ContactId, InviteRef, MemberId, TenantId } from '../../src/domain/ids.ts';
import type { Channel } from '../../src/domain/message/channel.ts';
import type { ZoneOrigin } from '../../src/domain/zone/zone-candidates.ts';
import { bytesArray } from '../array-params.ts';
import type { Tx } from '../client.ts';
import type { QuietHours } from '../schema/people.ts';
import { hasGranted, optedOut } from './consent.ts';
import { located, whereabouts } from './whereabouts.ts';

/** What is known of one recipient of a tenant. */
export type KnownRecipient = {
  contactId: ContactId | null;
  zones: readonly string[];
  zoneSource: ZoneOrigin | null;
  /** A member's own zone, or one that the recipient chose: no invite knows better. */
  hasOwnZone: boolean;
  places: readonly string[];
  isMinor: boolean;
  memberId: MemberId | null;
  memberQuiet: QuietHours | null;
  /** Why nothing may be sent on a channel: a suppression's reason, or `opted_out`; null: it may. */
  stopped: Record<Channel, string | null>;
  /** Is an opt-in to SMS about this topic on record? */
  wantsSms: boolean;
  cooling: InviteRef | null;
};

/** A person by the keyed hash of the mailbox (without one: of the phone), and the phone's where an SMS is possible. */
export type AskedRecipient = { hash: Buffer; phoneHash: Buffer | null };

type Row = Omit<KnownRecipient, 'cooling' | 'stopped'> & { key: string; stoppedEmail: string | null; stoppedSms: string | null; coolingBatch: BatchId | null; coolingN: number | null };

/** Looks recipients up by their keyed hashes, for messages about a topic; the answer is keyed by the hash in hex. Unknown ones are in it too. */
export async function loadRecipients(tx: Tx, of: { tenantId: TenantId; topic: string; recipients: readonly AskedRecipient[]; now: number }): Promise<Map<string, KnownRecipient>> {
  const { tenantId, recipients, now } = of;
  if (recipients.length === 0) return new Map();
  const topic = tx.sql`${of.topic}::text`;
  const [mailbox, phone] = [tx.sql`h.hash`, tx.sql`h.phone`];
  const rows = await tx.sql<Row[]>`
    select encode(h.hash, 'hex') as key, c.id as "contactId",
           ${whereabouts(tx)}, (m.zone is not null or coalesce(c.own_zone, false)) as "hasOwnZone",
           m.id as "memberId",
           coalesce(s.reason, case when ${optedOut(tx, { tenantId, hash: mailbox, topic, channel: tx.sql`'email'` })} then 'opted_out' end) as "stoppedEmail",
           case when h.phone is not null then coalesce(
             (select p.reason from suppressions p where p.tenant_id = ${tenantId} and p.recipient_hash = h.phone and p.lifted_at is null),
             nullif(s.reason, 'hard_bounce'), case when ${optedOut(tx, { tenantId, hash: phone, topic, channel: tx.sql`'sms'` })}
               or ${optedOut(tx, { tenantId, hash: mailbox, topic, channel: tx.sql`'sms'` })} then 'opted_out' end) end as "stoppedSms",
           case when h.phone is not null then ${hasGranted(tx, { tenantId, hash: phone, topic, channel: tx.sql`'sms'` })} else false end as "wantsSms",
           k.batch_id as "coolingBatch", k.n as "coolingN"
    from unnest(${bytesArray(recipients.map(({ hash }) => hash))}::bytea[], ${bytesArray(recipients.map(({ phoneHash }) => phoneHash))}::bytea[]) as h (hash, phone)
    left join lateral (
      select * from (
        select c.*, 0 as rank from contacts c where c.tenant_id = ${tenantId} and c.email_hash = h.hash
        union all
        select c.*, 1 from contacts c where h.phone = h.hash and c.tenant_id = ${tenantId} and c.phone_hash = h.phone) c
      -- Of several with one phone, a member's before others.
      order by rank, not exists (select 1 from members own where own.contact_id = c.id), id limit 1
    ) c on true
    left join lateral (select * from members m where m.contact_id = c.id order by m.id limit 1) m on true
    left join suppressions s on s.tenant_id = ${tenantId} and s.recipient_hash = h.hash and s.lifted_at is null
    left join cooling k on k.tenant_id = ${tenantId} and k.recipient_hash = h.hash and k.until > ${now}`;
  return new Map(rows.map(({ key, coolingBatch, coolingN, stoppedEmail, stoppedSms, ...row }) => [
    key,
    { ...located(row), stopped: { email: stoppedEmail, sms: stoppedSms }, cooling: coolingBatch === null || coolingN === null ? null : { batchId: coolingBatch, n: coolingN } },
  ]));
}
