import type { InviteRef, TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';

/** An SMS of unknown outcome, as the vendor may be asked about it. Instants in epoch ms. */
export type UnknownSms = InviteRef & {
  step: number;
  attemptId: number;
  claimedAt: number;
  phoneSealed: Uint8Array;
  /** The vendor's ids of other messages of the same invite. */
  others: string[];
};

/** A tenant's SMS of unknown outcome whose try began before an instant; the oldest first, those whose recipient was forgotten left out. */
export async function unknownSms(tx: Tx, { tenantId, before, most }: { tenantId: TenantId; before: number; most: number }): Promise<UnknownSms[]> {
  return tx.sql<UnknownSms[]>`
    select m.batch_id as "batchId", m.n, m.step, m.attempt_id as "attemptId", a.claimed_at as "claimedAt", c.phone_sealed as "phoneSealed",
           array(select o.provider_message_id from messages o where o.batch_id = m.batch_id and o.n = m.n and o.channel = 'sms' and o.provider_message_id is not null) as others
    from messages m
    join attempts a on a.id = m.attempt_id
    join invites i on i.batch_id = m.batch_id and i.n = m.n
    join contacts c on c.id = i.contact_id
    where m.tenant_id = ${tenantId} and m.channel = 'sms' and m.state = 'unknown' and a.claimed_at < ${before} and c.phone_sealed is not null
    order by a.claimed_at, m.batch_id, m.n, m.step limit ${most}`;
}
