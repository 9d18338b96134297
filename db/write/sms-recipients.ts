import type { InviteRef, TenantId } from '../../src/domain/ids.ts';
import { bytesArray } from '../array-params.ts';
import type { Tx } from '../client.ts';

/** To whom an SMS is about to go: `phoneKey` is the keyring's hash of the number that all tenants share. */
export type SmsRecipient = InviteRef & { phoneKey: Uint8Array };

/** Notes to whom SMS are about to go, so that their answers find the tenant that wrote. Call it before they leave. */
export async function noteSmsRecipients(tx: Tx, tenantId: TenantId, recipients: readonly SmsRecipient[], now: number): Promise<void> {
  if (recipients.length === 0) return;
  // In the order of the key, so that two groups never wait for each other in a ring.
  await tx.sql`
    insert into sms_recipients as s (tenant_id, phone_key, batch_id, n, sent_at)
    select distinct on (r.phone_key) ${tenantId}, r.phone_key, r.batch_id, r.n, ${now}
    from unnest(${bytesArray(recipients.map(({ phoneKey }) => phoneKey))}::bytea[], ${recipients.map(({ batchId }) => batchId)}::text[],
                ${recipients.map(({ n }) => n)}::smallint[]) as r (phone_key, batch_id, n)
    order by r.phone_key, r.batch_id desc, r.n desc
    on conflict (tenant_id, phone_key) do update set batch_id = excluded.batch_id, n = excluded.n, sent_at = excluded.sent_at
      where excluded.sent_at >= s.sent_at`;
}
