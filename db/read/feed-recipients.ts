import type { MemberId, TenantId } from '../../src/domain/ids.ts';
import type { ZoneOrigin } from '../../src/domain/zone/zone-candidates.ts';
import type { Tx } from '../client.ts';
import type { QuietHours } from '../schema/people.ts';
import { located, whereabouts } from './whereabouts.ts';

/** A member to whom something of a topic is to be shown or pushed. */
export type FeedRecipient = {
  memberId: MemberId;
  externalId: string;
  zones: readonly string[];
  zoneSource: ZoneOrigin | null;
  places: readonly string[];
  isMinor: boolean;
  memberQuiet: QuietHours | null;
  /** Nothing of the topic is to be shown. */
  inAppOff: boolean;
  /** Nothing of the topic is to be pushed: said of pushes, or for an address of the member's of all channels. */
  pushOff: boolean;
  /** Nobody is to write to the person; a mailbox that is gone forbids no push. */
  isSuppressed: boolean;
  /** Of the mailbox, else of the phone: by which messages on other channels are counted; null: neither is known. */
  recipientHash: Buffer | null;
};

/** By place in what was asked; who is no member of the tenant's is not there. */
export async function feedRecipients(tx: Tx, { tenantId, asked }: { tenantId: TenantId; asked: readonly { memberId: MemberId; topic: string }[] }): Promise<Map<number, FeedRecipient>> {
  const rows = await tx.sql<(FeedRecipient & { place: number })[]>`
    select asked.place::int - 1 as place, m.id as "memberId", m.external_id as "externalId", ${whereabouts(tx)},
           ${choseOff(tx, 'in_app')} as "inAppOff",
           ${choseOff(tx, 'push')} or exists (
             select 1 from preferences p where p.tenant_id = ${tenantId} and p.recipient_hash in (c.email_hash, c.phone_hash)
               and p.topic in ('*', asked.topic) and p.channel = '*' and p.state = 'out') as "pushOff",
           exists (select 1 from suppressions s where s.tenant_id = ${tenantId} and s.recipient_hash = c.email_hash and s.lifted_at is null and s.reason <> 'hard_bounce') as "isSuppressed",
           coalesce(c.email_hash, c.phone_hash) as "recipientHash"
    from unnest(${asked.map(({ memberId }) => memberId)}::text[], ${asked.map(({ topic }) => topic)}::text[]) with ordinality as asked (member_id, topic, place)
    join members m on m.tenant_id = ${tenantId} and m.id = asked.member_id
    left join contacts c on c.id = m.contact_id`;
  return new Map(rows.map(({ place, ...recipient }) => [place, located(recipient)]));
}

/** Every opt-out that covers the topic counts; it ends by an opt-in to the very same. */
function choseOff(tx: Tx, channel: 'in_app' | 'push') {
  return tx.sql`exists (
    select 1 from feed_choices o where o.tenant_id = m.tenant_id and o.member_id = m.id and o.topic in ('*', asked.topic) and o.channel = ${channel} and o.state = 'out')`;
}
