import type { Keyring } from '../../src/config/keyring.ts';
import type { ContactId, InviteRef, TenantId } from '../../src/domain/ids.ts';
import type { Channel } from '../../src/domain/message/channel.ts';
import type { Tx } from '../../db/client.ts';
import type { Person } from '../../db/read/message-context.ts';
import { noteSmsRecipients } from '../../db/write/sms-recipients.ts';

type Message = InviteRef & { channel: Channel; contactId: ContactId };

/** Notes to which phones a group is about to go, so that what they answer (STOP) finds this tenant. */
export async function noteRecipients(tx: Tx, keyring: Keyring, tenantId: TenantId, messages: readonly Message[], people: ReadonlyMap<string, Pick<Person, 'phoneSealed'>>, now: number): Promise<void> {
  const recipients = messages.flatMap(({ batchId, n, channel, contactId }) => {
    const phone = channel === 'sms' ? openPhone(keyring, tenantId, people.get(contactId)?.phoneSealed ?? null) : null;
    return phone === null ? [] : [{ batchId, n, phoneKey: keyring.hashPhone(phone) }];
  });
  await noteSmsRecipients(tx, tenantId, recipients, now);
}

/** One that cannot be opened is refused when its text is written; it must not stop its group here. */
function openPhone(keyring: Keyring, tenantId: TenantId, sealed: Uint8Array | null): string | null {
  try {
    return sealed === null ? null : keyring.open(tenantId, sealed);
  } catch {
    return null;
  }
}
